"""Names of services and instances that a sender may invent, bounded: of too many the busiest stay.

What is done for each name costs more than reading it. The others are put together, and a fault
says how many they were; all counts stay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from logclass import tables
from logclass.columns import TALLY_COLUMNS
from logclass.model import Fault

if TYPE_CHECKING:
    from logclass.model import Exemplar, Summary

MOST = 10_000  # pairs of a service and an instance
OTHER = "(other)"  # all services that are not kept, and all instances of a kept one that are not
_PAIR = ["service", "instance"]
_EVENTS_KEYS = [name for name in TALLY_COLUMNS if name != "events"]


def folded(summary: Summary, most: int = MOST) -> Summary:
    """Return the summary with at most so many pairs of a service and an instance as they are.

    Kept are those with most events and rejections, in order of their names where these are equal.
    """
    pairs = _pairs(summary)
    if len(pairs) <= most:
        return summary
    names = _Kept(pairs.slice(0, most))
    counts, tally = names.of(summary.counts), names.of(summary.tally)
    detail = (
        f"{len(pairs) - most} of {len(pairs)} names of services and instances, those with fewest"
        f' records, were counted together as "{OTHER}"'
    )
    source = summary.sources[0].source if len(summary.sources) == 1 else "all sources"
    return replace(
        summary,
        counts=counts,
        tally=_summed(tally),
        exemplars=tuple(map(names.of_exemplar, summary.exemplars)),
        faults=(*summary.faults, Fault(source, "names", detail, count=0)),
    )


def _pairs(summary: Summary) -> pa.Table:
    """Return all pairs, those with most records first."""
    weighed = [
        tables.plain(table.select([*_PAIR, value])).rename_columns([*_PAIR, "records"])
        for table, value in ((summary.tally, "events"), (summary.counts, "count"))
    ]
    pairs = pa.concat_tables(weighed).group_by(_PAIR).aggregate([("records", "sum")])
    return pairs.sort_by([("records_sum", "descending"), *((name, "ascending") for name in _PAIR)])


class _Kept:
    """Names as they stay."""

    def __init__(self, pairs: pa.Table) -> None:
        self._services = pc.unique(pairs.column("service"))
        self._pairs = pc.unique(_joined(pairs))

    def of(self, table: pa.Table) -> pa.Table:
        """Return the table with the names of what is not kept replaced."""
        plain = tables.plain(table.select(_PAIR))
        is_kept = pc.is_in(_joined(plain), value_set=self._pairs)
        is_service = pc.is_in(plain.column("service"), value_set=self._services)
        instead = pc.if_else(is_service, OTHER, "")
        for name, column in (
            ("service", pc.if_else(is_service, plain.column("service"), OTHER)),
            ("instance", pc.if_else(is_kept, plain.column("instance"), instead)),
        ):
            at = table.column_names.index(name)
            field = table.schema.field(name)
            table = table.set_column(at, field, column.cast(field.type))
        return table

    def of_exemplar(self, one: Exemplar) -> Exemplar:
        """Return the exemplar under the names that its counts have."""
        table = pa.table({"service": [one.service], "instance": [one.instance]})
        named = self.of(table).to_pylist()[0]
        return replace(one, service=named["service"], instance=named["instance"])


def _joined(pairs: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(pairs.column("service"), pairs.column("instance"), "\0")


def _summed(tally: pa.Table) -> pa.Table:
    grouped = tables.plain(tally).group_by(_EVENTS_KEYS).aggregate([("events", "sum")])
    grouped = grouped.rename_columns([*_EVENTS_KEYS, "events"])
    grouped = grouped.sort_by([(name, "ascending") for name in _EVENTS_KEYS])
    return grouped.select(tally.column_names).cast(tally.schema)
