"""Options that several commands share."""

from __future__ import annotations

import os
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


def zones(command: Command) -> Command:
    """Add the zones of stamps that name none."""
    every = click.option(
        "--tz",
        "zone",
        metavar="ZONE",
        help="Zone of times that name none, such as Europe/Berlin; UTC without it.",
    )
    some = click.option(
        "--tz-for",
        "zones_for",
        multiple=True,
        metavar="GLOB=ZONE",
        help="The same for the files that fit; may be given more than once.",
    )
    return every(some(command))


def zone_choices(zone: str | None, zones_for: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return (glob, zone) pairs. Raises click.BadParameter for a zone that is not known."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    found = [("*", zone)] if zone else []
    for text in zones_for:
        glob, equals, name = text.rpartition("=")
        if not equals:
            raise click.BadParameter(f"{text}: write GLOB=ZONE", param_hint="--tz-for")
        found.append((glob, name))
    for _, name in found:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise click.BadParameter(f"no zone is called {name}", param_hint="--tz") from error
    return tuple(found)


def max_faults(command: Command) -> Command:
    """Add the number of faults that are still a success."""
    return click.option(
        "--max-faults",
        type=click.IntRange(min=0),
        metavar="N",
        help="Exit with 3 when more than N things could not be read.",
    )(command)


def cache_directory() -> Path | None:
    """Return the folder for what can be made again (XDG Base Directory), None without a home."""
    chosen = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(chosen) if chosen else Path.home() / ".cache") / "logclass"
    except RuntimeError:
        return None
