"""Make the logs that the benchmark reads: the same parameters give the same bytes.

A few pages of templates are laid out once; each copy of a page gets fresh request ids, numbers and
times with a handful of numpy assignments, so that a gigabyte takes seconds and no line is like
another. Three fifths of a file are calm, the rest is an incident.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import records
import texts

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
CORPUS = HERE.parent / "tests" / "corpus"

_PAGES = 8  # of each kind, calm and incident
_PAGE_RECORDS = 8_192
_CALM_RECORDS = 0.6  # of a file
_CALM_SHARE = 0.2  # of the overall share of rejections
_START_MS = 1_935_817_689_000  # 2031-05-06T07:08:09Z
_MS_PER_RECORD = 2.5
_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


class Layout(NamedTuple):
    """How a file is put together."""

    render: Callable[[records.Record], str]
    suffix: str
    head: bytes = b""
    tail: bytes = b""
    cut: int = 0  # bytes that the first record leaves away


LAYOUTS = {
    "text": Layout(records.text_line, "log"),
    "json": Layout(records.json_line, "jsonl"),
    "cloudwatch": Layout(
        records.cloudwatch_event,
        "json",
        b'{\n    "events": [\n',
        b'\n    ],\n    "searchedLogStreams": []\n}\n',
        len(",\n"),
    ),
}


@dataclass(slots=True)
class Facts:
    """What a file holds, as the generator knows it."""

    key: str = ""
    bytes: int = 0
    records: int = 0
    lines: int = 0
    rejections: int = 0  # records of a verifier
    rejection_bytes: int = 0
    completions: int = 0  # of the same requests: "… 401"


@dataclass(frozen=True, slots=True)
class Page:
    """Records with marks, and where each kind of mark stands."""

    data: np.ndarray
    starts: np.ndarray  # of records
    is_rejection: np.ndarray
    hexes: np.ndarray
    digits: np.ndarray
    same: np.ndarray  # request ids that stand a second time ...
    original: np.ndarray  # ... and where they stood first
    stamps: np.ndarray  # rows of STAMP_CHARACTERS places
    epochs: np.ndarray

    def filled(self, random: np.random.Generator, first_record: int) -> np.ndarray:
        """Return the page's bytes with fresh values in all marks."""
        data = self.data.copy()
        data[self.hexes] = _HEX[random.integers(0, 16, len(self.hexes), dtype=np.uint8)]
        data[self.digits] = random.integers(48, 58, len(self.digits), dtype=np.uint8)
        data[self.same] = data[self.original]
        if len(self.stamps):
            data[self.stamps] = _written(self._times_ms(self.stamps, first_record))
        if len(self.epochs):
            data[self.epochs] = _digits(self._times_ms(self.epochs, first_record))
        return data

    def _times_ms(self, places: np.ndarray, first_record: int) -> np.ndarray:
        row = np.searchsorted(self.starts, places[:, 0], side="right") - 1
        return _START_MS + ((first_record + row) * _MS_PER_RECORD).astype(np.int64)


def _written(times_ms: np.ndarray) -> np.ndarray:
    text = np.datetime_as_string(times_ms.astype("datetime64[ms]"), unit="ms")
    width = text.dtype.itemsize // 4
    return text.view(np.uint32).reshape(len(text), width)[:, : records.STAMP_CHARACTERS]


def _digits(numbers: np.ndarray) -> np.ndarray:
    powers = 10 ** np.arange(records.EPOCH_CHARACTERS - 1, -1, -1, dtype=np.int64)
    return numbers[:, None] // powers % 10 + ord("0")


def page(layout: Layout, found: texts.Texts, share: float, seed: str) -> Page:
    """Return a page in which this share of the records are rejections."""
    random = Random(seed)
    # each rejection brings its completion line: one record more
    count = round(share / (1 - share) * _PAGE_RECORDS)
    rejected = set(random.sample(range(_PAGE_RECORDS), count))
    rendered: list[bytes] = []
    is_rejection: list[bool] = []
    for number in range(_PAGE_RECORDS):
        if number in rejected:
            pair = records.rejection(random, found)
            rendered += [layout.render(record).encode() for record in pair]
            is_rejection += [True, False]
        else:
            rendered.append(layout.render(records.healthy(random, found)).encode())
            is_rejection.append(False)
    lengths = np.array([len(record) for record in rendered])
    data = np.frombuffer(b"".join(rendered), dtype=np.uint8)
    same = _places(data, records.SAME, records.ID_CHARACTERS)
    ids = _places(data, records.HEX, records.ID_CHARACTERS)
    before = np.searchsorted(ids[:, 0], same[:, 0]) - 1
    return Page(
        data,
        np.cumsum(lengths) - lengths,
        np.array(is_rejection),
        ids.ravel(),
        _places(data, records.DIGIT, 1).ravel(),
        same.ravel(),
        ids[before].ravel(),
        _places(data, records.STAMP, records.STAMP_CHARACTERS),
        _places(data, records.EPOCH, records.EPOCH_CHARACTERS),
    )


def _places(data: np.ndarray, mark: str, width: int) -> np.ndarray:
    return np.flatnonzero(data == ord(mark)).astype(np.int32).reshape(-1, width)


class Pages(NamedTuple):
    """The pages of a file, and which part of it the calm ones fill."""

    calm: list[Page]
    incident: list[Page]
    calm_bytes: float  # share of the file


def _pages(layout: Layout, found: texts.Texts, share: float) -> Pages:
    surge = (share - _CALM_RECORDS * _CALM_SHARE * share) / (1 - _CALM_RECORDS)
    calm, incident = (
        [page(layout, found, part, f"{layout.suffix} {part} {number}") for number in range(_PAGES)]
        for part in (_CALM_SHARE * share, surge)
    )
    weights = _CALM_RECORDS * _record_bytes(calm), (1 - _CALM_RECORDS) * _record_bytes(incident)
    return Pages(calm, incident, weights[0] / sum(weights))


def _record_bytes(pages: list[Page]) -> float:
    return sum(len(page.data) for page in pages) / sum(len(page.starts) for page in pages)


def write(path: Path, layout: Layout, size_bytes: int, share: float) -> Facts:
    """Write a file of at least this size, ended at a record, and return what it holds."""
    facts = Facts()
    values = np.random.Generator(np.random.PCG64(size_bytes))
    order = Random(size_bytes)
    pages = _pages(layout, texts.load(CORPUS), share)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        facts.bytes += file.write(layout.head)
        while facts.bytes < size_bytes:
            is_calm = facts.bytes < pages.calm_bytes * size_bytes
            chosen = order.choice(pages.calm if is_calm else pages.incident)
            data = chosen.filled(values, facts.records)
            cut = layout.cut if facts.records == 0 else 0
            count = int(np.searchsorted(chosen.starts, size_bytes - facts.bytes + cut))
            end = int(chosen.starts[count]) if count < len(chosen.starts) else len(data)
            _add(facts, chosen, data[:end], count)
            facts.bytes += file.write(data[cut:end].tobytes())
        facts.bytes += file.write(layout.tail)
    facts.lines += layout.head.count(b"\n") + layout.tail.count(b"\n") - (1 if layout.cut else 0)
    unfinished.rename(path)
    return facts


def _add(facts: Facts, chosen: Page, data: np.ndarray, count: int) -> None:
    facts.records += count
    facts.lines += int(np.count_nonzero(data == ord("\n")))
    rejected = np.flatnonzero(chosen.is_rejection[:count])
    lengths = np.diff(np.append(chosen.starts[:count], len(data)))
    facts.rejections += len(rejected)
    facts.rejection_bytes += int(lengths[rejected].sum())
    facts.completions += int(np.count_nonzero(rejected < count - 1))


def ready(folder: Path, name: str, size_mb: float, share: float) -> tuple[Path, Facts]:
    """Return a file of this layout, size and share, made when it is not there yet."""
    layout = LAYOUTS[name]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{size_mb:g}mb-{share * 100:g}pct.{layout.suffix}"
    key = _key(name, size_mb, share)
    known = path.with_name(path.name + ".facts")
    if path.exists() and known.exists():
        facts = Facts(**json.loads(known.read_text()))
        if facts.key == key and facts.bytes == path.stat().st_size:
            return path, facts
    facts = write(path, layout, int(size_mb * 1_000_000), share)
    facts.key = key
    known.write_text(json.dumps(asdict(facts)))
    return path, facts


def _key(*parameters: object) -> str:
    digest = hashlib.sha256(repr(parameters).encode())
    for path in [*sorted(CORPUS.glob("*.jsonl")), *sorted(HERE.glob("*.py"))]:
        if path.suffix == ".jsonl" or path.stem in {"generate", "records", "texts"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    """Make one file and print its path and what it holds, as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("layout", choices=LAYOUTS)
    parser.add_argument("--size-mb", type=float, default=100)
    parser.add_argument("--percent", type=float, default=1, help="records that are rejections")
    parser.add_argument("--folder", type=Path, default=HERE / "data")
    chosen = parser.parse_args()
    path, facts = ready(chosen.folder, chosen.layout, chosen.size_mb, chosen.percent / 100)
    print(json.dumps({"path": str(path), **asdict(facts)}))


if __name__ == "__main__":
    main()
