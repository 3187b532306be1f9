"""Reads recorded lines, writes each text once and three lines at most for each thing said."""

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
    seen.add(row["text"])
    said[message] = said.get(message, 0) + 1
    print(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
