"""Reads recorded lines, writes each text once and three lines at most for each thing said.

A value is expected only where it stands in the text: newer versions of Nimbus no longer print them.
"""

import json
import re
import sys

MOST = 3
seen: set[str] = set()
said: dict[str, int] = {}
for line in sys.stdin:
    row = json.loads(line)
    message = (
        re.sub(r"\d+", "0", row["reason"] + row.pop("said")) if row["reason"] else row.pop("said")
    )
    if row["text"] in seen or said.get(message, 0) >= MOST:
        continue
    row["captures"] = {
        name: values
        for name, values in row["captures"].items()
        if all(value in row["text"] for value in values)
    }
    seen.add(row["text"])
    said[message] = said.get(message, 0) + 1
    print(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
