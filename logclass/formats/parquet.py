"""Parquet files whose columns name a time and a text, as Athena, Spark and data lakes write logs.

A Parquet file is read from its end, so the stream is held whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pyarrow as pa

from logclass.formats.blocks import Frame
from logclass.formats.columns import Columns
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.rewritten import open_rewritten
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source

MAGIC = b"PAR1"
_MAX_BYTES = 1024 * 1024 * 1024
_ROWS = 8192


def sniff(head: Head) -> float:
    """Return certainty for the format's own first bytes."""
    return 1.0 if head.data.startswith(MAGIC) else 0.0


def open_parquet(_head: Head, source: Source) -> Reader:
    """Return a reader for the rows."""
    clock = Clock(())
    columns: list[Columns] = []

    def units(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        columns.clear()
        yield from _tables(chunks, faults, source.uri, columns, clock)

    def unfold(unit: bytes) -> Iterator[Stored]:
        yield columns[0].stored(orjson.loads(unit))

    return open_rewritten(source, units, unfold, clock)


def _tables(
    chunks: Iterable[bytes],
    faults: list[Fault],
    source: str,
    columns: list[Columns],
    clock: Clock,
) -> Iterator[Frame]:
    import pyarrow.parquet as pq

    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size > _MAX_BYTES:
            faults.append(Fault(source, "too_large", "a Parquet file of more than 1 GiB"))
            return
    try:
        file = pq.ParquetFile(pa.BufferReader(b"".join(held)))
        names = file.schema_arrow.names
        found = Columns(names, clock, zone="UTC")
        if not found.are_events:
            faults.append(Fault(source, "no_events", f"no time and text among {names[:20]}"))
            return
        columns.append(found)
        for batch in file.iter_batches(_ROWS):
            yield _frame(batch)
    except (pa.ArrowException, ArithmeticError, ValueError, OSError) as error:
        faults.append(Fault(source, "damaged", str(error)[:200]))


def _frame(batch: pa.RecordBatch) -> Frame:
    """Return a batch's rows as lists in JSON, each a record."""
    columns = [_values(column) for column in batch.columns]
    rows = [orjson.dumps(list(row), default=_plain) for row in zip(*columns, strict=True)]
    sizes = np.array([len(row) for row in rows], dtype=np.int64)
    ends = np.cumsum(sizes, dtype=np.int64)
    return Frame(b"".join(rows), ends - sizes, ends, np.zeros(len(rows), dtype=np.int64), 1)


def _values(column: pa.Array) -> list[Any]:
    try:
        values: list[Any] = column.to_pylist()
    except (ArithmeticError, ValueError):  # times in no year from 1 to 9999, zones nobody knows
        values = column.cast("int64").to_pylist()
    return values


def _plain(value: Any) -> Any:  # noqa: ANN401 - bytes and decimals
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


FORMAT = Format("parquet", "Parquet with a time and a text", sniff, open_parquet)
