"""Let each program write twelve events anew, and write the table of what is in the files.

Usage: record.py FORMATS_FOLDER, in the scratch folder of record.sh.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from pprint import pformat

import pandas as pd
from dateutil.tz import tzutc
from truth import REFUSED, events

REASONS = "audience_mismatch = 1, signature_invalid = 1, token_expired = 2, token_malformed = 1"
FORMATS = Path(sys.argv[1]).resolve()
FOLDER = FORMATS / "fixtures" / "rewritten"


def line(event) -> str:
    return f"{event['time']} {event['level'].upper()} {event['message']}"


def cloudwatch(told) -> dict:
    """Return what boto3 answers to filter_log_events, as its parser makes it."""
    return {
        "events": [
            {
                "logStreamName": f"ecs/{one['service']}/0123456789abcdef0123456789abcdef",
                "timestamp": round(datetime.fromisoformat(one["time"]).timestamp() * 1000),
                "message": one["message"],
                "ingestionTime": round(datetime.fromisoformat(one["time"]).timestamp() * 1000) + 9,
                "eventId": str(37 * 10**54 + at),
            }
            for at, one in enumerate(told)
        ],
        "searchedLogStreams": [],
        "ResponseMetadata": {"HTTPStatusCode": 200, "RetryAttempts": 0},
    }


def dated(told) -> list[dict]:
    return [
        {**one, "time": datetime.fromisoformat(one["time"]).replace(tzinfo=tzutc())} for one in told
    ]


def frame(told) -> pd.DataFrame:
    return pd.DataFrame(told)


PYTHON = {
    "python-list.txt": ("json-array", repr),
    "python-pprint.txt": ("json-array", pformat),
    "python-dates.txt": ("json-array", lambda told: repr(dated(told))),
    "python-boto3.txt": ("cloudwatch-events", lambda told: repr(cloudwatch(told))),
    "python-lines.txt": ("text", lambda told: repr([line(one) for one in told])),
    "python-tuples.txt": ("json-nested", lambda told: repr([tuple(one.values()) for one in told])),
    "python-text.txt": ("text", lambda told: repr("".join(f"{line(one)}\n" for one in told))),
    "pandas-index.json": ("json-nested", lambda told: frame(told).to_json(orient="index")),
    "pandas-columns.json": ("json-nested", lambda told: frame(told).to_json()),
    "pandas-values.json": ("json-nested", lambda told: frame(told).to_json(orient="values")),
    "pandas.html": ("html-table", lambda told: frame(told).to_html()),
    "pandas-numbered.csv": ("csv", lambda told: frame(told).to_csv()),
}
COMMANDS = {
    "node-list.txt": ("json-array", ["node", "write.js", "list"]),
    "node-dates.txt": ("json-array", ["node", "write.js", "dates"]),
    "node-dir.txt": ("json-nested", ["node", "write.js", "dir"]),
    "node-json5.txt": ("json-array", ["node", "write.js", "json5"]),
    "js-yaml.yaml": ("yaml-list", ["node", "write.js", "yaml"]),
    "ruby-p.txt": (
        "json-array",
        ["ruby", "-rjson", "-e", "p JSON.parse(File.read('events.json'))"],
    ),
    "jq-groups.json": (
        "json-array",
        ["jq", "group_by(.service)|map({key:.[0].service,value:.})|from_entries", "events.json"],
    ),
    "jq-index.json": ("json-nested", ["jq", "INDEX(.time)", "events.json"]),
    "jq-strings.json": ("text", ["jq", "-c", 'map("\\(.time) \\(.message)")', "events.json"]),
    "jq-pretty-strings.json": ("text", ["jq", '.[]|"\\(.time) \\(.message)"', "events.json"]),
    "sqlite.html": ("html-table", ["sqlite3", "-header", "-html", "events.db", "select * from t"]),
    "sqlite-line.txt": ("listed", ["sqlite3", "-line", "events.db", "select * from t"]),
}
NAMELESS = {
    "python-lines.txt", "python-tuples.txt", "python-text.txt", "pandas-values.json",
    "jq-strings.json", "jq-pretty-strings.json",
}  # fmt: skip


def store(told) -> None:
    Path("events.json").write_text(json.dumps(told))
    frame(told).to_csv("events.csv", index=False)
    Path("events.db").unlink(missing_ok=True)
    subprocess.run(["sqlite3", "events.db", ".import --csv events.csv t"], check=True)


def row(name: str, format_: str, told) -> str:
    times = [one["time"] for one in told]
    lines = [
        "[[fixture]]", f'file = "rewritten/{name}"', f'format = "{format_}"',
        f"events = {len(told)}", f"rejections = {{ {REASONS} }}",
        f'first = "{times[0]}"', f'last = "{times[-1]}"',
        f'first_rejection = "{times[REFUSED[0]]}"', f'last_rejection = "{times[REFUSED[-1]]}"',
    ]  # fmt: skip
    lines += [] if name in NAMELESS else ['services = ["billing", "orders-api"]']
    if name == "python-boto3.txt":
        lines += ['instances = ["0123456789abcdef0123456789abcdef"]']
    return "\n".join(lines) + "\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, (name, (format_, write)) in enumerate((PYTHON | COMMANDS).items()):
        told = events(number)
        store(told)
        if name in PYTHON:
            written = (write(told) + "\n").encode()
        else:
            written = subprocess.run(write, capture_output=True, check=True).stdout
        (FOLDER / name).write_bytes(written)
        rows.append(row(name, format_, told))
    title = "# Written by recorders/rewritten: twelve events as each program wrote them anew.\n\n"
    (FORMATS / "rewritten.toml").write_text(title + "\n".join(rows))


if __name__ == "__main__":
    main()
