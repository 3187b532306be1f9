"""What platforms print of the applications that they run: `heroku logs`, `fly logs`, `cf logs`.

Shapes: devcenter.heroku.com/articles/logging and /log-drains, github superfly/flyctl
`internal/render/logs.go`, docs.cloudfoundry.org/devguide/deploy-apps/streaming-logs.html. Each line
is an event with a stamp of the platform.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import regex

from logclass.formats.format import Format
from logclass.formats.stored_lines import open_lines, prefix

if TYPE_CHECKING:
    from logclass.formats.head import Head

_STAMP = r"(?P<stamp>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d))"
_COLOUR = r"(?:\x1b\[[0-9;]*m)*"
# A number in brackets would be a process of syslog's.
HEROKU_LINE = prefix(
    rf"{_COLOUR}{_STAMP} [a-z][\w-]*\[(?P<instance>[A-Za-z][\w.-]*)\]:{_COLOUR} {{0,2}}"
)
CLOUD_FOUNDRY_LINE = prefix(
    rf" {{0,3}}{_STAMP} \[(?:[A-Z]+/){{1,3}}(?:[A-Z]+/)*(?P<instance>\d+)\] {{1,3}}(?:OUT|ERR) ?"
)
# A drain of Heroku's: its host is the drain or the word `host`, its process the dyno.
LOGPLEX_LINE = prefix(
    rf"(?:\d{{1,6}} )?<\d{{1,3}}>1 {_STAMP} (?:host|d\.[0-9a-f-]+) [\w-]+ "
    r"(?P<instance>[a-z][\w-]*\.\d+) - (?:- )?"
)
FLY_LINE = prefix(
    rf"{_COLOUR}{_STAMP}{_COLOUR} [a-z][\w-]*\[(?P<instance>[0-9a-f]{{6,16}})\] {_COLOUR}[a-z]{{3}}"
    rf"{_COLOUR} \[{_COLOUR}[a-z]+{_COLOUR}\] ?"
)
_FLY = regex.compile(FLY_LINE.expression.encode())
_LOGPLEX = regex.compile(LOGPLEX_LINE.expression.encode())
_HEROKU = regex.compile(HEROKU_LINE.expression.encode())
_CLOUD_FOUNDRY = regex.compile(CLOUD_FOUNDRY_LINE.expression.encode())
_MOST = 0.7


def sniff_heroku(head: Head) -> float:
    """Return a confidence above syslog's when most lines name a source and a dyno."""
    return 0.65 if head.share(_HEROKU) > _MOST else 0.0


def sniff_logplex(head: Head) -> float:
    """Return a confidence above syslog's when most lines come from a dyno."""
    return 0.96 if head.share(_LOGPLEX) > _MOST else 0.0


def sniff_fly(head: Head) -> float:
    """Return a confidence above text's when most lines name a machine and a region."""
    return 0.8 if head.share(_FLY) > _MOST else 0.0


def sniff_cloud_foundry(head: Head) -> float:
    """Return a high confidence when most lines name a source and a stream."""
    return 0.9 if head.share(_CLOUD_FOUNDRY) > _MOST else 0.0


HEROKU = Format("heroku", "heroku logs", sniff_heroku, partial(open_lines, form=HEROKU_LINE))
LOGPLEX = Format(
    "heroku-drain", "Heroku's log drain", sniff_logplex, partial(open_lines, form=LOGPLEX_LINE)
)
FLY = Format("fly", "fly logs", sniff_fly, partial(open_lines, form=FLY_LINE))
CLOUD_FOUNDRY = Format(
    "cloud-foundry", "cf logs", sniff_cloud_foundry, partial(open_lines, form=CLOUD_FOUNDRY_LINE)
)
