"""`logclass report`: the main job."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from logclass.cli import options
from logclass.errors import OutputError
from logclass.model import Fault
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.model import ChangeEvent, Report

_PAGE = "logclass-report.html"  # where nothing else is asked for
_SHOWN_FAULTS = 3
_MANY = 50  # a list of changes that people write without a word on any is shorter


@click.command(
    "report",
    short_help="Name the cause of the incident; write one HTML page.",
    epilog=options.examples(
        "logclass report bundle.zip -o report.html",
        "logclass report logs/ --changes deploys.csv --tz Europe/Paris",
        "kubectl logs deploy/auth --timestamps | logclass report - --markdown -",
    ),
)
@options.bundle
@click.option(
    "-o",
    "--output",
    metavar="FILE.html",
    help=f"Write the page; - is stdout. Without any output: {_PAGE}.",
)
@click.option("--json", "json_file", metavar="FILE", help="Write the report as JSON; - is stdout.")
@click.option(
    "--markdown", "markdown_file", metavar="FILE", help="Write a text for the ticket; - is stdout."
)
@click.option(
    "--events", "events_file", metavar="FILE.parquet", help="Write one row per rejection."
)
@click.option(
    "--changes",
    "change_files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Deploys, rotations, configuration changes; may be repeated.",
)
@click.option(
    "--expect",
    "contract_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What the verifier is meant to accept: iss, aud, algorithms, kid, leeway.",
)
@click.option(
    "--fail-on", type=click.Choice(["incident"]), help="Exit with 1 when an incident is found."
)
@options.zones
@options.formats
@options.endpoint_url
@options.max_faults
@options.strict
@options.patterns
@options.workers
def command(  # noqa: PLR0917 - one for each option
    bundle: tuple[str, ...],
    output: str | None,
    json_file: str | None,
    markdown_file: str | None,
    events_file: str | None,
    change_files: tuple[Path, ...],
    contract_file: Path | None,
    fail_on: str | None,
    zone: str | None,
    zones_for: tuple[str, ...],
    formats_for: tuple[str, ...],
    endpoint_url: str,
    max_faults: int | None,
    is_strict: bool,
    pattern_directories: tuple[Path, ...],
    workers: int,
) -> None:
    """Find the incident in BUNDLE, name its cause, and write one HTML page.

    BUNDLE is any mix of files, folders, archives and - for standard input. Change records and an
    expected contract found inside it are used.
    """
    from logclass import contract, pipeline
    from logclass.changes import given

    wants_page = output is not None or not (json_file or markdown_file or events_file)
    page_file = (output or _PAGE) if wants_page else None
    _refuse_events(events_file, bundle)
    options.prepare_outputs(bundle, (page_file, json_file, markdown_file, events_file))
    chosen = pipeline.Options(
        pattern_directories=pattern_directories,
        workers=workers,
        choices=options.choices(formats_for, zone, zones_for, endpoint_url),
        cache=options.cache_directory(),
    )
    changes = given.read(change_files)
    _doubt_changes(changes)
    expected = contract.load(contract_file) if contract_file else ()
    intake = pipeline.read(bundle, chosen)
    if is_strict:
        options.stop_at_faults(intake.summary.faults)
    report = pipeline.diagnose(
        intake, command=_command_line(bundle), changes_given=changes, expected=expected
    )
    _write_report(report, page_file, json_file, markdown_file)
    if events_file:
        again = chosen.choices._replace(settled=intake.settled)
        pipeline.write_events(bundle, replace(chosen, choices=again), Path(events_file))
    say_verdict(report.document)
    _say_faults(report.document)
    for name in (page_file, json_file, markdown_file, events_file):
        if name and name != "-":
            click.echo(f"wrote {name}", err=True)
    _exit(report.document, fail_on, max_faults)


def _doubt_changes(changes: Sequence[ChangeEvent]) -> None:
    """Say so where many records say nothing of a change but a time and a name: logs look so."""
    for source in sorted({one.source for one in changes}):
        own = [one for one in changes if one.source == source]
        if len(own) > _MANY and not any(_says_what(one) for one in own):
            told = f"none of its {len(own):,} records says what was changed: is it a log?"
            click.echo(options.printable(f"logclass: {source}: {told}"), err=True)


def _says_what(change: ChangeEvent) -> bool:
    return bool(change.kind != ChangeKind.OTHER or change.description or change.version)


def _write_report(
    report: Report, page_file: str | None, json_file: str | None, markdown_file: str | None
) -> None:
    from logclass import report as documents
    from logclass.render import html, markdown

    if page_file:
        _write(page_file, html.render(report).encode())
    if json_file:
        _write(json_file, documents.to_json(report))
    if markdown_file:
        _write(markdown_file, markdown.render(report).encode())


def _refuse_events(events_file: str | None, bundle: tuple[str, ...]) -> None:
    """Raise click.UsageError where the rows cannot be written, or not be read for them."""
    if events_file == "-":
        raise click.UsageError("Parquet needs a file: give one with --events")
    if events_file and "-" in bundle:
        raise click.UsageError("--events reads the bundle again, and standard input is read once")


def _command_line(bundle: tuple[str, ...]) -> str:
    """Return the command as it stands in the report: what was read, not where the output went."""
    return shlex.join(["logclass", "report", *(Path(name).name or name for name in bundle)])


def say_verdict(document: dict[str, Any]) -> None:
    """Write grade, verdict and first step of each incident, or that there is none, to stderr."""
    from logclass.render import verdict

    for incident in document["incidents"]:
        grade = incident["causes"][0]["grade"] if incident["causes"] else "unknown"
        click.echo(options.printable(f"{grade}: {incident['headline']}"), err=True)
        step = verdict.first_step(incident)
        if step["text"]:
            click.echo(options.printable(f"  {step['label'].lower()}: {step['text']}"), err=True)
    if not document["incidents"]:
        quiet = document["quiet"]
        said = "no incident in this bundle" if quiet["can_tell"] else "no incident found"
        click.echo(options.printable(f"{said}: {quiet['smallest_visible']}"), err=True)


def _say_faults(document: dict[str, Any]) -> None:
    """Write to stderr what could not be read: the verdict may stand on less than was named."""
    listed = [Fault(**one) for one in document["faults"] if one["count"]]
    for fault in listed[:_SHOWN_FAULTS]:
        click.echo(f"not read: {options.fault_line(fault)}", err=True)
    if len(listed) > _SHOWN_FAULTS:
        more = document["intake"]["faults"] - sum(one.count for one in listed[:_SHOWN_FAULTS])
        click.echo(f"not read: {more:,} more, listed in the report", err=True)


def _write(name: str, data: bytes) -> None:
    if name == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        Path(name).write_bytes(data)
    except OSError as error:
        raise OutputError(f"cannot write {name}: {error.strerror}") from error


def _exit(document: dict[str, Any], fail_on: str | None, max_faults: int | None) -> None:
    intake = document["intake"]
    faults = int(intake["faults"])
    if max_faults is not None and faults > max_faults:
        click.echo(f"{faults} faults, more than the {max_faults} allowed", err=True)
        raise click.exceptions.Exit(3)
    if fail_on == "incident" and document["incidents"]:
        raise click.exceptions.Exit(1)
