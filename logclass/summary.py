"""Rejections and tallies → mergeable counts: the only thing that workers return.

A Summary is a monoid: merging is associative and commutative, and `empty()` is neutral. It stays
exact up to DETAIL_ROWS requests. Beyond that the counts by COUNT_KEYS stay exact, and the other
columns are kept for those requests whose hash is among the DETAIL_ROWS smallest: a uniform sample
in which all traces of one request are kept or dropped together (bottom-k sampling, Cohen and
Kaplan 2007). What a sender can choose (kid, iss, client, request id …) can not make it grow.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from logclass import bounded, tables
from logclass.columns import (
    COUNT_KEYS,
    DETAIL_COLUMNS,
    NO_MINUTE,
    REJECTION_COLUMNS,
    TALLY_COLUMNS,
)
from logclass.model import Exemplar, SourceIntake, Summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from logclass.classify import Classified
    from logclass.model import Batch

DETAIL_ROWS = 50_000
_MS_PER_MINUTE = 60_000

COUNT_COLUMNS: dict[str, str] = {
    "minute": "int64",
    **{name: REJECTION_COLUMNS[name] for name in COUNT_KEYS if name != "minute"},
    **{name: REJECTION_COLUMNS[name] for name in DETAIL_COLUMNS},
    "count": "int64",
}
_TALLY_KEYS = [name for name in TALLY_COLUMNS if name != "events"]


@cache
def empty() -> Summary:
    """Return the neutral element."""
    return Summary(tables.empty(COUNT_COLUMNS), tables.empty(TALLY_COLUMNS))


def summarize(batch: Batch, classified: Classified) -> Summary:
    """Return the summary of one batch."""
    rows = classified.rejections
    rejected = int(pc.sum(pc.equal(rows.column("outcome"), "rejected")).as_py() or 0)
    # How many are drawn hangs on the blocks: they do not show in what is said of the source.
    full = batch.candidates.filter(pc.equal(batch.candidates.column("drawn"), 0))
    minutes = batch.tally.column("minute")
    bounds = pc.min_max(minutes.filter(pc.not_equal(minutes, NO_MINUTE))).as_py().values()
    candidate_times = pc.min_max(full.column("time_ms")).as_py().values()
    # Of most records only the minute is known, wherever the blocks are cut.
    times = [minute * _MS_PER_MINUTE for minute in bounds if minute is not None]
    times += [time_ms for time_ms in candidate_times if time_ms is not None]
    intake = SourceIntake(
        source=batch.source.uri,
        format=batch.format,
        read_bytes=batch.read_bytes,
        events=int(pc.sum(batch.tally.column("events")).as_py() or 0),
        rejections=rejected,
        unclassified=classified.unclassified,
        faults=sum(fault.count for fault in classified.faults),
        first_ms=min(times, default=None),
        last_ms=max(times, default=None),
        zone_assumed=batch.zone_assumed,
        year_assumed=batch.year_assumed,
        order_assumed=batch.order_assumed,
        zone_told=batch.zone_told,
        date_told=batch.date_told,
        days_late=batch.days_late,
        parts=((batch.source.byte_range[0] if batch.source.byte_range else 0, batch.lines),),
        candidates=len(full),
        drawn=batch.drawn,
        level=batch.level,
    )
    return Summary(
        counts=_counts(rows),
        tally=batch.tally,
        exemplars=_exemplars(rows),
        residue=classified.residue,
        sources=(intake,),
        faults=classified.faults,
    )


def merge(summaries: Iterable[Summary]) -> Summary:
    """Return the sum, in canonical form: the order of the parts does not show in it."""
    parts = list(summaries)
    if not parts:
        return empty()
    below = min(part.sample_below for part in parts)
    sources = bounded.sources([one for part in parts for one in part.sources])
    counts = _drawn(_concat([part.counts for part in parts]), sources)
    counts, below = _sampled(counts, below)
    return Summary(
        counts=counts,
        tally=_summed(_concat([part.tally for part in parts]), _TALLY_KEYS, "events"),
        exemplars=bounded.exemplars([one for part in parts for one in part.exemplars]),
        residue=bounded.residue([one for part in parts for one in part.residue]),
        sources=sources,
        faults=bounded.faults([one for part in parts for one in part.faults]),
        sample_below=below,
    )


def _counts(rows: pa.Table) -> pa.Table:
    time_ms = rows.column("time_ms")
    minute = pc.fill_null(pc.divide(time_ms, _MS_PER_MINUTE), NO_MINUTE)
    columns = {"minute": minute, "count": pa.array(np.ones(len(rows), dtype=np.int64))}
    arrays = [columns[name] if name in columns else rows.column(name) for name in COUNT_COLUMNS]
    return pa.table(arrays, schema=tables.schema(COUNT_COLUMNS))


def _concat(parts: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


def _drawn(counts: pa.Table, sources: Sequence[SourceIntake]) -> pa.Table:
    """Return the counts without the rows that were drawn below the level of their source."""
    drawn = pc.fill_null(counts.column("drawn"), 0).to_numpy()
    levels = {one.source: one.level for one in sources}
    if not drawn.any() or not any(levels.values()):
        return counts
    names = counts.column("source").combine_chunks()
    names = names if isinstance(names, pa.DictionaryArray) else names.chunk(0)
    by_code = np.array([levels.get(name, 0) for name in names.dictionary.to_pylist()])
    level = by_code[names.indices.to_numpy(zero_copy_only=False)]
    return counts.filter(pa.array((drawn == 0) | (drawn > level)))


def _request_hash(counts: pa.Table) -> NDArray[np.uint64]:
    """Return what a request is sampled by: its id, else the record's own hash; 0 = no detail."""
    link = counts.column("link").to_numpy()
    hashes: NDArray[np.uint64] = np.where(link > 0, link, counts.column("fingerprint").to_numpy())
    return hashes


def _sampled(counts: pa.Table, below: int) -> tuple[pa.Table, int]:
    """Return the counts with detail for the DETAIL_ROWS smallest hashes, and their bound."""
    hashes = _request_hash(counts)
    is_drawn = pc.fill_null(counts.column("drawn"), 0).to_numpy() > 0  # a sample as it is
    detailed = np.unique(hashes[(hashes > 0) & ~is_drawn])
    if len(detailed) > DETAIL_ROWS:
        below = min(below, int(detailed[DETAIL_ROWS]))
    if below >= 2**64:
        return _sorted(counts), below
    keep = (hashes > 0) & (hashes < np.uint64(below)) | is_drawn
    kept = counts.filter(pa.array(keep))
    rest = _summed(counts.filter(pa.array(~keep)), list(COUNT_KEYS), "count")
    return _sorted(_concat([kept, _without_detail(rest)])), below


def _without_detail(counts: pa.Table) -> pa.Table:
    arrays = []
    for name, kind in COUNT_COLUMNS.items():
        if name not in DETAIL_COLUMNS:
            arrays.append(counts.column(name))
        elif kind in {"uint64", "bool"}:
            arrays.append(
                pa.array(np.zeros(len(counts), dtype=np.uint64 if kind == "uint64" else bool))
            )
        elif kind in {"string", "dictionary"}:
            arrays.append(pa.array([""] * len(counts)))
        else:
            arrays.append(pa.nulls(len(counts)))
    fields = tables.schema(COUNT_COLUMNS)
    return pa.table(
        [
            pa.chunked_array([_chunk(array)]).cast(field.type)
            for array, field in zip(arrays, fields, strict=True)
        ],
        schema=fields,
    )


def _chunk(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _summed(table: pa.Table, keys: list[str], value: str) -> pa.Table:
    """Return one row per key with the values summed, sorted by key."""
    schema = pa.schema([table.schema.field(name) for name in [*keys, value]])
    grouped = tables.plain(table.select([*keys, value])).group_by(keys).aggregate([(value, "sum")])
    grouped = (
        grouped.rename_columns([*keys, value]) if grouped.column_names[-1] != value else grouped
    )
    grouped = grouped.sort_by([(key, "ascending") for key in keys])
    return grouped.select([*keys, value]).cast(schema).select(schema.names)


def _sorted(counts: pa.Table) -> pa.Table:
    order = [
        (name, "ascending") for name in ("minute", "source", "time_ms", "fingerprint", "event")
    ]
    rest = [(name, "ascending") for name in COUNT_COLUMNS if name not in dict(order)]
    plain = tables.plain(counts)
    indices = pc.sort_indices(plain, sort_keys=order + rest)
    return counts.take(indices)


def _exemplars(rows: pa.Table) -> tuple[Exemplar, ...]:
    shown = pc.and_(
        pc.equal(rows.column("outcome"), "rejected"), pc.not_equal(rows.column("excerpt"), "")
    )
    wanted = rows.filter(shown)
    names = (
        "source",
        "part",
        "line",
        "time_ms",
        "service",
        "instance",
        "reason",
        "pattern",
        "excerpt",
    )
    columns = [wanted.column(name).to_pylist() for name in names]
    return bounded.exemplars([Exemplar(*values) for values in zip(*columns, strict=True)])
