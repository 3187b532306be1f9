"""Arrow tables with the column types that model.py declares."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: dict[str, pa.DataType] = {
    "int64": pa.int64(),
    "uint64": pa.uint64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "string": pa.string(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
}


def give_memory_back() -> None:
    """Let Arrow take memory from the system as it needs it, and give it back.

    Its own allocator keeps what was freed: some thirty megabytes in each process.
    """
    pa.set_memory_pool(pa.system_memory_pool())


@cache
def _schema(columns: tuple[tuple[str, str], ...]) -> pa.Schema:
    return pa.schema([(name, _TYPES[kind]) for name, kind in columns])


def schema(columns: Mapping[str, str]) -> pa.Schema:
    """Return the Arrow schema of one of model.py's column lists."""
    return _schema(tuple(columns.items()))


def table(values: Mapping[str, Any], columns: Mapping[str, str]) -> pa.Table:
    """Return a table of lists or arrays with the declared types."""
    arrays = []
    for name, kind in columns.items():
        if kind == "dictionary":
            arrays.append(pa.array(values[name], type=pa.string()).dictionary_encode())
        else:
            arrays.append(pa.array(values[name], type=_TYPES[kind]))
    return pa.table(arrays, schema=schema(columns))


def beside(left: pa.Table, right: pa.Table, columns: Mapping[str, str]) -> pa.Table:
    """Return the columns of two tables of as many rows as one table with the declared types."""
    arrays = [(left if name in left.column_names else right).column(name) for name in columns]
    return pa.table(arrays, schema=schema(columns))


def empty(columns: Mapping[str, str]) -> pa.Table:
    """Return a table with the declared columns and no rows."""
    return schema(columns).empty_table()


def plain(value: pa.Table) -> pa.Table:
    """Return the table with dictionaries spelt out, as grouping and joining want it."""
    fields = [
        pa.field(field.name, field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in value.schema
    ]
    return value.cast(pa.schema(fields))


def lists(value: pa.Table) -> list[list[Any]]:
    """Return the columns as Python lists; several times faster than Arrow's own to_pylist."""
    return [_list(column) for column in value.combine_chunks().columns]


def _list(column: pa.ChunkedArray) -> list[Any]:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        names = array.dictionary.to_pylist()
        return [names[code] for code in array.indices.to_numpy().tolist()]
    if array.null_count and not pa.types.is_string(array.type):
        nothing = array.is_null().to_numpy(zero_copy_only=False).tolist()
        known = array.fill_null(0).to_numpy(zero_copy_only=False).tolist()
        return [None if null else item for null, item in zip(nothing, known, strict=True)]
    found: list[Any] = array.to_numpy(zero_copy_only=False).tolist()
    return found
