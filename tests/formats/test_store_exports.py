"""Exports of log stores: one story of twelve lines, in the shape that each writes.

The shapes are made by hand after the stores' documentation, not recorded.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source

FIRST_MS = 1_776_754_800_000  # 2026-04-21T07:00:00Z
PODS = ("orders-api-7d9f8b6c5d-k4m7q", "orders-api-7d9f8b6c5d-x2x9z")
EXPIRED, SIGNATURE = "token_expired", "signature_invalid"
SAID = {
    "": "GET /orders 200",
    EXPIRED: "token rejected: TokenExpiredError: jwt expired",
    SIGNATURE: "token rejected: JsonWebTokenError: invalid signature",
}


class Line(NamedTuple):
    """One line of the story."""

    number: int
    reason: str

    @property
    def ms(self) -> int:
        return FIRST_MS + self.number * 61_437

    @property
    def pod(self) -> str:
        return PODS[self.number % 2]

    @property
    def text(self) -> str:
        return SAID[self.reason]

    def at(self, form: str) -> str:
        """Return the time; %3 stands for milliseconds."""
        moment = datetime.fromtimestamp(self.ms // 1000, UTC)
        return moment.strftime(form.replace("%3", f"{self.ms % 1000:03d}"))

    @property
    def iso(self) -> str:
        return self.at("%Y-%m-%dT%H:%M:%S.%3Z")


REFUSED = {4: EXPIRED, 5: SIGNATURE, 6: SIGNATURE, 7: SIGNATURE, 11: EXPIRED}
STORY = [Line(number, REFUSED.get(number, "")) for number in range(12)]
LATEST_FIRST = STORY[::-1]


class Read(NamedTuple):
    """What was read: of the export, and of the refused."""

    events: int
    first_minute: int
    last_minute: int
    refused: list[tuple[int | None, str]]
    services: set[str]
    instances: set[str]


def read(data: bytes | str, name: str = "export") -> Read:
    matcher, prefilter = engine()
    data = data.encode() if isinstance(data, str) else data
    source = Source(name, name, modified_seconds=FIRST_MS // 1000 + 7200)
    minutes: list[int] = []
    rows = []
    tallied: set[tuple[str, str]] = set()
    for batch in formats.read(source, [data], prefilter.hits, []):
        for row in batch.tally.to_pylist():
            minutes += [row["minute"]] * row["events"]
            tallied.add((row["service"], row["instance"]))
        rows += classify.classify(batch, matcher).rejections.to_pylist()
    refused = sorted((row["time_ms"] or 0, row["reason"]) for row in rows)
    # The denominators have the names that the refused have.
    assert {(row["service"], row["instance"]) for row in rows} <= tallied
    return Read(
        len(minutes), min(minutes), max(minutes), refused,
        {row["service"] for row in rows}, {row["instance"] for row in rows},
    )  # fmt: skip


def holds_the_story(found: Read, tolerance_ms: int = 0) -> None:
    truth = [(line.ms, line.reason) for line in STORY if line.reason]
    assert found.events == len(STORY)
    assert (found.first_minute, found.last_minute) == (
        STORY[0].ms // 60_000,
        STORY[-1].ms // 60_000,
    )
    assert [reason for _, reason in found.refused] == [reason for _, reason in truth]
    for (at, _), (told, _) in zip(found.refused, truth, strict=True):
        assert at is not None
        assert abs(at - told) <= tolerance_ms


def document(records: list[object], *path: str, **around: object) -> str:
    """Return records under a path of keys, with other keys around the outermost."""
    value: object = records
    for key in reversed(path):
        value = {key: value}
    return json.dumps({**around, **value} if isinstance(value, dict) else value)


COLUMNS = [{"name": name} for name in ("@timestamp", "message", "service.name", "host.name")]
ROWS = [[line.iso, line.text, "orders-api", line.pod] for line in STORY]
DOCUMENTS = {
    "Papertrail": document(
        [
            {
                "id": str(line.number), "source_ip": "10.0.0.5", "program": "orders-api",
                "message": line.text, "received_at": line.iso, "generated_at": line.iso,
                "display_received_at": line.at("%b %d %H:%M:%S"), "source_name": line.pod,
                "hostname": line.pod, "severity": "Error",
            }
            for line in STORY
        ],
        "events", min_id="1",
    ),
    "Splunk, json": document(
        [
            {"_raw": f"{line.iso} {line.text}", "_time": line.iso, "host": line.pod,
             "app": "orders-api"}
            for line in LATEST_FIRST
        ],
        "results", preview=False, fields=[{"name": "_raw"}],
    ),
    "New Relic, NerdGraph": document(
        [
            {"timestamp": line.ms, "message": line.text, "service.name": "orders-api",
             "hostname": line.pod}
            for line in LATEST_FIRST
        ],
        "data", "actor", "account", "nrql", "results",
    ),
    "Sumo Logic, records in a wrapper": document(
        [
            {"map": {"_messagetime": str(line.ms), "_raw": line.text, "_sourcehost": line.pod,
                     "service": "orders-api"}}
            for line in LATEST_FIRST
        ],
        "messages", fields=[{"name": "_messagetime"}],
    ),
    "Graylog, records in a wrapper": document(
        [
            {"index": "graylog_0", "message": {"timestamp": line.iso, "hostname": line.pod,
                                               "message": line.text, "app": "orders-api"}}
            for line in LATEST_FIRST
        ],
    ),
    "Render, names in a list of pairs": document(
        [
            {"id": str(line.number), "message": line.text, "timestamp": line.iso,
             "labels": [{"name": "instance", "value": line.pod},
                        {"name": "service", "value": "orders-api"}]}
            for line in LATEST_FIRST
        ],
        "logs", hasMore=False,
    ),
    "Loggly, names deep inside": document(
        [
            {"timestamp": line.ms, "logmsg": line.text, "tags": [],
             "event": {"syslog": {"host": line.pod, "appName": "orders-api"}}}
            for line in STORY
        ],
        "events", total_events=12,
    ),
    "Elasticsearch, ES|QL": document(ROWS, "values", columns=COLUMNS),
    "OpenSearch, SQL": document(ROWS, "datarows", schema=COLUMNS, total=12),
    "ClickHouse, JSONCompact": document(ROWS, "data", meta=COLUMNS, rows=12),
    "Grafana, data frames": document(
        [
            {
                "schema": {"fields": COLUMNS},
                "data": {"values": [list(column) for column in zip(*ROWS, strict=True)]},
            }
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_records_deep_in_a_document_are_events(name: str) -> None:
    found = read(DOCUMENTS[name])
    holds_the_story(found)
    assert (found.services, found.instances) == ({"orders-api"}, set(PODS))


def test_pages_of_a_document_are_read_as_one() -> None:
    pages = [
        document([{"timestamp": line.ms, "message": line.text} for line in half], "data", "results")
        for half in (STORY[:6], STORY[6:])
    ]
    holds_the_story(read("\n".join(pages)))


def test_a_record_with_a_list_inside_stays_one_record() -> None:
    lines = [
        json.dumps(
            {"time": line.ms, "msg": line.text, "steps": [{"time": line.ms, "message": "began"}]}
        )
        for line in STORY
    ]
    holds_the_story(read("\n".join(lines)))


def table(names: str, form: str, *, delimiter: str = ",", reverse: bool = True) -> str:
    """Return a table with these columns; form: one row, with the story's fields in braces."""
    rows = [
        form.format(
            line=line, quoted='"{}"'.format(line.text.replace('"', '""')), text=line.text,
            pod=line.pod, ms=line.ms, iso=line.iso,
            us=line.at("%m/%d/%Y %I:%M:%S.%3 %p +0000"), azure=line.at("%-m/%-d/%Y, %-I:%M:%S.%3 %p"),
            space=line.at("%Y-%m-%d %H:%M:%S.%3"), seconds=line.at("%Y-%m-%d %H:%M:%S"),
            labels=json.dumps({"app": "orders-api", "pod": line.pod}).replace('"', '""'),
        )
        for line in (LATEST_FIRST if reverse else STORY)
    ]  # fmt: skip
    return "\r\n".join([names, *rows]).replace(",", delimiter) + "\r\n"


TABLES = {
    "Sumo Logic": table(
        "_messagetimems,_messagetime,_raw,service,_sourcehost",
        "{ms},{us},{quoted},orders-api,{pod}",
    ),
    "Better Stack": table(
        "dt,level,message,hostname,app", "{space}000,info,{quoted},{pod},orders-api"
    ),
    "Azure, a table of one's own": table(
        '"TimeGenerated [UTC]",ContainerAppName_s,ContainerGroupName_s,Log_s',
        '"{azure}",orders-api,{pod},{quoted}',
    ),
    "Azure, Application Insights": table(
        '"timestamp [UTC]",message,cloud_RoleName,cloud_RoleInstance',
        '"{azure}",{quoted},orders-api,{pod}',
    ),
    "Google Cloud": table(
        "insertId,jsonPayload.message,receiveTimestamp,resource.labels.container_name,"
        "resource.labels.pod_name,timestamp",
        "i{line.number},{quoted},{iso},orders-api,{pod},{iso}",
    ),
    "Grafana": table("labels,Time,Line,tsNs,id", '"{labels}",{space},{quoted},{ms}000000,i'),
    "Graylog": table(
        '"timestamp","source","container_name","app","message"',
        '"{iso}","{pod}","orders","orders-api",{quoted}',
    ),
}
SECOND_MS = 1000


@pytest.mark.parametrize("name", sorted(TABLES))
def test_columns_are_known_by_the_names_of_many_stores(name: str) -> None:
    found = read(TABLES[name])
    holds_the_story(found)
    assert (found.services, found.instances) == ({"orders-api"}, set(PODS))


def test_the_host_that_a_request_was_for_is_no_instance() -> None:
    vercel = table(
        "TimeUTC,timestampInMs,requestPath,responseStatusCode,host,message",
        "{seconds},{ms},/api/orders,200,orders.example.com,{quoted}",
    )
    found = read(vercel)
    holds_the_story(found, SECOND_MS)
    assert found.instances == {""}


def test_what_psql_prints_around_its_rows_is_no_event() -> None:
    rows = [f" {line.at('%Y-%m-%d %H:%M:%S.%3')} | {line.pod} | {line.text} \n" for line in STORY]
    head = " created_at              | pod                         | message\n"
    rule = "-------------------------+-----------------------------+-----------------\n"
    found = read(head + rule + "".join(rows) + "(12 rows)\n\n")
    holds_the_story(found)
    assert found.instances == set(PODS)
