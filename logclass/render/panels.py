"""Measurements of any shape (split, key ledger, decay) as facts and tables.

Their keys are free in the document, so the page shows whatever a measurement holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from logclass.render import words

ROWS = 12
_IN_CELL = 4
# whose clock is off, where it is no instance's
_OF = {"issuer": "the issuer", "service": "the service", "either": "it, or the issuer against it"}


class Table(NamedTuple):
    """One table: its title, column names, rows of text, and how many rows were left out."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    more: int
    numeric: list[bool]


class Panel(NamedTuple):
    """A sentence, then single facts, then tables."""

    text: str
    facts: list[tuple[str, str]]
    tables: list[Table]


def _named(split: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return a split with its classes by name, and with what their share is a share of."""
    if not names:
        return dict(split)
    key = "share_of_rejections" if split["by"] == "release" else "rejected_share"
    classes = [
        {"": name, "instances": one["instances"], key: one.get("failing_share")}
        for name, one in zip(names, split["classes"], strict=True)
    ]
    return {"text": split.get("text", ""), "": classes} | {
        name: value for name, value in split.items() if name not in {"text", "by", "classes"}
    }


def clocks(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the clock of each instance in words."""
    out = []
    for row in rows[:ROWS]:
        low, high = row.get("interval") or (0.0, 0.0)
        out.append(
            {
                "instance": row["instance"],
                "note": _OF.get(row.get("of") or "", ""),
                "offset": _offset(row.get("seconds")),
                "interval": _between(low, high) if row.get("interval") else "",
                "samples": words.number(row["samples"]),
                "is_off": (low or 0.0) > 1 or (high or 0.0) < -1,
            }
        )
    return {"rows": out, "more": max(0, len(rows) - ROWS)}


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return f"{_signed(high or 0.0)} or less"
    if high is None:
        return f"{_signed(low)} or more"
    return f"{_signed(low)} to {_signed(high)}"


def _offset(seconds: object) -> str:
    if not isinstance(seconds, int | float):
        return "not known exactly"
    if not seconds:
        return "exact"
    return f"{_length(seconds)} {'ahead' if seconds > 0 else 'behind'}"


def _length(seconds: float) -> str:
    """Return an offset in its two largest units; under two minutes with its decimals."""
    return words.duration(seconds) if abs(seconds) >= 120 else f"{words.number(abs(seconds))} s"


def _signed(seconds: float) -> str:
    return ("−" if seconds < 0 else "") + _length(seconds)


def measured(incident: Mapping[str, Any], classes: Sequence[str]) -> list[dict[str, Any]]:
    """Return the panels of an incident with their titles. classes: names of the split's classes."""
    out: list[dict[str, Any]] = []
    if incident["split"]:
        out.append({"title": "Split fleet", "panel": panel(_named(incident["split"], classes))})
    if incident["key_ledger"]:
        ledger = table("", incident["key_ledger"])
        out.append({"title": "Key ledger", "panel": Panel("", [], [ledger])})
    if incident["decay"]:
        out.append(
            {
                "title": "How it ended" if incident["recovery"] else "Has it ended?",
                "panel": panel({"text": incident["decay"]["text"]}),
            }
        )
    return out


def panel(measured: Mapping[str, Any]) -> Panel:
    """Return a measurement as a panel; nested tables of numbers keep their row and column names."""
    text = measured.get("text")
    sentence = text if isinstance(text, str) else ""
    facts, tables = [], []
    for key, value in measured.items():
        if key == "text" and sentence:
            continue
        if isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value):
            tables.append(table(label(key), value))
        elif isinstance(value, Mapping) and value:
            tables.append(_of_mapping(label(key), value))
        elif value not in (None, "", [], {}):
            facts.append((label(key), cell(key, value)))
    return Panel(sentence, facts, tables)


def table(title: str, rows: list[Mapping[str, Any]]) -> Table:
    """Return rows of mappings as a table with the union of their keys, in order of first sight."""
    keys: list[str] = []
    for row in rows:
        keys += [key for key in row if key not in keys]
    keys = [key for key in keys if any(row.get(key) not in (None, "", [], {}) for row in rows)]
    shown, more = words.listed([str(i) for i in range(len(rows))], ROWS)
    body = [[cell(key, row.get(key)) for key in keys] for row in rows[: len(shown)]]
    numeric = [all(_is_number(row.get(key)) for row in rows) for key in keys]
    return Table(title, [label(key) for key in keys], body, more, numeric)


def _of_mapping(title: str, value: Mapping[str, Any]) -> Table:
    if all(isinstance(inner, Mapping) for inner in value.values()):
        return table(title, [{"": name, **inner} for name, inner in value.items()])
    return table(title, [{"": label(str(name)), title: inner} for name, inner in value.items()])


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def label(key: str) -> str:
    """Return a key as words: `rejected_share` reads `rejected share`."""
    for unit in ("_seconds", "_bytes", "_per_minute"):
        if key.endswith(unit):
            return key.removesuffix(unit).replace("_", " ") + {"_per_minute": " per minute"}.get(
                unit, ""
            )
    return key.replace("_", " ")


def cell(key: str, value: object) -> str:
    """Return a value as text, in the unit its key names."""
    if value is None:
        return "\u2013"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(key, value)
    if isinstance(value, list):
        return words.enumerated([cell(key, item) for item in value], _IN_CELL)
    if isinstance(value, Mapping):
        return ", ".join(f"{label(str(k))} {cell(str(k), v)}" for k, v in value.items())
    seconds = words.seconds_of(value) if isinstance(value, str) and value.endswith("Z") else None
    return str(value) if seconds is None else f"{words.date(value)} {words.clock(value)}"


def _number(key: str, value: float) -> str:
    if key.endswith("_bytes"):
        return words.size(value)
    if "share" in key and 0 <= value <= 1:
        return f"{value * 100:.3g} %"
    if key.endswith("seconds"):
        return f"{words.number(value)} s"
    return words.number(value)


def utc_minute(seconds: float) -> str:
    """Return seconds since the epoch as `2031-05-06 11:05`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
