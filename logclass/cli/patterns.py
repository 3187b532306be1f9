"""`logclass patterns`: look at the patterns and check them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from logclass.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.group("patterns")
def command() -> None:
    """List and check patterns, and begin a new one."""


@command.command("list")
@click.option(
    "--literals", is_flag=True, help="The prefilter's literals, one a line, for rg -F -f."
)
@click.option("--library", help="Only patterns of this library.")
@click.option("--reason", help="Only patterns with this reason.")
@options.patterns
def list_patterns(
    literals: bool, library: str | None, reason: str | None, pattern_directories: tuple[Path, ...]
) -> None:
    """List the patterns: id, reason, versions."""
    from logclass.patternset import load

    patternset = load(pattern_directories)
    if literals:
        click.echo("\n".join(patternset.literals))
        return
    for pattern in patternset.patterns:
        if library not in {None, pattern.library} or reason not in {None, pattern.reason}:
            continue
        click.echo(f"{pattern.id:48} {pattern.reason or pattern.outcome:22} {pattern.versions}")


@command.command("check")
@options.patterns
def check(pattern_directories: tuple[Path, ...]) -> None:
    """Run the lints over all patterns; exits with 2 when one fails."""
    from logclass.patterncheck import check as problems_of
    from logclass.patternset import load

    patternset = load(pattern_directories)
    problems = problems_of(patternset)
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{len(patternset.patterns)} patterns, {len(problems)} problems")
    if problems:
        raise click.exceptions.Exit(2)


@command.command("coverage")
@options.patterns
def coverage(pattern_directories: tuple[Path, ...]) -> None:
    """Show what is covered: library, patterns, reasons, and the share of recorded examples."""
    from logclass.patternlist import coverage as rows_of
    from logclass.patternset import load

    click.echo(f"{'library':28} {'patterns':>8} {'examples':>8} {'recorded':>8}  reasons")
    for row in rows_of(load(pattern_directories)):
        share = row.recorded / row.examples if row.examples else 0.0
        reasons = ", ".join(f"{name} {count}" for name, count in sorted(row.reasons.items()))
        click.echo(
            f"{row.library.name:28} {row.patterns:8} {row.examples:8} {share:8.0%}  {reasons}"
        )


@command.command("new")
@click.argument("text", required=False)
def new(text: str | None) -> None:
    """Print a stub for a line that no pattern knows: TEXT, or standard input."""
    from logclass import redact
    from logclass.patternlist import stub

    line = text if text is not None else sys.stdin.read(1 << 16)
    click.echo(stub(redact.text(line)), nl=False)
