"""Windows' events as JSON: `evtx_dump`, and whatever else turns an event's XML into objects.

`{"Event": {"System": {…}, "EventData": {…}}}`, one a line, over several lines, in a list, or each
below a line `Record 7`. Attributes stand under `#attributes`, `@attributes`, or behind an `@`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import regex

from logclass import timestamps
from logclass.formats.document import Elements, bare
from logclass.formats.format import Format, Reader
from logclass.formats.objects import as_object
from logclass.formats.rewritten import json_object, json_units, open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

LEVELS = {"1": "CRITICAL", "2": "ERROR", "3": "WARNING", "4": "INFO", "5": "DEBUG"}
_EVENT = regex.compile(
    rb'\s*\[?\s*(?:Record \d+\s*)?\{\s*"Event"\s*:\s*\{[^\0]{0,4000}?"System"\s*:\s*\{'
)
_NUMBERED = regex.compile(rb"\s*Record \d+\s*\n")
_ATTRIBUTES = ("#attributes", "@attributes", "$", "attributes")


def sniff(head: Head) -> float:
    """Return a high confidence for events of Windows as objects."""
    return 0.95 if _EVENT.match(head.data) and b'"TimeCreated"' in head.data else 0.0


def open_windows_events(head: Head, source: Source) -> Reader:
    """Return a reader for such events."""
    if _NUMBERED.match(head.data):
        return open_rewritten(source, line_units(source, r"^Record \d+\s*$"), _of_numbered)
    elements = Elements(1) if head.outline.top == "[" else bare(head)
    return open_rewritten(source, json_units(source, elements), _of_unit)


def _of_numbered(unit: bytes) -> Iterator[Stored]:
    yield from _of_unit(_NUMBERED.sub(b"", unit))


def _of_unit(unit: bytes) -> Iterator[Stored]:
    event = as_object(json_object(unit).get("Event"))
    system = as_object(event.get("System"))
    if not system:
        raise ValueError("no event of Windows")
    stamp = timestamps.parse_value(_attribute(system.get("TimeCreated"), "SystemTime"))
    data = event.get("EventData") or event.get("UserData")
    rendered = as_object(event.get("RenderingInfo")).get("Message")
    said = list(dict.fromkeys(text for text in [*_texts(rendered), *_texts(data)] if text))
    level = LEVELS.get(str(_text(system.get("Level"))), "")
    yield Stored(
        None if stamp is None else stamp.ms,
        f"{level} ".lstrip() + "\n".join(said),
        service=str(_attribute(system.get("Provider"), "Name") or ""),
        instance=_text(system.get("Computer")),
    )


def _attribute(node: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return an attribute of an element, however it was written."""
    if not isinstance(node, dict):
        return node
    inner = next((node[key] for key in _ATTRIBUTES if isinstance(node.get(key), dict)), node)
    return next((inner[key] for key in (name, f"@{name}", f"_{name}") if key in inner), None)


def _text(node: Any) -> str:  # noqa: ANN401
    if isinstance(node, dict):
        node = next((node[key] for key in ("#text", "_", "$text") if key in node), "")
    return "" if node is None or isinstance(node, (dict, list)) else str(node)


def _texts(node: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401
    """Yield what an element and those inside it say, each with its name."""
    if isinstance(node, list):
        for one in node:
            yield from _texts(one, name)
    elif isinstance(node, dict):
        named = str(_attribute(node, "Name") or "") or name
        for key, value in node.items():
            if key in _ATTRIBUTES or key[:1] in "@_" or key == "Name":
                continue
            yield from _texts(value, named if key.startswith("#") else key)
    elif isinstance(node, str) and node.strip():
        is_plain = name in {"", "Data", "Message", "Binary"}
        yield node.strip() if is_plain else f"{name}: {node.strip()}"


FORMAT = Format("windows-events", "Windows events as JSON (evtx_dump)", sniff, open_windows_events)
