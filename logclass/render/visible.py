"""Characters that reorder, hide or control text, written out where a person reads them."""

from __future__ import annotations

from functools import cache


def visible(value: object) -> object:
    """Return text with such characters written out as `[U+202E]`; anything else as it is.

    Text that a template engine has marked as safe is of another type and passes through.
    """
    return value.translate(_written_out()) if type(value) is str else value


@cache
def _written_out() -> dict[int, str]:
    hidden = [0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x2028, 0x202F)]
    hidden += [*range(0x2060, 0x2070), *range(0xE0000, 0xE0080), *range(0xD800, 0xE000)]
    table = {code: f"[U+{code:04X}]" for code in (*hidden, *range(0x80, 0xA0))}
    table |= {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\n\t"}
    return table | {0x7F: "\u2421"}
