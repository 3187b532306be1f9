"""The command line: the only code that prints, exits, or reads the environment."""

from __future__ import annotations

import gc
import importlib
import io
import os
import sys
from typing import ClassVar

import click

from logclass import __version__
from logclass.cli.options import printable
from logclass.errors import LogclassError, OutputError

_GARBAGE_OBJECTS = 200_000  # rows are many and hold no circles: look for those less often


class _Lazy(click.Group):
    """Commands are imported when they are run: `--version` must not load pandas."""

    modules: ClassVar[dict[str, str]] = {
        "report": "logclass.cli.report",
        "classify": "logclass.cli.classify",
        "explain": "logclass.cli.explain",
        "patterns": "logclass.cli.patterns",
        "formats": "logclass.cli.formats",
        "detect": "logclass.cli.detect",
        "drill": "logclass.cli.drill",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.modules)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in self.modules:
            return None
        gc.set_threshold(_GARBAGE_OBJECTS)
        command: click.Command = importlib.import_module(self.modules[name]).command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a reader that has gone, as `| head` does, is no error."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _drop_the_rest()
            ctx.exit(0)
        except OSError as error:  # what cannot be read is a fault, or has been told already
            _drop_the_rest()
            raise OutputError.of(error) from error
        return result


def _drop_the_rest() -> None:
    """Let what is still to be written at exit go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _open_all() -> None:
    """Open what the shell closed (`<&-`): there is nothing to read then, and nobody reads."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115 - for as long as the program runs
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="logclass %(version)s")
def logclass() -> None:
    """Name why token authentication broke, from exported logs."""


def main() -> None:
    """Run the command line; every error a user can act on is one line on stderr."""
    _open_all()
    if isinstance(sys.stdout, io.TextIOWrapper):  # what a terminal has no letter for is written out
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = logclass(standalone_mode=False)  # a command's Exit comes back as its code
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except LogclassError as error:
        click.echo("\n".join(map(printable, f"logclass: {error}".split("\n"))), err=True)
        sys.exit(2)
    except MemoryError:
        click.echo("logclass: there is not enough memory for this bundle", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
