"""The report for a ticket: GitHub-flavoured Markdown, short, every value inert."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from logclass.render import rows, terms, verdict, words
from logclass.render.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logclass.model import Report

_ROWS = 8
_STEPS = 3
_LONGEST = 160
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$!])")


def render(report: Report) -> str:
    """Return verdict, onset and recovery, claim delta, changes and next steps, per incident."""
    document = report.document
    lines: list[str] = []
    for number, incident in enumerate(document["incidents"], 1):
        lines += _incident(incident, number, document)
    if not document["incidents"]:
        lines += _quiet(document)
    lines += _read(document)
    return "\n".join(lines) + "\n"


def text(value: str) -> str:
    """Return text that Markdown shows as it is: no markup, no HTML, no mention, on one line."""
    flat = " ".join(str(visible(value)).split())
    escaped = html.escape(_SPECIAL.sub(r"\\\1", flat), quote=False)
    # a zero-width space keeps @names and #numbers from becoming mentions and links
    return re.sub(r"([@#])(?=\w)", "\\1\u200b", escaped).replace("://", ":\u200b//")


def code(value: str) -> str:
    """Return a value as a code span that holds in prose and in a table cell."""
    flat = " ".join(str(visible(value)).split())
    flat = flat if len(flat) <= _LONGEST else flat[:_LONGEST] + "\u2026"
    if not flat:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if flat[0] == "`" or flat[-1] == "`" else ""
    return f"{fence}{pad}{flat}{pad}{fence}".replace("|", "\\|")


def prose(value: str) -> str:
    """Return a sentence with its `code` between backticks as code spans."""
    parts = value.split("`")
    if len(parts) % 2 == 0:  # a backtick without its pair stays what it is
        parts[-2:] = ["`".join(parts[-2:])]
    # text() trims, so a mark holds the blanks beside code until the line is whole
    spaced = [
        code(part) if i % 2 else re.sub(r"^\s|\s$", "\0", part) for i, part in enumerate(parts)
    ]
    return "".join(
        part if i % 2 else " ".join(text(piece) for piece in part.split("\0"))
        for i, part in enumerate(spaced)
    ).strip()


def _incident(incident: Mapping[str, Any], number: int, document: Mapping[str, Any]) -> list[str]:
    day, every = words.date(incident["onset"]), len(document["incidents"])
    lines = ["## " + (f"Incident {number}: " if every > 1 else "") + text(incident["headline"]), ""]
    cause = incident["causes"][0] if incident["causes"] else None
    if cause:
        verdict = f"{cause['grade'].capitalize()}: {terms.cause_title(cause['cause'])}"
        lines.append(f"**{text(verdict)}** (probability {words.percent(cause['probability'])})  ")
    rejected = f"{words.number(_total(incident))}, peak {words.number(incident['peak_per_minute'])}"
    usual = words.usual(incident.get("baseline_per_minute"))
    lines += [
        f"**Onset** {_when(incident['onset'], incident['onset_interval'])}  ",
        f"**Recovery** {_recovery(incident)}  ",
        f"**Rejected requests** {rejected} a minute{', usually ' + usual if usual else ''}  ",
        f"**Affected** {_names(incident['services'])}"
        + (f" on {_names(incident['instances'])}" if incident["instances"] else ""),
        "",
        *_why(incident),
    ]
    lines += _delta(incident["claim_delta"], words.sampled(document["intake"]))
    lines += _changes(incident, day)
    lines += _steps(incident["runbook"], is_over=bool(incident["recovery"]))
    return lines


def _why(incident: Mapping[str, Any]) -> list[str]:
    told, step = verdict.because(incident), verdict.first_step(incident)
    nearest = [f"{one['title']} {one['percent']}" for one in verdict.nearest(incident)]
    lines = [
        *(f"- **Because** {prose(line)}" for line in told["for"]),
        *(f"- **Against it** {prose(line)}" for line in told["against"]),
        *([f"- **Or else** {text(', '.join(nearest))}"] if nearest else []),
        *([f"- **{step['label']}** {prose(step['text'])}"] if step["text"] else []),
    ]
    return [*lines, ""] if lines else []


def _total(incident: Mapping[str, Any]) -> int:
    given = incident.get("rejections")
    return sum(row["count"] for row in incident["reasons"]) if given is None else int(given)


def _when(point: object, interval: Sequence[object] | None) -> str:
    low, high = interval or (None, None)
    between = f" ({words.between((low, high))})" if words.between((low, high)) else ""
    return text(f"{words.point(point, interval, day='')} UTC{between}")


def _recovery(incident: Mapping[str, Any]) -> str:
    if not incident["recovery"]:
        return "not yet: still failing when the data ends"
    return _when(incident["recovery"], incident["recovery_interval"])


def _names(names: Sequence[str]) -> str:
    kept, more = words.listed(names, 4)
    return ", ".join(code(rows.brief(name)) for name in kept if name) + (
        f" and {more} more" if more else ""
    )


def _delta(rows: Sequence[Mapping[str, Any]], sampled: str) -> list[str]:
    body = [
        (
            code(row["claim"]),
            _values(row["expected"]),
            _values(row["actual"]),
            text(terms.STATE.get(row["state"], row["state"])),
            words.number(row["count"]),
        )
        for row in rows[:_ROWS]
    ]
    head = ("Claim", "Expected", "Actual", "State", "Rejected")
    lines = _table("Claims", head, body, len(rows))
    if lines and sampled:
        lines += [f"Rejected: estimates from a uniform sample, {sampled} of the requests", ""]
    return lines


def _values(values: Sequence[str]) -> str:
    kept, more = words.listed(values, 4)
    shown = "<br>".join(code(value) or "(empty)" for value in kept)
    return (shown + (f"<br>and {more} more" if more else "")) or "\u2013"


def _changes(incident: Mapping[str, Any], day: str) -> list[str]:
    body = [
        (
            text(words.moment(row["time"], day=day)),
            text(words.lag(row, incident)),
            f"{text(terms.KIND.get(row['kind'], row['kind']))} {code(row['target'])}".strip(),
            code(row["id"]),
            text(row["verdict"]),
            _because(row),
        )
        for row in incident["changes"][:_ROWS]
    ]
    head = ("Time (UTC)", "Lag", "Change", "Record", "Verdict", "Because")
    return _table("Changes", head, body, len(incident["changes"]))


def _because(row: Mapping[str, Any]) -> str:
    if row["vetoed_because"]:
        return text(row["vetoed_because"])
    weighed = [one for one in row.get("evidence", []) if one["text"] and one.get("log_odds")]
    if not weighed:
        return ""
    told = max(
        weighed, key=lambda one: one["log_odds"] * (-1 if row["verdict"] == "unrelated" else 1)
    )
    return f"{prose(words.unweighed(told['text']))} {words.odds(told['log_odds'])}".strip()


def _table(title: str, head: Sequence[str], body: Sequence[Iterable[str]], every: int) -> list[str]:
    if not body:
        return []
    lines = [f"### {title}", "", f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    lines += [f"| {' | '.join(row)} |" for row in body]
    if every > len(body):
        lines += ["", f"and {every - len(body)} more"]
    return [*lines, ""]


def _steps(runbook: Mapping[str, Sequence[str]], *, is_over: bool) -> list[str]:
    steps = [(name, runbook.get(key) or ()) for key, name in terms.STEP.items()]
    if is_over:  # what stops it comes last, for the case that it returns
        steps = [*steps[1:], (f"{steps[0][0]} if it returns", steps[0][1])]
    lines = [
        f"- **{name}** {prose(item)}" for name, items in steps for item in list(items)[:_STEPS]
    ]
    return ["### Next steps", "", *lines, ""] if lines else []


def _quiet(document: Mapping[str, Any]) -> list[str]:
    rejected = sum(row["count"] for row in document["counts"])
    quiet = document.get("quiet") or {}
    can_tell = quiet.get("can_tell", True)
    usual = ", at no time more than usual" if can_tell else ""
    return [
        "## No incident " + ("in this bundle" if can_tell else "found, but too little to tell"),
        "",
        f"{words.plural(rejected, 'rejected request')}{usual}. "
        + text(quiet.get("smallest_visible", "")),
        "",
    ]


def _read(document: Mapping[str, Any]) -> list[str]:
    window, intake = document["window"], document["intake"]
    span = words.span(window["start"], window["end"])
    assumed = document["timezone_assumed"]
    parts = [
        f"{words.number(intake['events'])} events in "
        + words.plural(len(intake["sources"]), "source"),
        text(f"{words.date(window['start'])} {span} UTC") if span else "no times",
        words.plural(intake["faults"], "fault"),
    ]
    if assumed:
        parts.append(f"times without a zone read as {text(assumed)}")
    tool = document["tool"]
    return [f"<sub>{'; '.join(parts)}. {text(tool['name'])} {text(tool['version'])}</sub>"]
