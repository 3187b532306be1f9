"""Arrow tables as frames whose text is kept as categories."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa


def frame_of(table: pa.Table) -> pd.DataFrame:
    """Return the table with text as categories in the order of their names.

    Whole numbers are compared and grouped many times faster than text; the order of the names
    keeps what is sorted by them independent of the order in which they were read.
    """
    columns: dict[str, object] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        if pa.types.is_dictionary(kind) or pa.types.is_string(kind):
            columns[name] = _categories(column)
        else:
            columns[name] = column.to_pandas()
    return pd.DataFrame(columns)


def _categories(column: pa.ChunkedArray) -> pd.Categorical:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    one = column.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):
        one = one.chunk(0) if one.num_chunks else pa.DictionaryArray.from_arrays([], [""])
    names = one.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    codes = place[one.indices.fill_null(0).to_numpy()] if len(names) else np.zeros(0, np.int64)
    codes = np.where(one.is_null().to_numpy(zero_copy_only=False), -1, codes)
    known = pd.Index([names[i] for i in order], dtype=object)
    return pd.Categorical.from_codes(codes, categories=known)
