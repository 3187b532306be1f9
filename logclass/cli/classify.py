"""`logclass classify`: one row per rejection."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO, cast

import click
import orjson

from logclass.cli import options


@click.command("classify")
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
@options.max_faults
@options.patterns
def command(
    *,
    bundle: tuple[str, ...],
    form: str,
    output: str,
    zone: str | None,
    zones_for: tuple[str, ...],
    max_faults: int | None,
    pattern_directories: tuple[Path, ...],
) -> None:
    """Write one row for each record of BUNDLE that has an outcome: rejected, accepted, signal."""
    from logclass import pipeline, rows
    from logclass.render import csv

    chosen = pipeline.Options(
        pattern_directories=pattern_directories,
        zones=options.zone_choices(zone, zones_for),
        cache=options.cache_directory(),
    )
    if form == "parquet":
        if output == "-":
            raise click.UsageError("Parquet needs a file: give one with -o")
        faults = pipeline.write_events(bundle, chosen, Path(output))
    else:
        faults = []
        found = (
            row
            for one in pipeline.classified(bundle, chosen, faults)
            for row in rows.dictionaries(one.rejections, keep_empty=form == "csv")
        )
        with cast("TextIO", click.open_file(output, "w", encoding="utf-8")) as stream:
            if form == "csv":
                csv.write(found, stream)
            else:
                stream.writelines(orjson.dumps(row).decode() + "\n" for row in found)
    for fault in faults:
        place = f"{fault.source}:{fault.line}" if fault.line else fault.source
        click.echo(f"{place}: {fault.kind}: {fault.detail}", err=True)
    if max_faults is not None and sum(fault.count for fault in faults) > max_faults:
        raise click.exceptions.Exit(3)
    sys.stdout.flush()
