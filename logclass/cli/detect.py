"""`logclass detect`: what a file is taken for."""

from __future__ import annotations

import click

from logclass.cli import options


@click.command("detect")
@options.bundle
@options.zones
@options.formats
@options.endpoint_url
def command(
    *,
    bundle: tuple[str, ...],
    zone: str | None,
    zones_for: tuple[str, ...],
    formats_for: tuple[str, ...],
    endpoint_url: str,
) -> None:
    """Say what each file in BUNDLE is read as, how sure that is, and what its records say.

    For each stream: format and confidence, the form and the zone of its times, what service and
    instance are told by, the first and the last time, and three records as parsed.
    """
    from logclass import detection

    choices = options.choices(formats_for, zone, zones_for, endpoint_url)
    for found in detection.detect(bundle, choices):
        for line in detection.as_lines(found):
            click.echo(options.printable(line))
