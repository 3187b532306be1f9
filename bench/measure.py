"""Run one program and say what it took: time, processor time, memory. Linux only (/proc)."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PROC = Path("/proc")
_SAMPLE_SECONDS = 0.02
_KIB = 1024


class ProgramError(Exception):
    """A program that was measured failed, or was stopped: the message says how."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One run: elapsed time, and user and system time of the process and its children."""

    wall_seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Peaks of one run, sampled every 20 ms."""

    largest_bytes: int  # resident set of the largest single process (its own high-water mark)
    sum_bytes: int  # proportional set size, summed over all processes alive at one time
    sum_anonymous_bytes: int  # the part of that sum that is no mapped file


def timed(command: Sequence[str], ok: Sequence[int] = (0,)) -> Timing:
    """Run a command with its output thrown away; raises ProgramError when it fails."""
    with Path(os.devnull).open("wb") as output:
        return _run(command, output, ok, None)


def watched(
    command: Sequence[str], output: Path, ok: Sequence[int] = (0,), *, limit_seconds: float
) -> Memory:
    """Run a command, its output kept in a file, and sample its memory.

    Sampling takes processor time, so a run that is watched is never one that is timed. Raises
    ProgramError when it fails, or has not ended after the limit and is stopped.
    """
    until = time.perf_counter() + limit_seconds
    peaks: list[Memory] = [Memory(0, 0, 0)]

    def sample(session: int) -> None:
        if time.perf_counter() > until:
            raise ProgramError(f"stopped after {limit_seconds:g} s")
        seen = _session_memory(session)
        peaks[0] = Memory(
            max(peaks[0].largest_bytes, seen.largest_bytes),
            max(peaks[0].sum_bytes, seen.sum_bytes),
            max(peaks[0].sum_anonymous_bytes, seen.sum_anonymous_bytes),
        )

    with output.open("wb") as file:
        _run(command, file, ok, sample)
    return peaks[0]


def _run(
    command: Sequence[str],
    output: IO[bytes],
    ok: Sequence[int],
    watch: Callable[[int], None] | None,
) -> Timing:
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, start_new_session=True
        )
        try:
            status, usage = _waited(process.pid, watch)
        except ProgramError:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in ok:
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise ProgramError(f"failed, exit {process.returncode}: {''.join(said)[:300]}")
    return Timing(wall, usage.ru_utime + usage.ru_stime)


def _waited(pid: int, watch: Callable[[int], None] | None) -> tuple[int, os.struct_rusage]:
    if watch is None:
        _, status, usage = os.wait4(pid, 0)
        return status, usage
    while True:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            return status, usage
        watch(pid)
        time.sleep(_SAMPLE_SECONDS)


def _session_memory(session: int) -> Memory:
    """Return the memory of all processes of a session at this moment."""
    largest = total = anonymous = 0
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # after the name in brackets: state, parent, group, session
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) != session:
                continue
            status = _sizes(entry / "status")
            rolled = _sizes(entry / "smaps_rollup")
        except (OSError, IndexError):  # it has just ended
            continue
        largest = max(largest, status.get("VmHWM", 0))
        total += rolled.get("Pss", 0)
        anonymous += rolled.get("Pss_Anon", 0)
    return Memory(largest, total, anonymous)


def _sizes(path: Path) -> dict[str, int]:
    sizes = {}
    for line in path.read_text().splitlines():
        name, _, value = line.partition(":")
        if value.endswith("kB"):
            sizes[name] = int(value.split()[0]) * _KIB
    return sizes
