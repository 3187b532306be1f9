"""`logclass explain`: why a message gets its reason."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import orjson

from logclass.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("explain", short_help="Say why a message gets its reason.")
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

    Without TEXT, texts are read from stdin, one a line; with -0 a text may span lines.
    """
    from logclass import explain
    from logclass.patterncache import prepare

    prepared = prepare(pattern_directories, options.cache_directory())
    matcher = prepared.matcher()
    said = [_whole(text) for text in texts] or _from_stdin(is_nul_separated=is_nul_separated)
    explanations = explain.explain_all(said, matcher, with_beaten=not as_json)
    for index, explanation in enumerate(explanations):
        if as_json:
            sys.stdout.buffer.write(orjson.dumps(explanation.as_json()) + b"\n")
            continue
        if len(said) > 1:
            click.echo(("\n" if index else "") + explanation.heading())
        click.echo(explanation.as_text())


def _whole(text: str) -> str:
    """Return an argument whose undecodable bytes are replacement characters, as on stdin."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _from_stdin(*, is_nul_separated: bool) -> list[str]:
    if sys.stdin.isatty():
        click.echo("reading texts from the terminal, one a line; Ctrl-D ends", err=True)
    data = sys.stdin.buffer.read().decode("utf-8", "replace")
    if is_nul_separated:
        texts = data.split("\0")
        if not texts[-1].strip("\r\n"):
            texts.pop()
        return texts
    texts = data.removesuffix("\n").split("\n") if data else []
    return [text.removesuffix("\r") for text in texts]
