"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def bundle(command: Command) -> Command:
    """Add the bundle's files, folders and archives."""
    return click.argument("bundle", nargs=-1, required=True)(command)


def patterns(command: Command) -> Command:
    """Add the folders of a user's own patterns."""
    return click.option(
        "--patterns",
        "pattern_directories",
        multiple=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help="A folder of your own pattern files; may be given more than once.",
    )(command)


def workers(command: Command) -> Command:
    """Add the number of processes."""
    return click.option(
        "--workers",
        type=click.IntRange(min=0),
        default=0,
        help="Processes to read with; 0 takes one for each processor.",
    )(command)


def max_faults(command: Command) -> Command:
    """Add the number of faults that are still a success."""
    return click.option(
        "--max-faults",
        type=click.IntRange(min=0),
        metavar="N",
        help="Exit with 3 when more than N things could not be read.",
    )(command)
