"""Walk the elements of a JSON document, or of JSON lines (prefix ""), with ijson: prints how many.

It only parses: no text is searched, nothing is kept.
"""

import sys
from pathlib import Path

import ijson

path, prefix = sys.argv[1:]
with Path(path).open("rb") as file:
    print(
        sum(
            1
            for _ in ijson.items(
                file, prefix, multiple_values=True, use_float=True, buf_size=1 << 20
            )
        )
    )
