"""`logclass detect`: what a file is taken for."""

from __future__ import annotations

import click

from logclass.cli import options


@click.command(
    "detect",
    short_help="Say what a file is read as.",
    epilog=options.examples("logclass detect logs/", "logclass detect app.log --tz Europe/Paris"),
)
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
    is_any_read = False
    for found in detection.detect(bundle, choices):
        is_any_read |= found.is_read
        for line in detection.as_lines(found):
            click.echo(options.printable(line))
    if not is_any_read:
        raise click.exceptions.Exit(2)
