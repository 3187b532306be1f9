"""The composition of the stages, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from logclass import (
    agreement,
    bounded,
    causes,
    changes,
    classify,
    counted,
    episodes,
    foldednames,
    formats,
    partition,
    records,
    report,
    rereading,
    rows,
    sources,
    tables,
)
from logclass import summary as summaries
from logclass.columns import REJECTION_COLUMNS
from logclass.engines import local
from logclass.errors import UnreadableInputError
from logclass.matcher import Matcher, Prefilter
from logclass.model import (
    NO_CHOICES,
    Batch,
    ChangeEvent,
    Choices,
    Contract,
    Counted,
    Fault,
    Report,
    Settled,
    Source,
    Summary,
)
from logclass.patterncache import Prepared, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from logclass.classify import Classified

CHUNK_BYTES = 2 * 1024 * 1024  # larger blocks leave the processor's cache
MERGE_ROWS = 400_000  # of unmerged counts that a worker holds
MERGE_PARTS = 64
POOL_FROM_BYTES = 16 * 1024 * 1024  # below this, starting processes costs more than it saves ...
POOL_FROM_SOURCES = 500  # ... unless there are many files


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line chose."""

    pattern_directories: tuple[Path, ...] = ()
    workers: int = 0  # 0: one for each processor
    choices: Choices = NO_CHOICES  # of formats and zones, for the sources that fit
    cache: Path | None = None  # folder for compiled patterns


class Intake(NamedTuple):
    """What a bundle holds: its log records, summed, and what it says of changes and contract."""

    summary: Summary
    changes: tuple[ChangeEvent, ...]
    contracts: tuple[Contract, ...]
    settled: tuple[Settled, ...] = ()  # what sources told of each other's times


@dataclass(slots=True)
class _Worker:
    """What a process needs to read sources; set up once."""

    matcher: Matcher
    prefilter: Prefilter


@dataclass(frozen=True, slots=True)
class _Setup:
    """Sets a worker process up."""

    prepared: Prepared

    def __call__(self) -> None:
        tables.give_memory_back()
        if _WORKER and _WORKER[0].matcher.patternset is self.prepared.patternset:
            return  # a forked process has what was set up before
        _WORKER[:] = [_Worker(self.prepared.matcher(), self.prepared.prefilter)]


_WORKER: list[_Worker] = []


@dataclass(slots=True)
class _Read:
    """What one task found."""

    summary: Summary = field(default_factory=summaries.empty)
    changes: list[changes.ChangeRead] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)


def read(names: Sequence[str], options: Options) -> Intake:
    """Return what the named files, folders and archives hold.

    Raises UnreadableInputError when nothing at all could be read.
    """
    found, faults = sources.expand(names, options.choices)
    prepared = prepare(options.pattern_directories, options.cache)
    tasks = partition.tasks(found)
    total_bytes = sum(source.size_bytes or 0 for source in found)
    workers = options.workers or local.usable_cores()
    if total_bytes < POOL_FROM_BYTES:
        workers = workers if len(found) >= POOL_FROM_SOURCES else 1
    else:
        prepared = prepared.for_much()
    setup = _Setup(prepared)
    setup()
    results = list(local.run(_read_task, tasks, workers=workers, start=setup))
    merged = _merged(results, faults)
    told = agreement.find(merged)
    read_here = [[one.source for one in result.summary.sources] for result in results]
    again, settled = rereading.plan(tasks, read_here, told)
    if again:
        anew = local.run(_read_task, list(again.values()), workers=workers, start=setup)
        for place, result in zip(again, anew, strict=True):
            results[place] = result
        merged = _merged(results, faults)
    recorded = changes.merge([one for result in results for one in result.changes])
    contracts = tuple(one for result in results for one in result.contracts)
    if not merged.sources and not recorded:
        raise UnreadableInputError.of(names, merged.faults, formats.FORMATS)
    return Intake(merged, recorded, contracts, settled)


def _merged(results: Sequence[_Read], faults: tuple[Fault, ...]) -> Summary:
    unread = replace(summaries.empty(), faults=tuple(faults))
    return summaries.merge([unread, *(result.summary for result in results)])


def _read_task(task: tuple[Source, ...]) -> _Read:
    """Return what the sources of one task hold. Runs in a worker process."""
    found = [_read_source(source) for source in task]
    if len(found) == 1:
        return found[0]
    return _Read(
        summaries.merge(one.summary for one in found),
        [change for one in found for change in one.changes],
        [contract for one in found for contract in one.contracts],
    )


def _read_source(source: Source) -> _Read:
    """Return what one source, or one part of one, holds."""
    found = _Read()
    merging = _Merging()
    faults: list[Fault] = []
    for opened in sources.streams(source):
        if isinstance(opened, Fault):
            faults.append(opened)
            continue
        chunks = opened.chunks(CHUNK_BYTES, faults)
        for batch in _log_batches(opened, chunks, faults, found):
            merging.add(batch)
    faults.extend(fault for one in found.changes for fault in one.faults)
    found.summary = merging.result(sources.sha256(source, partition.PART_BYTES), faults)
    return found


def _log_batches(
    opened: sources.Opened, chunks: Iterator[bytes], faults: list[Fault], found: _Read
) -> Iterator[Batch]:
    """Yield the batches of a stream of log records.

    A record of changes or a contract has none: what it says is kept in `found`.
    """
    if opened.head is None and not opened.source.format_hint:
        record, chunks = records.taken(chunks, opened.source)
        if isinstance(record, changes.ChangeRead):
            found.changes.append(record)
            record = None if record.is_log_too else record
        elif record is not None:
            found.contracts.extend(record)
        if record is not None:
            return
    prefilter = _WORKER[0].prefilter
    yield from formats.read(
        opened.source,
        chunks,
        prefilter.hits,
        faults,
        head=opened.head,
        numbers=prefilter.numbers,
        passing=prefilter.passing.hits,
    )


class _Merging:
    """Sums batches as they come, holding at most MERGE_ROWS rows unmerged.

    Sums of few batches are summed in turn: a sum is not taken again for every few more.
    """

    def __init__(self) -> None:
        self._levels: list[list[Summary]] = [[]]
        self._rows = 0
        self._earliest = bounded.Earliest()

    def add(self, batch: Batch) -> None:
        classified = classify.classify(batch, _WORKER[0].matcher, self._earliest)
        self._levels[0].append(summaries.summarize(batch, classified))
        self._rows += len(classified.rejections) + len(batch.tally)
        if self._rows > MERGE_ROWS:
            self._levels = [[summaries.merge(self._parts())]]
            self._rows = 0
        level = 0
        while len(self._levels[level]) >= MERGE_PARTS:
            if level + 1 == len(self._levels):
                self._levels.append([])
            self._levels[level + 1].append(summaries.merge(self._levels[level]))
            self._levels[level] = []
            level += 1

    def _parts(self) -> list[Summary]:
        return [part for level in self._levels for part in level]

    def result(self, sha256: str, faults: list[Fault]) -> Summary:
        """Return the sum. One batch is left as it is: all sources are summed in the end."""
        parts = self._parts()
        merged = parts[0] if len(parts) == 1 else summaries.merge(parts)
        hashed = tuple(replace(intake, sha256=sha256) for intake in merged.sources)
        return replace(merged, sources=hashed, faults=(*merged.faults, *faults))


def classified(names: Sequence[str], options: Options, faults: list[Fault]) -> Iterator[Classified]:
    """Yield what became of each batch, with every row's excerpt, in the order of the sources.

    What could not be read is added to `faults`. Raises UnreadableInputError as `read` does.
    """
    found, unread = sources.expand(names, options.choices)
    faults.extend(unread)
    _Setup(prepare(options.pattern_directories, options.cache))()
    is_anything_read = False
    for source in found:
        for opened in sources.streams(source):
            if isinstance(opened, Fault):
                faults.append(opened)
                continue
            chunks = opened.chunks(CHUNK_BYTES, faults)
            for batch in _log_batches(opened, chunks, faults, _Read()):
                is_anything_read = True
                one = classify.classify(batch, _WORKER[0].matcher)
                faults.extend(one.faults)
                yield one
    if not is_anything_read:
        raise UnreadableInputError.of(names, faults, formats.FORMATS)


def write_events(names: Sequence[str], options: Options, path: Path) -> list[Fault]:
    """Write one Parquet row per record with an outcome; return what could not be read.

    Raises UnreadableInputError as `read` does.
    """
    import pyarrow.parquet as pq

    faults: list[Fault] = []
    blank = rows.public(tables.empty(REJECTION_COLUMNS))
    with pq.ParquetWriter(path, blank.schema) as writer:
        for one in classified(names, options, faults):
            writer.write_table(rows.public(one.rejections).cast(blank.schema))
    return faults


def diagnose(
    intake: Intake,
    *,
    command: str,
    changes_given: Sequence[ChangeEvent] = (),
    expected: tuple[Contract, ...] = (),
) -> Report:
    """Return the report on what was read."""
    events = _all_changes(intake.changes, changes_given)
    agreed = expected or intake.contracts
    summary = foldednames.folded(intake.summary)
    once: Counted = counted.count_once(summary)
    found = episodes.find(once)
    incidents = causes.diagnose(once, found, events, agreed)
    return report.build(
        once,
        summary,
        incidents,
        events,
        command=command,
        contracts=agreed,
        settled=intake.settled,
    )


def _all_changes(
    read_here: Sequence[ChangeEvent], given: Sequence[ChangeEvent]
) -> tuple[ChangeEvent, ...]:
    by_id = {change.id: change for change in (*read_here, *given)}
    return tuple(sorted(by_id.values(), key=lambda change: (change.time_ms, change.id)))
