"""`logclass patterns`: look at the patterns and check them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from logclass.cli import options
from logclass.errors import LogclassError

if TYPE_CHECKING:
    from collections.abc import Sized

    from logclass.patternlist import Covered


@click.group("patterns")
def command() -> None:
    """List and check patterns, and begin a new one."""


@command.command("list", short_help="List the patterns: id, reason, versions.")
@click.option(
    "--literals", is_flag=True, help="The prefilter's literals, one a line, for rg -F -f."
)
@click.option("--library", help="Only patterns of this library.")
@click.option("--reason", help="Only patterns with this reason.")
@options.patterns
def list_patterns(
    literals: bool, library: str | None, reason: str | None, pattern_directories: tuple[Path, ...]
) -> None:
    """List the patterns: id, reason or outcome, versions of the library."""
    from logclass.patternset import load

    patternset = load(pattern_directories)
    if literals:
        click.echo("\n".join(patternset.literals))
        return
    shown = [
        pattern
        for pattern in patternset.patterns
        if library in {None, pattern.library} and reason in {None, pattern.reason}
    ]
    _refuse_nothing(shown, library, reason)
    for pattern in shown:
        click.echo(f"{pattern.id:48} {pattern.reason or pattern.outcome:22} {pattern.versions}")


@command.command("check", short_help="Run the lints; exits with 2 when one fails.")
@click.argument(
    "files", nargs=-1, metavar="[FILE]...", type=click.Path(dir_okay=False, path_type=Path)
)
@options.patterns
def check(files: tuple[Path, ...], pattern_directories: tuple[Path, ...]) -> None:
    """Run the lints over each FILE, read beside the shipped ones: seconds.

    Without FILE, over all patterns: minutes. Exits with 2 when a lint fails.
    """
    from logclass import patterncheck, patternset
    from logclass.render.words import plural

    beside = patternset.files_of(pattern_directories)
    checked = patterncheck.check_files(files or beside, beside)
    for problem in checked.problems:
        click.echo(str(problem), err=True)
    problems = plural(len(checked.problems), "problem")
    click.echo(f"{plural(checked.patterns, 'pattern')}, {problems}")
    if checked.problems:
        raise click.exceptions.Exit(2)


@command.command("coverage")
@click.option("--library", help="Only this library.")
@click.option("--reason", help="Only this reason.")
@click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Texts beside the patterns' own examples, as in tests/corpus; a checkout's own is used.",
)
@click.option("--missing", is_flag=True, help="List the texts that are not recognised.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per library and reason.")
@options.patterns
def coverage(  # noqa: PLR0917 - one for each option
    library: str | None,
    reason: str | None,
    corpus: Path | None,
    missing: bool,
    as_json: bool,
    pattern_directories: tuple[Path, ...],
) -> None:
    """Show library by reason: texts known, recognised and recorded."""
    from logclass import patternlist
    from logclass.patterncache import prepare

    prepared = prepare(pattern_directories, options.cache_directory())
    patternset = prepared.patternset
    try:
        known = patternlist.known_texts(patternset, corpus or patternlist.corpus_directory())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LogclassError(f"{corpus}: no corpus: {error}") from error
    known = {
        one: ran
        for one, ran in known.items()
        if library in {None, one.library} and reason in {None, one.reason}
    }
    missed = patternlist.unrecognised(known, prepared.matcher())
    rows = [
        row
        for row in patternlist.coverage(patternset, known, missed)
        if library in {None, row.library} and reason in {None, row.reason}
    ]
    _refuse_nothing(rows, library, reason)
    if missing:
        for one in sorted(missed):
            click.echo(orjson.dumps(one._asdict()))
        return
    if as_json:
        for row in rows:
            click.echo(orjson.dumps(row._asdict()))
        return
    _print_coverage(rows)


def _refuse_nothing(rows: Sized, library: str | None, reason: str | None) -> None:
    if not rows:
        asked = " and ".join(name for name in (library, reason) if name)
        raise click.UsageError(f"no pattern is of {asked}: see `logclass patterns list`")


def _print_coverage(rows: list[Covered]) -> None:
    numbers = ("patterns", "known", "recognised", "recorded")
    head = "".join(f" {name:>10}" for name in numbers)
    click.echo(f"{'library':28} {'reason':20}{head}")
    counts = [(row.patterns, row.known, row.recognised, row.recorded) for row in rows]
    for row, own in zip(rows, counts, strict=True):
        click.echo(f"{row.library:28} {row.reason:20}" + "".join(f" {n:10,}" for n in own))
    sums = [sum(column) for column in zip(*counts, strict=True)]
    click.echo(f"{'all':28} {'':20}" + "".join(f" {n:10,}" for n in sums))
    if sums[1]:
        shares = f"{sums[2] / sums[1]:.1%} recognised, {sums[3] / sums[1]:.0%} recorded"
        click.echo(f"of {sums[1]:,} known texts {shares}", err=True)


@command.command(
    "new",
    short_help="Print a stub for a line no pattern knows.",
    epilog=options.examples("logclass patterns new 'gate E4012 bearer refused, minted for north'"),
)
@click.argument("text", required=False)
def new(text: str | None) -> None:
    """Print a stub for a line that no pattern knows: TEXT, or standard input."""
    from logclass.residue import stub

    line = text
    if line is None:
        line = sys.stdin.buffer.read(1 << 16).decode("utf-8", "replace")
    if not line.strip():
        raise click.UsageError("give a line as TEXT or on standard input")
    # TOML holds no control characters, and a terminal should not be steered by them
    plain = "".join(one if one.isprintable() or one in "\n\t" else " " for one in line)
    click.echo(stub(plain), nl=False)
