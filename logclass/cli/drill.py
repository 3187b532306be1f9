"""`logclass drill`: bundles with a known cause, and how well they are diagnosed."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from logclass.cli import options
from logclass.engines import local
from logclass.errors import LogclassError

if TYPE_CHECKING:
    from logclass.drills.score import Judged
    from logclass.drills.world import Wanted

_FORMATS = ("any", "plain", "json", "cloudwatch-plain", "cloudwatch-json")
_CHANGES = ("any", "csv", "json", "github", "cloudtrail", "ecs")
_TRUTH = {"cause", "variant", "records", "seed", "cell", "fault_rejections", "decoys"}
_RECORDS = ("any", "intact", "unrecorded", "misstamped")


class _Drills(click.Group):
    """`score`, and a command for each cause."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        from logclass.drills.drill import FAULTS

        return ["score", "all", *(str(cause) for cause in FAULTS)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name == "score":
            return _score
        return _maker(name) if name in self.list_commands(ctx) else None


@click.group(
    "drill",
    short_help="Make bundles with a known cause; score the diagnosis.",
    cls=_Drills,
    epilog=options.examples(
        "logclass drill all --seed 2 --count 10 -o drills/",
        "logclass drill score drills/",
    ),
)
def command() -> None:
    """Make bundles whose cause is known, or score the diagnosis of such bundles.

    `all` makes one of every cause and a quiet day. Even seeds are for tuning, odd ones for
    measuring.
    """


_WANTED = (
    click.option("--seed", type=int, default=2, show_default=True, help="The first seed."),
    click.option(
        "--count",
        type=click.IntRange(1),
        default=1,
        show_default=True,
        help="Drills of each cause; seeds go up by two.",
    ),
    click.option(
        "--requests",
        type=click.IntRange(100),
        default=20_000,
        show_default=True,
        help="Requests in each drill.",
    ),
    click.option("--instances", type=click.IntRange(1), help="Of the service that fails."),
    click.option(
        "--format",
        "log_format",
        type=click.Choice(_FORMATS),
        default="any",
        help="Of the logs; else the seed chooses.",
    ),
    click.option(
        "--changes",
        "change_format",
        type=click.Choice(_CHANGES),
        default="any",
        help="Of the change records; else the seed chooses.",
    ),
    click.option(
        "--records",
        type=click.Choice(_RECORDS),
        default="any",
        help="Whole, without the change that did it, or with wrong times; else the seed chooses.",
    ),
)


def _what_is_wanted(command: options.Command) -> options.Command:
    """Add the options that shape a drill."""
    for option in reversed(_WANTED):  # as decorators are applied: the last one first
        command = option(command)
    return command


def _maker(cause: str) -> click.Command:
    """Return the command that makes drills of one cause, or of all."""

    @click.command(cause, help=_help(cause))
    @_what_is_wanted
    @click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        required=True,
        metavar="DIR",
        help="Where the drills go, a folder for each.",
    )
    @options.workers
    def make(
        seed: int,
        count: int,
        output: Path,
        workers: int,
        **chosen: Any,  # noqa: ANN401
    ) -> None:
        from logclass.drills.drill import FAULTS
        from logclass.drills.world import Wanted

        causes = [str(one) for one in FAULTS] if cause == "all" else [cause]
        seeds = [seed + 2 * number for number in range(count)]  # even stays even
        asked = [(one, number) for one in causes for number in seeds]
        one_drill = functools.partial(_make, wanted=Wanted(**chosen), output=output)
        for name in local.run(one_drill, asked, workers=workers or local.usable_cores()):
            click.echo(name)

    return make


def _help(cause: str) -> str:
    return "Make one drill of every cause." if cause == "all" else f"Make drills of {cause}."


def _make(asked: tuple[str, int], *, wanted: Wanted, output: Path) -> str:
    from logclass.drills.drill import make

    cause, seed = asked
    made = make(cause, seed, wanted, _verifiers())
    directory = output / f"{cause}-{seed}"
    made.save(directory)
    return str(directory)


@functools.cache
def _verifiers() -> Any:  # noqa: ANN401 - typed where it is made
    from logclass.drills.verifying import Verifiers

    return Verifiers()


@click.command("score", short_help="Say how right the diagnosis is.")
@click.argument(
    "directories",
    nargs=-1,
    required=True,
    metavar="DIR...",
    type=click.Path(exists=True, path_type=Path),
)
@click.option("--json", "as_json", is_flag=True, help="Print figures and verdicts as JSON.")
@options.workers
def _score(directories: tuple[Path, ...], as_json: bool, workers: int) -> None:
    """Diagnose every drill below each DIR and print how right the verdicts are."""
    from dataclasses import asdict

    from logclass.drills import score, table

    found = sorted({path.parent for one in directories for path in one.rglob("truth.json")})
    if not found:
        raise LogclassError("no truth.json below the directories")
    judged = list(local.run(_judge, found, workers=workers or local.usable_cores()))
    figures = score.figures(judged)
    if as_json:
        document = {"figures": figures, "drills": [asdict(one) for one in judged]}
        json.dump(document, sys.stdout, indent=1)
        click.echo()
    else:
        click.echo(table.render(figures, judged), nl=False)


def _judge(directory: Path) -> Judged:
    from logclass import pipeline
    from logclass.drills import score

    try:
        truth = json.loads((directory / "truth.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise LogclassError(f"{directory / 'truth.json'}: no truth of a drill: {error}") from error
    if not (isinstance(truth, dict) and truth.keys() >= _TRUTH):
        raise LogclassError(f"{directory / 'truth.json'}: it names no {', '.join(sorted(_TRUTH))}")
    chosen = pipeline.Options(workers=1, cache=options.cache_directory())
    try:
        intake = pipeline.read([str(directory / "bundle")], chosen)
        report = pipeline.diagnose(intake, command="logclass drill score").document
    except LogclassError as error:
        return score.judge(directory.name, truth, None, str(error))
    return score.judge(directory.name, truth, report)
