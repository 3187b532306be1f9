"""`logclass formats`: what can be read."""

from __future__ import annotations

import click


@click.command("formats")
def command() -> None:
    """List the export formats and change records that can be read."""
    from logclass import changes, formats

    width = max(len(format_.name) for format_ in formats.FORMATS)
    click.echo("Logs")
    for format_ in formats.FORMATS:
        click.echo(f"  {format_.name:{width}}  {format_.title}")
    click.echo("Change records")
    for name in dict.fromkeys(reader.name for reader in changes.READERS):
        click.echo(f"  {name}")
    click.echo("Containers: directories, .gz, .zst, .bz2, .xz, .zip, .tar in each, stdin as -")
    click.echo("Remote: s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, abfs://CONTAINER@ACCOUNT/PREFIX")
