"""`logclass explain`: why a message gets its reason."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

import click
import orjson

from logclass.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import BufferedReader
    from pathlib import Path

_READ_BYTES = 1 << 16


@click.command(
    "explain",
    short_help="Say why a message gets its reason.",
    epilog=options.examples(
        "logclass explain 'JsonWebTokenError: jwt audience invalid. expected: web-prod'",
        "grep -i token app.log | logclass explain --json",
    ),
)
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
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
    if texts:
        batches: Iterable[list[str]] = [[_whole(text) for text in texts]]
    else:
        batches = _from_stdin(is_nul_separated=is_nul_separated)
    is_headed = len(texts) != 1  # how many stdin will hold is not known when the first is answered
    count = 0
    for batch in batches:
        for explanation in explain.explain_all(batch, matcher, with_beaten=not as_json):
            if as_json:
                sys.stdout.buffer.write(orjson.dumps(explanation.as_json()) + b"\n")
            else:
                if is_headed:
                    click.echo(("\n" if count else "") + explanation.heading())
                click.echo(explanation.as_text())
            count += 1
        sys.stdout.flush()


def _whole(text: str) -> str:
    """Return an argument whose undecodable bytes are replacement characters, as on stdin."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _from_stdin(*, is_nul_separated: bool) -> Iterator[list[str]]:
    """Yield the texts of stdin as they come, so that `tail -f` is answered line by line."""
    if sys.stdin.isatty():
        click.echo("reading texts from the terminal, one a line; Ctrl-D ends", err=True)
    end = b"\0" if is_nul_separated else b"\n"
    source = cast("BufferedReader", sys.stdin.buffer)
    rest: list[bytes] = []  # of a text that is not whole yet; joined once, however long it is
    while data := source.read1(_READ_BYTES):
        first, *others = data.split(end)
        rest.append(first)
        if others:
            yield [_decoded(text, end) for text in (b"".join(rest), *others[:-1])]
            rest = [others[-1]]
    last = b"".join(rest)
    if last.strip(b"\r\n") if is_nul_separated else last:
        yield [_decoded(last, end)]


def _decoded(text: bytes, end: bytes) -> str:
    line = text.removesuffix(b"\r") if end == b"\n" else text
    return line.decode("utf-8", "replace")
