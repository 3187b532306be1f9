"""Walk the records of a log file as logclass reads them, and print how many.

No pattern is asked, so this is what ijson is asked to do; each record's minute and writer are read
as well.
"""

import sys

import numpy as np
import pyarrow.compute as pc

from logclass import formats, sources
from logclass.model import Fault, Source

CHUNK_BYTES = 2 << 20  # as the report reads


def no_hits(_data: bytes, starts: np.ndarray, _ends: np.ndarray) -> np.ndarray:
    """Return that no record is a candidate."""
    return np.zeros(len(starts), dtype=np.bool_)


source = Source(uri=sys.argv[1], path=sys.argv[1])
faults: list[Fault] = []
events = 0
for opened in sources.streams(source):  # a plain file is one stream, open until the next is asked
    if isinstance(opened, Fault):
        raise SystemExit(opened.detail)
    chunks = opened.chunks(CHUNK_BYTES, faults)
    for batch in formats.read(opened.source, chunks, no_hits, faults):
        events += pc.sum(batch.tally["events"]).as_py() or 0
print(events)
