"""`logclass detect`: what a file is taken for."""

from __future__ import annotations

import click

from logclass.cli import options


@click.command("detect")
@options.bundle
def command(bundle: tuple[str, ...]) -> None:
    """Say which format each file in BUNDLE is read as, and how sure that is."""
    from logclass import pipeline

    for found in pipeline.detect(bundle):
        click.echo(f"{found.source}: {found.format} ({found.detail})")
        for record in found.records:
            click.echo(f"    {record}")
