"""Bundles written to disk and read as a user's would be."""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

from logclass.matcher import Matcher, Prefilter
from logclass.model import Counted, Fault, Summary
from logclass.patternset import load

ENDED = 1_935_900_000  # 2031-05-07T06:00:00Z: when the files of a bundle were last written


class Read(NamedTuple):
    """What a bundle holds, before and after counting once."""

    summary: Summary
    once: Counted

    @property
    def rejected(self) -> dict[tuple[str, str], int]:
        """Return the number of rejected requests by service and reason."""
        rows = self.once.rejections
        found = Counter[tuple[str, str]]()
        for service, reason, count in zip(
            rows["service"], rows["reason"], rows["count"], strict=True
        ):
            found[service, reason] += count
        return dict(found)

    @property
    def echoes(self) -> dict[str, int]:
        """Return the number of further traces by kind."""
        found = Counter[str]()
        for kind, count in zip(self.once.echoes["kind"], self.once.echoes["count"], strict=True):
            found[kind] += count
        return dict(found)

    @property
    def events(self) -> int:
        return sum(one.events for one in self.summary.sources)

    @property
    def faults(self) -> dict[str, Fault]:
        """Return the first fault of each source."""
        return {fault.source: fault for fault in reversed(self.summary.faults)}


@cache
def engine(name: str = "hyperscan") -> tuple[Matcher, Prefilter]:
    """Return the shipped patterns ready to match; compiling them takes seconds."""
    prefilter = Prefilter(load(()), name)
    return Matcher(load(()), name, prefilter), prefilter


def write(folder: Path, files: dict[str, bytes | str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (ENDED, ENDED))
    return folder
