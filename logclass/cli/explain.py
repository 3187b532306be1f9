"""`logclass explain`: why a message gets its reason."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import orjson

from logclass.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("explain")
@click.argument("texts", nargs=-1)
@click.option("-0", "is_nul_separated", is_flag=True, help="Texts on stdin end with NUL.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per text, in input order.")
@options.patterns
def command(
    texts: tuple[str, ...],
    is_nul_separated: bool,
    as_json: bool,
    pattern_directories: tuple[Path, ...],
) -> None:
    """Say which reason each TEXT gets, by which pattern, and what it means.

    Without TEXT, texts are read from stdin, one a line.
    """
    from logclass import explain
    from logclass.matcher import Matcher
    from logclass.patterncache import prepare

    prepared = prepare(pattern_directories, options.cache_directory())
    matcher = Matcher(prepared.patternset, prefilter=prepared.prefilter)
    said = list(texts) or _from_stdin(is_nul_separated=is_nul_separated)
    for explanation in explain.explain_all(said, matcher):
        if as_json:
            sys.stdout.buffer.write(orjson.dumps(explanation.as_json()) + b"\n")
        else:
            click.echo(explanation.as_text())


def _from_stdin(*, is_nul_separated: bool) -> list[str]:
    data = sys.stdin.buffer.read().decode("utf-8", "replace")
    separator = "\0" if is_nul_separated else "\n"
    texts = data.split(separator)
    if texts and not texts[-1].strip("\n"):
        texts.pop()
    return texts
