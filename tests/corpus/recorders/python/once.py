"""Copies JSON lines from stdin to stdout, each text once."""

from __future__ import annotations

import json
import sys


def main() -> None:
    seen = set()
    for line in sys.stdin:
        text = json.loads(line)["text"]
        if text not in seen:
            seen.add(text)
            sys.stdout.write(line)


if __name__ == "__main__":
    main()
