"""Run the programs, keep what each wrote, and write the table of what is in it. See record.sh.

Each program logs the same twelve events: a start, five times a stored order and a token that its
library refuses (expired, wrong key, wrong audience, two segments, expired), and an end. It writes
the time of each beside them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REFUSED = (2, 4, 6, 8, 10)  # of the events
NODE = {
    "winston-pretty": "printed-objects",
    "winston-errors": "printed-objects",
    "console-object": "printed-objects",
}
PYTHON = {
    "print-dict": "printed-objects", "pprint-dict": "printed-objects", "structlog-repr": "printed-objects",
    "structlog-rich": "text", "loguru-colours": "text", "json-stacks": "json-lines",
}  # fmt: skip
GO = {"slog-groups": "text", "access-bars": "text"}
RUST = {"tracing-tree": "text"}
JAVA = {"log4j-xml-complete": "xml-records", "log4j-json-millis": "json-lines"}
JAVA_LAYOUT = {
    "log4j-xml-complete": '<XMLLayout compact="true" complete="true" stacktraceAsString="true"/>',
    "log4j-json-millis": '<JsonLayout compact="true" eventEol="true" includeTimeMillis="true" stacktraceAsString="true"/>',
}
SERVICES = {"console-object", "print-dict", "pprint-dict", "structlog-repr", "slog-groups"}
REASONS = "audience_mismatch = 1, signature_invalid = 1, token_expired = 2, token_malformed = 1"


def kept(folder: Path, name: str, format_: str, command: list[str]) -> str:
    book = Path("book").resolve()
    book.unlink(missing_ok=True)
    environment = {**os.environ, "BOOK": str(book), "TZ": "UTC"}
    ran = subprocess.run(command, capture_output=True, check=True, env=environment)
    here = str(Path.cwd()).encode()
    (folder / f"{name}.log").write_bytes(ran.stdout.replace(here, b"/app"))
    times = book.read_text().split()
    reasons = "unspecified = 5" if name == "access-bars" else REASONS
    lines = [
        "[[fixture]]", f'file = "exports/{name}.log"', f'format = "{format_}"',
        f"events = {len(times)}", f"rejections = {{ {reasons} }}",
        f'first = "{times[0]}"', f'last = "{times[-1]}"',
        f'first_rejection = "{times[REFUSED[0]]}"', f'last_rejection = "{times[REFUSED[-1]]}"',
    ]  # fmt: skip
    lines += ['services = ["orders-api"]'] if name in SERVICES else []
    return "\n".join(lines) + "\n"


def main() -> None:
    formats = Path(sys.argv[1]).resolve()
    folder = formats / "fixtures" / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [kept(folder, name, form, ["node", "emit.js", name]) for name, form in NODE.items()]
    rows += [
        kept(folder, name, form, ["v/bin/python", "emit.py", name]) for name, form in PYTHON.items()
    ]
    rows += [kept(folder, name, form, ["./emit_go", name]) for name, form in GO.items()]
    rows += [kept(folder, name, form, ["target/debug/emit", name]) for name, form in RUST.items()]
    for name, form in JAVA.items():
        Path("log4j.xml").write_text(
            f'<Configuration><Appenders><Console name="C">{JAVA_LAYOUT[name]}</Console></Appenders>'
            '<Loggers><Root level="info"><AppenderRef ref="C"/></Root></Loggers></Configuration>'
        )
        path = "target/classes:target/dependency/*"
        command = ["java", "-Dlog4j2.configurationFile=log4j.xml", "-cp", path, "Emit"]
        rows.append(kept(folder, name, form, command))
    title = "# Written by recorders/exports: what each program was made to log.\n\n"
    (formats / "exports.toml").write_text(title + "\n".join(rows))


if __name__ == "__main__":
    main()
