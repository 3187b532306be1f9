"""In which form a service says that it reads its key, before, during and after an episode."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import orjson

from logclass.evidence.phrases import clock
from logclass.evidence.sightings import BEFORE_MS
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice

_SLIPS_BYTES = 2  # a newline, with a carriage return; two quotes


class KeyForms(NamedTuple):
    """Two forms that starts of the failing services tell: as the failures began, and else."""

    text: str
    is_same_key: bool  # the one is what the other becomes when it is read in another way


class _Form(NamedTuple):
    encoding: str
    size_bytes: int  # 0 where it is not told

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.encoding, f"{self.size_bytes} bytes")))


def key_forms(part: Slice) -> KeyForms | None:
    """Return how the form of the key differs, None where lines do not tell of two."""
    told = part.signals[(part.signals["actual"] != "").to_numpy(bool)]
    if part.episode.services:
        told = told[told["service"].isin(part.episode.services).to_numpy(bool)]
    lines = sorted(zip(seconds(told).tolist(), map(_form, told["actual"]), strict=True))
    begun = (part.episode.onset.low_ms - BEFORE_MS) / 1000
    new = next(((at, form) for at, form in lines if at >= begun), None)
    if new is None:
        return None
    other = next(((at, form) for at, form in reversed(lines) if form != new[1]), None)
    if other is None or not (new[1].size_bytes and other[1].size_bytes):
        return None
    text = f"The key was read as {new[1]} at {clock(new[0] * 1000)}, "
    text += f"and as {other[1]} at {clock(other[0] * 1000)}."
    return KeyForms(text, _is_same_key(new[1], other[1]))


def _form(actual: object) -> _Form:
    """Return what `facts` wrote: an encoding, a number of bytes, or both."""
    words = orjson.loads(str(actual))
    sizes = [int(word.split()[0]) for word in words if word.endswith(" bytes")]
    names = [word for word in words if not word.endswith(" bytes")]
    return _Form(names[0] if names else "", sizes[0] if sizes else 0)


def _is_same_key(one: _Form, other: _Form) -> bool:
    """Return whether both may be forms of one key: base64 has 4 for 3 bytes, hexadecimal 2 for 1.

    Base64 may be padded or not; a form that is mangled has some bytes more or less.
    """
    if one.encoding != other.encoding:
        return True
    small, large = sorted((one.size_bytes, other.size_bytes))
    base64 = range(-(-small * 4 // 3), 4 * -(-small // 3) + 1)
    return large - small <= _SLIPS_BYTES or large in base64 or large == 2 * small
