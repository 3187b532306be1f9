"""Errors a user can act on. The command line turns each into one line on stderr."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.formats.format import Format
    from logclass.model import Fault


class LogclassError(Exception):
    """Anything that stops a command, worded for the person who ran it."""


MISSING = "no such file or directory"
_NOT_OPENED = {"denied", "unreachable", "bad_address"}
_SHOWN_FAULTS = 10


class UnreadableInputError(LogclassError):
    """Nothing at all could be read from what was named."""

    @classmethod
    def of(
        cls, names: Sequence[str], faults: Sequence[Fault], formats: Sequence[Format]
    ) -> UnreadableInputError:
        """Return the error with the first faults, and the known formats where they may help."""
        lines = [f"no log records could be read from {', '.join(names)}"]
        lines += [f"  {fault.source}: {fault.detail}" for fault in faults[:_SHOWN_FAULTS]]
        if not all(fault.kind in _NOT_OPENED or fault.detail == MISSING for fault in faults):
            known = "; ".join(one.title for one in formats)
            lines += textwrap.wrap(f"known formats: {known}", 96, subsequent_indent="  ")
        return cls("\n".join(lines))


class OutputError(LogclassError):
    """What was found cannot be written: a full disk, a folder where a file belongs."""

    @classmethod
    def of(cls, error: OSError) -> OutputError:
        """Return the error with the file, where it names one, and why."""
        why = (
            error.strerror if error.filename else str(error).removeprefix(f"[Errno {error.errno}] ")
        )
        return cls(f"{error.filename or 'the output'}: {why or type(error).__name__}")


class PatternError(LogclassError):
    """A pattern file is not valid; the message carries file and pattern id."""


class ContractError(LogclassError):
    """An expected contract (`--expect`) is not valid."""


class ChangeRecordError(LogclassError):
    """A change record given with `--changes` cannot be read."""
