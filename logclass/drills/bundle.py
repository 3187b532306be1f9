"""A run world -> the files of a bundle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logclass.drills import lines, records, witnesses
from logclass.drills.parts import Event, Note

if TYPE_CHECKING:
    from logclass.drills.lines import Style
    from logclass.drills.run import Ran
    from logclass.drills.world import World

LOG_FORMS = ("plain", "json", "cloudwatch-plain", "cloudwatch-json")
_ORDINARY = (
    ("warning", "slow query took 1240 ms"),
    ("warning", "retrying call to inventory: read timed out"),
    ("error", "upstream returned 502 for /v2/prices"),
    ("info", "cache warmed in 312 ms"),
    ("error", "deadlock detected, transaction rolled back"),
    ("info", "published 14 messages"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a service's log."""

    time: float  # true time: when a store takes it in
    shown: float  # the time that stands on it
    service: int
    instance: str
    text: str


def write(world: World, ran: Ran, log_form: str, change_form: str) -> dict[str, bytes]:
    """Return {path in the bundle: bytes}."""
    rng = world.random
    form = rng.choice(LOG_FORMS) if log_form == "any" else log_form
    needs_instance = world.cause in {"clock_skew", "partial_rollout"} and rng.random() < 0.9
    inner = "json" if form.endswith("json") else "plain"
    style = lines.choose(rng, inner, must_tell_instance=needs_instance)
    _add_everyday(world, ran)
    written = _spoilt(world, _written(world, ran, style))
    files = _cloudwatch(world, written) if form.startswith("cloudwatch") else _files(world, written)
    if world.strip or rng.random() < 0.45:
        files["gateway/access.log"] = witnesses.nginx(ran)
    if rng.random() < 0.25:
        files["sentry-events.json"] = witnesses.sentry(world, ran)
    if world.cause == "refresh_failure" or rng.random() < 0.6:
        files["identity-provider.log"] = witnesses.issuer(world, ran)
    chosen = rng.choice(records.FORMS) if change_form == "any" else change_form
    files.update(records.write(world, chosen))
    world.quirks.update({f"logs {form}", f"changes {chosen}", *_lacks(style)})
    return files


def _lacks(style: Style) -> list[str]:
    lacks = {
        "no instance": not style.has_instance,
        "no successes": not style.has_successes,
        "no kid": not style.has_context,
    }
    return [name for name, holds in lacks.items() if holds]


def _add_everyday(world: World, ran: Ran) -> None:
    rng = world.random
    every = rng.choice((60, 120, 300))
    for number, service in enumerate(world.services):
        for place in range(len(service.slots)):
            time = world.start + rng.uniform(0, every)
            while time < world.end:
                fields: tuple[tuple[str, str | int], ...] = (("path", "/healthz"), ("status", 200))
                ran.notes.append(Note(time, number, place, "info", "health check", fields))
                time += every
    count = int(len(ran.events) * rng.choice((0.001, 0.005, 0.02)))
    for _ in range(count):
        number = rng.randrange(len(world.services))
        place = rng.randrange(len(world.services[number].slots))
        level, text = rng.choice(_ORDINARY)
        ran.notes.append(Note(rng.uniform(world.start, world.end), number, place, level, text))


def shown_time(world: World, what: Event | Note) -> float:
    """Return the time that stands on the line of an event."""
    if world.is_stamped_centrally:
        return what.time
    slot = world.services[what.service].slots[what.slot]
    return what.time + slot.offset(what.time)


def _written(world: World, ran: Ran, style: Style) -> list[Line]:
    out = []
    for event in ran.events:
        service = world.services[event.service]
        slot = service.slots[event.slot]
        shown = shown_time(world, event)
        name = slot.names.at(event.time)
        found = lines.of_event(event, service, slot, style, shown)
        out += [Line(event.time, shown, event.service, name, text) for text in found]
    for note in ran.notes:
        if world.start <= note.time < world.end:
            service = world.services[note.service]
            slot = service.slots[note.slot]
            shown = shown_time(world, note)
            text = lines.of_note(note, service, slot, style, shown)
            name = slot.names.at(note.time + lines.BEFORE)
            out.append(Line(note.time, shown, note.service, name, text))
    out.sort(key=lambda line: (line.shown, line.service))
    return out


def _spoilt(world: World, written: list[Line]) -> list[Line]:
    """Do to the lines what shipping does to some exports: gaps, lines that come late."""
    rng = world.random
    chance = rng.random()
    if chance < 0.08:
        world.quirks.add("gap")
        begin = rng.uniform(world.start, world.end - 1200)
        if abs(begin - world.at) < 2400:  # the fault itself is in the export
            begin = world.start + 60
        length = rng.uniform(240, 900)
        return [line for line in written if not begin <= line.time < begin + length]
    if chance < 0.18:
        world.quirks.add("late lines")
        late = [(line.shown + rng.expovariate(1 / 3.0), line) for line in written]
        late.sort(key=lambda pair: pair[0])
        return [line for _, line in late]
    if chance < 0.24:
        world.quirks.add("part exported twice")
        third = len(written) // 3
        return written[: 2 * third] + written[third:]
    return written


def _files(world: World, written: list[Line]) -> dict[str, bytes]:
    by_instance = world.random.random() < 0.4
    parts: dict[str, list[str]] = {}
    for line in written:
        service = world.services[line.service].name
        name = f"{service}/{line.instance}.log" if by_instance else f"{service}.log"
        parts.setdefault(name, []).append(line.text)
    if "part exported twice" in world.quirks:
        parts = _in_two_files(parts)
    return {name: ("\n".join(found) + "\n").encode() for name, found in parts.items()}


def _in_two_files(parts: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return each file with its repeats in a second one, as two exports of one log are."""
    out: dict[str, list[str]] = {}
    for name, found in parts.items():
        cut = len(found) // 2
        out[name] = found[:cut]
        out[f"later/{name}"] = found[cut:]
    return out


def _cloudwatch(world: World, written: list[Line]) -> dict[str, bytes]:
    events = []
    ids: dict[Line, int] = {}
    for count, line in enumerate(written):
        service = world.services[line.service].name
        is_ecs = world.platform == "ecs"
        milliseconds = int(line.shown * 1000)
        number = ids.setdefault(line, count)
        event = {
            "logStreamName": f"ecs/{service}/{line.instance}" if is_ecs else line.instance,
            "timestamp": milliseconds,
            "message": line.text,
            "ingestionTime": int(line.time * 1000) + 400 + number % 1700,
            "eventId": f"{3 * 10**55 + milliseconds * 10**12 + number}",
        }
        events.append(json.dumps(event))
    body = ",\n  ".join(events)  # json.dumps with an indent is slow
    document = f'{{"events": [\n  {body}\n ],\n "searchedLogStreams": []}}\n'
    return {"filter-log-events.json": document.encode()}
