"""One row per record with an outcome, for `classify` and `--events`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from logclass import tables
from logclass.timestamps import isoformat

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

# Hashes and parts serve the counting; in a row that a person reads they say nothing.
_INTERNAL = ("part", "link", "fingerprint", "event", "drawn", "token")
_LISTS = ("expected", "actual", "aud")


def public(rejections: pa.Table) -> pa.Table:
    """Return the rows as they are written to Parquet: spelt out, without internal columns."""
    return tables.plain(rejections.drop_columns(list(_INTERNAL)))


def dictionaries(rejections: pa.Table, *, keep_empty: bool) -> Iterator[dict[str, Any]]:
    """Yield the rows as plain objects: times as ISO 8601, lists as lists.

    keep_empty: whether what a row does not say is there, as an empty value.
    """
    for row in public(rejections).to_pylist():
        time_ms = row.pop("time_ms")
        found: dict[str, Any] = {"time": None if time_ms is None else isoformat(time_ms)}
        for name, value in row.items():
            if name in _LISTS and value:
                found[name] = orjson.loads(value)
            elif name == "also":
                found[name] = value.split(",") if value else []
            elif keep_empty or value not in ("", None, 0, False):
                found[name] = value
        yield found
