"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from logclass.errors import OutputError

if TYPE_CHECKING:
    from logclass.model import Choices, Fault

_SHOWN_FAULTS = 20
Command = TypeVar("Command", bound=Callable[..., Any])


def examples(*lines: str) -> str:
    """Return command lines as a click epilog; the backspace keeps click from wrapping them."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


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
        help="A folder of your own pattern files; may be repeated.",
    )(command)


def workers(command: Command) -> Command:
    """Add the number of processes."""
    return click.option(
        "--workers",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Processes to read with; without it, or with 0, one for each processor.",
    )(command)


def zones(command: Command) -> Command:
    """Add the zones of stamps that name none."""
    every = click.option(
        "--tz",
        "zone",
        metavar="ZONE",
        help="Zone of times that name none, such as Europe/Berlin or +02:00; UTC without it.",
    )
    some = click.option(
        "--tz-for",
        "zones_for",
        multiple=True,
        metavar="GLOB=ZONE",
        help="The same for the files whose name fits; may be repeated.",
    )
    return every(some(command))


def _zone_choices(zone: str | None, zones_for: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return (glob, zone) pairs. Raises click.BadParameter for a zone that is not known."""
    from logclass.offsets import zone_named

    asked = [("*", zone, "--tz")] if zone else []
    for text in zones_for:
        glob, equals, name = text.rpartition("=")
        if not equals:
            raise click.BadParameter(f"{text}: write GLOB=ZONE", param_hint="--tz-for")
        asked.append((glob, name, "--tz-for"))
    for _, name, option in asked:
        try:
            zone_named(name)
        except ValueError as error:
            raise click.BadParameter(f"no zone is called {name}", param_hint=option) from error
    return tuple((glob, name) for glob, name, _ in asked)


def formats(command: Command) -> Command:
    """Add the formats that the user knows better."""
    return click.option(
        "--as",
        "formats_for",
        multiple=True,
        metavar="GLOB=FORMAT",
        help="Read the files whose name fits in a format of `logclass formats`; may be repeated.",
    )(command)


def _format_choices(formats_for: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return (glob, format name) pairs. Raises click.BadParameter for an unknown format."""
    from logclass.formats import FORMATS, by_name

    found = []
    for text in formats_for:
        glob, equals, name = text.rpartition("=")
        if not equals or not glob:
            raise click.BadParameter(f"{text}: write GLOB=FORMAT", param_hint="--as")
        if by_name(name) is None:
            known = ", ".join(format_.name for format_ in FORMATS)
            raise click.BadParameter(f"no format is called {name}: {known}", param_hint="--as")
        found.append((glob, name))
    return tuple(found)


def endpoint_url(command: Command) -> Command:
    """Add the address of a remote store."""
    return click.option(
        "--endpoint-url",
        default="",
        envvar=["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"],
        metavar="URL",
        help="Where s3://, gs:// and abfs:// lead, when not to the provider's own service.",
    )(command)


def choices(
    formats_for: tuple[str, ...], zone: str | None, zones_for: tuple[str, ...], url: str
) -> Choices:
    """Return what the options say of sources. Raises click.BadParameter for unknown names."""
    from logclass.model import Choices

    return Choices(_format_choices(formats_for), _zone_choices(zone, zones_for), url)


def prepare_outputs(bundle: tuple[str, ...], names: Iterable[str | None]) -> None:
    """Make the folders of the files to be written, before minutes are spent on reading.

    names: of the files, None where one is not asked for; - is stdout. Raises OutputError for what
    cannot be written, for two outputs in one place, and for one that would overwrite what is read.
    """
    read = {os.path.realpath(name) for name in bundle if name != "-"}
    taken: set[str] = set()
    for name in filter(None, names):
        place = name if name == "-" else os.path.realpath(name)
        if place in taken and not Path(place).is_char_device():  # /dev/null takes any number
            where = "stdout" if name == "-" else name
            raise OutputError(f"two outputs cannot both go to {where}")
        taken.add(place)
        if place in read:
            raise OutputError(f"cannot write {name}: it is read, and would be overwritten")
        if name != "-":
            _prepare_output(name)


def _prepare_output(name: str) -> None:
    path = Path(name)
    if path.is_dir():
        raise OutputError(f"cannot write {name}: Is a directory")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputError(f"cannot write {name}: {error.filename} is not a folder") from error
    except OSError as error:
        raise OutputError(f"cannot write {name}: {error.strerror}") from error


def max_faults(command: Command) -> Command:
    """Add the number of faults that are still a success."""
    return click.option(
        "--max-faults",
        type=click.IntRange(min=0),
        metavar="N",
        help="Exit with 3 when more than N things could not be read.",
    )(command)


def strict(command: Command) -> Command:
    """Add that nothing may be left unread."""
    return click.option(
        "--strict", "is_strict", is_flag=True, help="Stop with 3 where anything could not be read."
    )(command)


def stop_at_faults(faults: Iterable[Fault]) -> None:
    """Exit with 3, saying what could not be read, when there is anything (`--strict`)."""
    found = [fault for fault in faults if fault.count]
    if not found:
        return
    for fault in found[:_SHOWN_FAULTS]:
        click.echo(fault_line(fault), err=True)
    total = sum(fault.count for fault in found)
    click.echo(f"logclass: {total} faults, and --strict allows none", err=True)
    raise click.exceptions.Exit(3)


def fault_line(fault: Fault) -> str:
    """Return a fault as one line: place, kind, detail, and how often where that is not once."""
    place = f"{fault.source}:{fault.line}" if fault.line else fault.source or "other sources"
    times = f" ({fault.count:,} times)" if fault.count > 1 else ""
    return printable(f"{place}: {fault.kind}: {fault.detail}{times}")


def printable(text: str) -> str:
    """Return the text with what would steer a terminal written out, such as in file names."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "replace").decode()
        for one in text
    )


def cache_directory() -> Path | None:
    """Return the folder for what can be made again (XDG Base Directory), None without a home.

    As the specification says, a folder that is not named from the root is not taken.
    """
    named = (os.environ.get(name) for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"))
    chosen = next((one for one in named if one and Path(one).is_absolute()), None)
    try:
        return (Path(chosen) if chosen else Path.home() / ".cache") / "logclass"
    except RuntimeError:
        return None
