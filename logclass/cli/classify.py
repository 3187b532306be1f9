"""`logclass classify`: one row per rejection."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

import click
import orjson

from logclass.cli import options
from logclass.render import csv
from logclass.render.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.classify import Classified
    from logclass.model import Fault


@click.command(
    "classify",
    short_help="Write one row for each rejection.",
    epilog=options.examples(
        "logclass classify bundle.zip | jq -r '.reason // empty' | sort | uniq -c",
        "logclass classify logs/ --format csv -o rejections.csv",
    ),
)
@options.bundle
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet"]),
    default="jsonl",
    show_default=True,
    help="How the rows are written.",
)
@click.option("-o", "--output", metavar="FILE", default="-", help="Where to; - is stdout.")
@options.zones
@options.formats
@options.endpoint_url
@options.max_faults
@options.strict
@options.patterns
def command(
    *,
    bundle: tuple[str, ...],
    form: str,
    output: str,
    zone: str | None,
    zones_for: tuple[str, ...],
    formats_for: tuple[str, ...],
    endpoint_url: str,
    max_faults: int | None,
    is_strict: bool,
    pattern_directories: tuple[Path, ...],
) -> None:
    """Write one row for each record of BUNDLE that has an outcome: rejected, accepted, signal.

    Of many lines that tell of accepted requests, only a sample has rows.
    """
    from logclass import pipeline, rows

    chosen = pipeline.Options(
        pattern_directories=pattern_directories,
        choices=options.choices(formats_for, zone, zones_for, endpoint_url),
        cache=options.cache_directory(),
    )
    if form == "parquet" and output == "-":
        raise click.UsageError("Parquet needs a file: give one with -o")
    options.prepare_outputs(bundle, [output])
    if form == "parquet":
        faults = pipeline.write_events(bundle, chosen, Path(output))
        if is_strict:
            options.stop_at_faults(faults)
    else:
        faults = []
        found = (
            row
            for one in _checked(pipeline.classified(bundle, chosen, faults), faults, is_strict)
            for row in rows.dictionaries(one.rejections, keep_empty=form == "csv")
        )
        _write(found, form, output)
    for fault in faults:
        click.echo(options.fault_line(fault), err=True)
    if max_faults is not None and sum(fault.count for fault in faults) > max_faults:
        raise click.exceptions.Exit(3)
    sys.stdout.flush()


def _write(found: Iterable[dict[str, Any]], form: str, output: str) -> None:
    with cast("TextIO", click.open_file(output, "w", encoding="utf-8")) as file:
        is_terminal = output == "-" and sys.stdout.isatty()
        stream = cast("TextIO", _Visible(file)) if is_terminal else file
        if form == "csv":
            csv.write(found, stream)
        else:
            for row in found:
                stream.write(orjson.dumps(row).decode() + "\n")


class _Visible:
    """A terminal: what would steer it, which files and pipes get as it is, is written out."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, row: str) -> int:
        """Write one row."""
        return self._file.write(f"{visible(row.rstrip())}\n")


def _checked(
    found: Iterable[Classified], faults: list[Fault], is_strict: bool
) -> Iterator[Classified]:
    """Pass on what was classified; with `--strict`, stop at the first batch with a fault."""
    for one in found:
        if is_strict:
            options.stop_at_faults(faults)
        yield one
    if is_strict:
        options.stop_at_faults(faults)
