"""One self-contained HTML page: whole without scripts, no network, every value inert.

The page holds text that attackers chose (log lines, claims, key ids). Three walls keep it inert:
Jinja escapes every value, the content security policy allows nothing but our one style sheet and
our one script (each by its hash), and characters that reorder or hide text are written out.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from logclass.plain import Json, to_json
from logclass.render import page
from logclass.render.visible import visible

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

    from logclass.model import Report

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_CHARACTERS = 600_000  # of the document in the page
_SHORTER = (1_000, 200, 50, 12)  # entries of a list, where the whole document is longer
_INERT = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def render(report: Report) -> str:
    """Return the report as one HTML document."""
    from markupsafe import Markup

    style, script = _own("report.css"), _own("report.js")
    document, entries = carried(report)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            **page.view(report.document),
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=_digest(style),
            script=Markup(script),  # noqa: S704 - our own file
            script_hash=_digest(script),
            document=Markup(document),  # noqa: S704 - escaped by embedded()
            entries=entries,
        )
    )


def carried(report: Report) -> tuple[str, int]:
    """Return the document as the page carries it, and to how many entries its lists were cut.

    It is whole, and 0 entries said, unless the page would grow with what a sender can choose: a
    hundred thousand services, files or changes.
    """
    for entries in (0, *_SHORTER):
        text = embedded(_cut(report.document, entries) if entries else report.document)
        if len(text) <= _MOST_CHARACTERS:
            break
    return text, entries


def _cut(value: Json, entries: int) -> Json:
    """Return the value with lists of names and of objects cut; series of numbers stay whole."""
    if isinstance(value, dict):
        return {key: _cut(item, entries) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    is_series = all(isinstance(item, int | float | None) for item in value)
    return [_cut(item, entries) for item in (value if is_series else value[:entries])]


def embedded(document: Json) -> str:
    """Return the document as JSON that can stand inside a script element.

    No character in it can end the element or open a comment, and none ends a line of JavaScript.
    """
    text = to_json(document).decode().strip()
    for character, escape in _INERT.items():
        text = text.replace(character, escape)
    return text


def prose(value: str) -> Markup:
    """Return a sentence with its `code` between backticks as code; all else escaped."""
    from markupsafe import Markup, escape

    parts = [escape(visible(part)) for part in value.split("`")]
    if len(parts) % 2 == 0:  # a backtick without its pair stays what it is
        parts[-2:] = [parts[-2] + "`" + parts[-1]]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else part
        for index, part in enumerate(parts)
    )


@cache
def _own(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = prose
    return environment
