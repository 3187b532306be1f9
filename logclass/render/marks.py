"""Changes, onset and recovery as marks of the timeline: their lines and their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logclass.render import labels

if TYPE_CHECKING:
    from logclass.render.timeline import Axis, Layout

LANE_HEIGHT = 19.0
UNIT_WIDTH = 72.0  # of the axis, beside the lowest lane
_CROWD, _BYSTANDER = 8, 3
_BOLD = 1.08
_TOGETHER = 10.0  # changes nearer than this share one label
_ALSO = 3  # further letters a label names
_SHORTER = (24, 16)  # letters of a label that has less room than it wants


@dataclass(frozen=True, slots=True)
class Event:
    """Something marked on the time axis: a change, the onset, the recovery."""

    time: float  # seconds since the epoch
    low: float  # its interval or its length; both `time` where it has none
    high: float
    text: str
    short: str
    style: str
    rank: int
    href: str = ""  # where the page says more of it


def placed(layout: Layout, axis: Axis, events: list[Event]) -> list[dict[str, Any]]:
    """Return each event with its label and where that stands; "" where it has none."""
    also = _together(axis, events)
    texts = [
        [] if more is None else _label(event, more, layout)
        for event, more in zip(events, also, strict=True)
    ]
    wanted = [
        labels.Mark(
            axis.x(event.time),
            tuple(len(text) * layout.letter * _boldness(event) for text in choices),
            event.rank,
        )
        for event, choices in zip(events, texts, strict=True)
    ]
    places = labels.place(wanted, axis.right + 16, max(axis.left, UNIT_WIDTH))
    return [
        {
            "event": event,
            "text": choices[place.choice] if place else "",
            "lane": place.lane if place else -1,
            "left": bool(place and place.left),
        }
        for event, choices, place in zip(events, texts, places, strict=True)
    ]


def _boldness(event: Event) -> float:
    """Return by how much its letters are wider: what played a part is set in bold."""
    return _BOLD if event.rank < _BYSTANDER else 1.0


def _together(axis: Axis, events: list[Event]) -> list[list[str] | None]:
    """Return the letters of further changes each label speaks for; None where another's does."""
    out: list[list[str] | None] = [[] for _ in events]
    changes = [i for i, event in enumerate(events) if event.style.startswith("change")]
    leads: list[int] = []
    for index in sorted(changes, key=lambda i: (events[i].rank, i)):
        x = axis.x(events[index].time)
        lead = next((i for i in leads if abs(axis.x(events[i].time) - x) <= _TOGETHER), None)
        if lead is None:
            leads.append(index)
        else:
            out[index] = None
            out[lead] = [*(out[lead] or ()), events[index].short]
    return out


def _label(event: Event, also: list[str], layout: Layout) -> list[str]:
    """Return what the label may say, best first; `also` are letters that stand beside its own."""
    letters = [event.short, *also[:_ALSO]] + ["+"] * (len(also) > _ALSO)
    short = " ".join(letters)
    if layout.label_letters < 10 or not event.short:
        return [short]
    text = f"{event.short} {event.text}".strip()
    rest = ", ".join(["", *letters[1:]])
    cuts = [layout.label_letters, *(n for n in _SHORTER if n < layout.label_letters)]
    return [*dict.fromkeys(_cut(text, most) + rest for most in cuts), short]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def drawn(marks: list[dict[str, Any]], axis: Axis) -> list[dict[str, Any]]:
    """Return the marks as the template wants them."""
    crowded = len(marks) > _CROWD
    out = []
    for mark in marks:
        event: Event = mark["event"]
        x, low, high = axis.x(event.time), axis.x(event.low), axis.x(event.high)
        out.append(
            {
                "style": event.style,
                "href": event.href,
                "title": f"{event.short} {event.text}".strip(),
                "x": x,
                "low": low,
                "high": high,
                "band": event.high > event.low,
                "top": 4 + LANE_HEIGHT * mark["lane"] if mark["text"] else axis.top,
                # in a crowd, changes that played no part do not cross the bars
                "bottom": axis.top + 9 if crowded and event.rank >= _BYSTANDER else axis.bottom,
                "text": mark["text"],
                "text_x": x - 6 if mark["left"] else x + 6,
                "anchor": "end" if mark["left"] else "start",
                "text_y": 4 + LANE_HEIGHT * mark["lane"] + 11,
            }
        )
    return out
