"""Keep what was recorded, and write the table of what is in it. Usage: table.py SCRATCH.

Events are lines (of what has stacks: those that begin with a stamp), or as the writer counts them.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

SCRATCH = Path(sys.argv[1])
HERE = Path(__file__).parents[2]
FOLDER = HERE / "fixtures" / "carriers"
REFUSED = (2, 4, 6, 8, 10)  # of the twelve
SAID = {"audience_mismatch": 1, "signature_invalid": 1, "token_expired": 2, "token_malformed": 1}
STATUS = {"unspecified": 5}
UNIT = {"services": ["orders-api"], "instances": ["web-1"]}
NAMED = {"services": ["orders-api"]}
LINES = rb"(?m)^."
TWELVE = ""
RECORDED: dict[str, tuple[str, dict[str, int], dict[str, list[str]], bytes | str]] = {
    # name: format, rejections, names, what begins an event
    "multilog": ("text", SAID, {}, LINES),
    "svlogd-tt": ("text", SAID, {}, LINES),
    "svlogd-ttt": ("text", SAID, {}, LINES),
    "s6-iso": ("text", SAID, {}, LINES),
    "tai64nlocal": ("text", SAID, {}, LINES),
    "script": ("text", SAID, {}, rb"(?m)^(?:20\d\d-|Script started)"),
    "journal-short-full": ("text", SAID, UNIT, LINES),
    "journal-short-unix": ("syslog", SAID, UNIT, LINES),
    "journal-with-unit": ("text", SAID, UNIT, LINES),
    "journal-json-seq": ("journald", SAID, UNIT, TWELVE),
    "journal-json-sse": ("journald", SAID, UNIT, TWELVE),
    "journal-json-pretty": ("journald", SAID, UNIT, TWELVE),
    "journal-verbose": ("journald-verbose", SAID, UNIT, TWELVE),
    "journal-export": ("journald-export", SAID, UNIT, TWELVE),
    "pm2-error": ("text", SAID, {}, LINES),
    "pm2-json": ("json-lines", SAID, NAMED, LINES),
    "pm2-stack": ("text", SAID, {}, LINES),
    "pm2-format": ("text", SAID, NAMED, LINES),
    "rsyslog-jsonf": ("json-lines", SAID, UNIT, LINES),
    "syslogng-full": ("text", SAID, UNIT, LINES),
    "syslogng-unix": ("syslog", SAID, UNIT, LINES),
    "haproxy-httplog": ("text", STATUS, {}, LINES),
    "haproxy-clf": ("access-combined", STATUS, {}, LINES),
    "haproxy-json": ("text", STATUS, {}, LINES),
    "caddy-json": ("json-lines", STATUS, {}, LINES),
    "caddy-console": ("text", STATUS, {}, LINES),
    "lighttpd": ("access-combined", STATUS, {}, LINES),
    "varnishncsa": ("access-combined", STATUS, {}, LINES),
    "oauth2-proxy": (
        "text",
        {"audience_mismatch": 1, "header_malformed": 1, "signature_invalid": 1, "token_expired": 2},
        {},
        LINES,
    ),
    "tomcat-SimpleFormatter": ("text", SAID, {}, rb"(?m)^[A-Z][a-z]{2} \d\d?, 20\d\d "),
    "tomcat-OneLineFormatter": ("text", SAID, {}, rb"(?m)^\d\d-[A-Z][a-z]{2}-20\d\d "),
    "tomcat-acc-common": ("access-combined", STATUS, {}, LINES),
    "tomcat-acc-json": ("json-lines", STATUS, {}, LINES),
    "tomcat-acc-w3c": ("w3c", STATUS, {}, rb"(?m)^[^#]"),
    "tomcat-acc-ops": ("text", STATUS, {}, LINES),
}
# These write other lines too, before the twelve.
STARTS_EARLIER = {"script", "oauth2-proxy", "tomcat-SimpleFormatter", "tomcat-OneLineFormatter"}
# These date their lines by when they last woke, which may be a second off.
LATE = {"haproxy-clf", "lighttpd"}


def row(name: str) -> str:
    form, rejections, names, begins = RECORDED[name]
    data = (SCRATCH / f"{name}.log").read_bytes()
    for folder in (SCRATCH, (SCRATCH / "node_modules").resolve().parent):
        data = data.replace(str(folder).encode(), b"/srv")
    (FOLDER / f"{name}.log").write_bytes(data)
    book = (SCRATCH / f"{name}.book").read_text().split()
    events = len(re.findall(begins, data)) if isinstance(begins, bytes) else len(book)
    first = book[0]
    if name == "pm2-error":  # its file of errors alone
        first, book = book[REFUSED[0]], [*book[: REFUSED[-1]], book[REFUSED[-1]]]
    elif name in STARTS_EARLIER:
        first = earlier(data, first)
    counts = ", ".join(f"{reason} = {count}" for reason, count in sorted(rejections.items()))
    lines = [
        "[[fixture]]", f'file = "carriers/{name}.log"', f'format = "{form}"',
        f"events = {events}", f"rejections = {{ {counts} }}",
        f'first = "{first}"', f'last = "{book[-1]}"',
    ]  # fmt: skip
    if name not in LATE:
        refused = (book[REFUSED[0]], book[REFUSED[-1]])
        lines += [f'first_rejection = "{refused[0]}"', f'last_rejection = "{refused[1]}"']
    lines += [f"{key} = {json.dumps(value)}" for key, value in names.items()]
    return "\n".join(lines) + "\n"


def earlier(data: bytes, first: str) -> str:
    """Return the day and minute of the first line, as they stand in it."""
    clock = re.search(rb"(\d\d?):(\d\d):\d\d", data)
    assert clock
    return f"{first[:11]}{int(clock[1]):02}:{clock[2].decode()}:00Z"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    title = "# Written by recorders/carriers: what was sent to programs that were run.\n\n"
    (HERE / "carriers.toml").write_text(title + "\n".join(map(row, RECORDED)))


main()
