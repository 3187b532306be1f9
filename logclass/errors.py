"""Errors a user can act on. The command line turns each into one line on stderr."""

from __future__ import annotations


class LogclassError(Exception):
    """Anything that stops a command, worded for the person who ran it."""


class UnreadableInputError(LogclassError):
    """Nothing at all could be read from what was named."""


class PatternError(LogclassError):
    """A pattern file is not valid; the message carries file and pattern id."""


class ContractError(LogclassError):
    """An expected contract (`--expect`) is not valid."""


class ChangeRecordError(LogclassError):
    """A change record given with `--changes` cannot be read."""
