"""Recorded logs as log stores export them: made by hand after each store's documentation.

`python stores.py` writes ../fixtures/stores and ../stores.toml. The texts are those that
programs wrote (pino and Python's logging, see README.md); what wraps them follows the fact sheet of
each store. The book comes from the texts themselves: the type of error that ends a trace.
"""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import re
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"
TABLE = Path(__file__).parent.parent / "stores.toml"
NODE_POD, PYTHON_POD = "orders-api-7d9f8b6c5d-x2x9z", "orders-api-7d9f8b6c5d-k4m7q"
TASKS = {NODE_POD: "0a1b" * 8, PYTHON_POD: "1b2c" * 8}
REASONS = {
    "ExpiredSignatureError": "token_expired", "InvalidSignatureError": "signature_invalid",
    "InvalidAudienceError": "audience_mismatch", "DecodeError": "token_malformed",
    "jwt expired": "token_expired", "invalid signature": "signature_invalid",
    "jwt audience invalid": "audience_mismatch", "jwt malformed": "token_malformed",
    "invalid token": "token_malformed",
}  # fmt: skip
LONGEST = 12  # records of each program


@dataclass(frozen=True)
class Said:
    """One record of a program: when, by which pod, its text, and why a request was refused."""

    ms: int
    pod: str
    text: str
    reason: str = ""

    @property
    def record(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.text)
        return found


@dataclass(frozen=True)
class Line:
    """One line of a record, as a store that knows no records keeps it. ns: of that line."""

    ns: int
    pod: str
    text: str

    @property
    def ms(self) -> int:
        return self.ns // 1_000_000


def node() -> Iterator[Said]:
    for text in (FIXTURES / "pino/stdout.log").read_text().splitlines()[:LONGEST]:
        record = json.loads(text)
        message = record.get("err", {}).get("message", "")
        reason = next((code for said, code in REASONS.items() if message.startswith(said)), "")
        assert reason or "err" not in record, text
        yield Said(record["time"], NODE_POD, text, reason)


def python() -> Iterator[Said]:
    text = (FIXTURES / "python-logging/stdout.log").read_text()
    records = re.split(r"(?m)^(?=\d{4}-)", text)
    for record in records[1 : LONGEST + 1]:
        lines = [line for line in record.splitlines() if not line.startswith(" * ")]
        stamp = datetime.strptime(lines[0][:23], "%Y-%m-%d %H:%M:%S,%f").replace(tzinfo=UTC)
        errors = re.findall(r"(?m)^jwt\.exceptions\.(\w+): ", record)
        reason = REASONS[errors[-1]] if errors else ""
        ms = round(stamp.timestamp() * 1000)
        yield Said(ms, PYTHON_POD, "\n".join(line for line in lines if line.strip()), reason)


STORY = sorted([*node(), *python()], key=lambda said: said.ms)
TEXTS = [said for said in STORY if said.pod == PYTHON_POD]
OBJECTS = [said for said in STORY if said.pod == NODE_POD]


def lines_of(story: list[Said]) -> list[Line]:
    """Return the lines of records, 0.23 ms after one another."""
    return [
        Line(said.ms * 1_000_000 + 100_000 + number * 230_000, said.pod, text)
        for said in story
        for number, text in enumerate(said.text.split("\n"))
    ]


def iso(ms: int, zone: str = "Z") -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}{zone}"


def nano(ns: int) -> str:
    return f"{datetime.fromtimestamp(ns // 10**9, UTC):%Y-%m-%dT%H:%M:%S}.{ns % 10**9:09d}Z"


def micro(ms: int, zone: str = "+00:00") -> str:
    return iso(ms, "") + "123" + zone


@dataclass(frozen=True)
class Fixture:
    """A file, and what it holds."""

    name: str
    data: bytes
    format: str
    events: int
    story: list[Said]
    services: tuple[str, ...] = ("orders-api",)
    instances: tuple[str, ...] | None = None  # None: the pods
    origin: str = "hand-made"
    is_timed: bool = True
    named_by: str = ""
    content: str = ""  # the format that content alone tells

    def row(self) -> str:
        refused = [said for said in self.story if said.reason]
        counts = Counter(said.reason for said in refused)
        pairs = ", ".join(f"{reason} = {counts[reason]}" for reason in sorted(counts))
        instances = self.instances
        if instances is None:
            instances = tuple(sorted({said.pod for said in refused}))
        rows = [
            "[[fixture]]",
            f'file = "stores/{self.name}"',
            f'format = "{self.format}"',
            f"events = {self.events}",
            f"rejections = {{ {pairs} }}",
        ]
        if self.is_timed:
            times = [said.ms for said in self.story]
            rejected = [said.ms for said in refused]
            rows += [f'first = "{iso(min(times))}"', f'last = "{iso(max(times))}"']
            rows += [f'first_rejection = "{iso(min(rejected))}"']
            rows += [f'last_rejection = "{iso(max(rejected))}"']
        if self.services:
            rows += [f"services = {json.dumps(list(self.services))}"]
        if instances:
            rows += [f"instances = {json.dumps(list(instances))}"]
        if self.named_by:
            rows += [f'named_by = "{self.named_by}"']
        if self.content:
            rows += [f'format_by_content = "{self.content}"']
        return "\n".join([*rows, f'origin = "{self.origin}"']) + "\n"


def joined(rows: list[str]) -> bytes:
    return "".join(row + "\n" for row in rows).encode()


def ndjson(rows: list[object]) -> bytes:
    return joined([json.dumps(row) for row in rows])


BOTH = lines_of(STORY)
SOLO = lines_of(TEXTS)
POD = (PYTHON_POD,)

# --- containers ---


def containers() -> Iterator[Fixture]:
    docker = ndjson(
        [
            {"log": line.text + "\n", "stream": "stdout", "time": nano(line.ns).replace("00Z", "Z")}
            for line in SOLO
        ]
    )
    yield Fixture(f"{'0f' * 32}-json.log", docker, "docker-json", len(SOLO), TEXTS,
                  services=(), instances=("0f" * 6,), named_by="path")  # fmt: skip
    wide = [line for line in lines_of(OBJECTS) if "err" in line.text] + SOLO
    cut = []
    for line in sorted(wide, key=lambda line: line.ns):
        text = line.text.replace(NODE_POD, PYTHON_POD)
        pieces = [text[at : at + 300] for at in range(0, len(text), 300)] or [""]
        for number, piece in enumerate(pieces):
            flag = "F" if number == len(pieces) - 1 else "P"
            cut.append(f"{nano(line.ns + number * 9000)} stderr {flag} {piece}")
    story = [said for said in OBJECTS if '"err"' in said.text] + TEXTS
    name = f"{PYTHON_POD}_shop_orders-{'0a' * 32}.log"
    yield Fixture(name, joined(cut), "cri", len(wide), story, instances=POD, named_by="path")
    stamped = joined([f"{nano(line.ns)} {line.text}" for line in SOLO])
    yield Fixture("kubectl-timestamps.log", stamped, "stamped-lines", len(SOLO), TEXTS,
                  services=(), instances=())  # fmt: skip
    prefixed = joined([f"[pod/{line.pod}/orders] {nano(line.ns)} {line.text}" for line in BOTH])
    yield Fixture("kubectl-prefix.log", prefixed, "kubectl-prefix", len(BOTH), STORY)
    stern = joined(
        [f"+ {PYTHON_POD} › orders", f"+ {NODE_POD} › orders"]
        + [f"{line.pod} orders {nano(line.ns)} {line.text}" for line in BOTH]
    )
    yield Fixture("stern-timestamps.log", stern, "stern", len(BOTH) + 1, STORY)
    bare = joined([f"{line.pod} orders {line.text}" for line in BOTH])
    yield Fixture("stern.log", bare, "stern", len(BOTH), STORY)
    objects = ndjson(
        [{"message": line.text, "nodeName": "ip-10-0-0-10", "namespace": "shop",
          "podName": line.pod, "containerName": "orders", "timestamp": nano(line.ns)}
         for line in BOTH]
    )  # fmt: skip
    yield Fixture("stern.jsonl", objects, "collected", len(BOTH), STORY)


# --- journald ---


def journald() -> Iterator[Fixture]:
    records = [
        {"__CURSOR": f"s=0f;i={number:x}", "__REALTIME_TIMESTAMP": str(line.ns // 1000),
         "__MONOTONIC_TIMESTAMP": str(line.ns % 10**10), "_BOOT_ID": "b0" * 16,
         "_SOURCE_REALTIME_TIMESTAMP": str(line.ns // 1000 - 40), "PRIORITY": "6",
         "_HOSTNAME": "orders-host-3", "SYSLOG_IDENTIFIER": "orders-api", "_PID": "812",
         "_SYSTEMD_UNIT": "orders-api.service", "_TRANSPORT": "stdout", "MESSAGE": line.text}
        for number, line in enumerate(SOLO)
    ]  # fmt: skip
    host = ("orders-host-3",)
    yield Fixture("journal.json", ndjson(records), "journald", len(SOLO), TEXTS, instances=host)
    export = io.BytesIO()
    for number, record in enumerate(records):
        for key, value in record.items():
            if key == "MESSAGE" and number % 3 == 0:
                data = value.encode()
                export.write(b"MESSAGE\n" + struct.pack("<Q", len(data)) + data + b"\n")
            else:
                export.write(f"{key}={value}\n".encode())
        export.write(b"\n")
    yield Fixture("journal.export", export.getvalue(), "journald-export", len(SOLO), TEXTS,
                  instances=host)  # fmt: skip
    short = joined(
        [f"{iso(line.ms)[:19]}+0000 orders-host-3 orders-api[812]: {line.text}" for line in SOLO]
    )
    yield Fixture("journal-short-iso.log", short, "syslog", len(SOLO), TEXTS, instances=host)
    modern = joined(
        [
            f"<14>1 {micro(line.ms, 'Z')} orders-host-3 orders-api 812 - - {line.text}"
            for line in SOLO
        ]
    )
    yield Fixture("rfc5424.log", modern, "syslog-5424", len(SOLO), TEXTS, instances=host)


# --- log stores ---


def loki() -> Iterator[Fixture]:
    streams = [
        {"stream": {"app": "orders-api", "namespace": "shop", "pod": pod, "container": "orders"},
         "values": [[str(line.ns), line.text] for line in reversed(BOTH) if line.pod == pod]}
        for pod in (NODE_POD, PYTHON_POD)
    ]  # fmt: skip
    answer = {"status": "success", "data": {"resultType": "streams", "result": streams, "stats": {
        "summary": {"bytesProcessedPerSecond": 1}}}}  # fmt: skip
    yield Fixture("loki-query.json", json.dumps(answer).encode(), "loki", len(BOTH), STORY)
    rows = [
        {"labels": {"app": "orders-api", "pod": line.pod}, "line": line.text,
         "timestamp": nano(line.ns)} for line in reversed(BOTH)
    ]  # fmt: skip
    yield Fixture("logcli.jsonl", ndjson(rows), "loki-jsonl", len(BOTH), STORY)
    text = [
        f'{iso(line.ms)[:19]}Z {{app="orders-api", pod="{line.pod}"}} {line.text}'
        for line in reversed(BOTH)
    ]
    yield Fixture("logcli.log", joined(text), "logcli", len(BOTH), STORY)


def elastic() -> Iterator[Fixture]:
    hits = [
        {"_index": "logs-2031.05.06", "_id": f"h{number}", "_score": None,
         "_source": {"@timestamp": iso(said.ms), "message": said.text,
                     "kubernetes": {"pod": {"name": said.pod}, "namespace": "shop",
                                    "labels": {"app": "orders-api"}},
                     "host": {"name": "ip-10-0-0-10"}, "log": {"level": "info"}},
         "sort": [said.ms]}
        for number, said in enumerate(STORY)
    ]  # fmt: skip
    answer = {"took": 3, "timed_out": False, "_shards": {"total": 1, "failed": 0},
              "hits": {"total": {"value": len(hits), "relation": "eq"}, "max_score": None,
                       "hits": hits}}  # fmt: skip
    yield Fixture(
        "elastic-search.json", json.dumps(answer).encode(), "elasticsearch", len(STORY), STORY
    )
    yield Fixture("elasticdump.jsonl", ndjson(hits), "elasticsearch", len(STORY), STORY)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["@timestamp", "kubernetes.pod.name", "log.level", "message"])
    for said in STORY:
        moment = datetime.fromtimestamp(said.ms / 1000, UTC)
        stamp = f"{moment:%b} {moment.day}, {moment:%Y @ %H:%M:%S}.{said.ms % 1000:03d}"
        table.writerow([stamp, said.pod, "-", said.text])
    yield Fixture("kibana.csv", out.getvalue().encode(), "csv", len(STORY), STORY)


def otlp() -> Iterator[Fixture]:
    rows = []
    for said in STORY:
        attributes = {"service.name": "orders-api", "k8s.pod.name": said.pod,
                      "deployment.environment": "production"}  # fmt: skip
        rows.append(
            {"resourceLogs": [{
                "resource": {"attributes": [{"key": key, "value": {"stringValue": value}}
                                            for key, value in attributes.items()]},
                "scopeLogs": [{"scope": {"name": "orders.auth"}, "logRecords": [{
                    "timeUnixNano": str(said.ms * 1_000_000),
                    "observedTimeUnixNano": str(said.ms * 1_000_000 + 5_000_000),
                    "severityNumber": 17, "severityText": "ERROR",
                    "body": {"stringValue": said.text},
                    "attributes": [{"key": "thread", "value": {"intValue": "7"}}],
                    "traceId": "", "spanId": ""}]}]}]}
        )  # fmt: skip
    yield Fixture("otlp.jsonl", ndjson(rows), "otlp-json", len(STORY), STORY)


def hosted() -> Iterator[Fixture]:
    gcp = [
        {"insertId": f"i{number}", "timestamp": micro(said.ms, "Z"), "severity": "ERROR",
         "receiveTimestamp": micro(said.ms + 900, "Z"),
         "logName": "projects/p-1/logs/stdout",
         "resource": {"type": "k8s_container", "labels": {
             "pod_name": said.pod, "container_name": "orders-api", "namespace_name": "shop",
             "cluster_name": "c-1", "location": "europe-west1", "project_id": "p-1"}},
         **({"jsonPayload": {k: v for k, v in said.record.items() if k != "time"}}
            if said.text.startswith("{") else {"textPayload": said.text + "\n"})}
        for number, said in enumerate(STORY)
    ]  # fmt: skip
    yield Fixture("gcloud.json", json.dumps(gcp[::-1], indent=2).encode(), "gcp", len(gcp), STORY)
    yield Fixture("gcp-sink.jsonl", ndjson(gcp), "gcp", len(gcp), STORY)
    datadog = {"data": [
        {"id": f"A{number}", "type": "log", "attributes": {
            "timestamp": iso(said.ms), "status": "error", "service": "orders-api",
            "host": said.pod, "message": said.text, "tags": ["env:production"],
            "attributes": {}}} for number, said in enumerate(STORY)],
        "meta": {"page": {"after": "abc"}, "status": "done"}}  # fmt: skip
    yield Fixture("datadog-api.json", json.dumps(datadog).encode(), "datadog", len(STORY), STORY)
    archive = [
        {"_id": f"A{number}", "date": iso(said.ms), "service": "orders-api", "host": said.pod,
         "status": "error", "message": said.text, "attributes": {}, "tags": ["env:production"],
         "source": "python"} for number, said in enumerate(STORY)
    ]  # fmt: skip
    yield Fixture("datadog-archive.jsonl", ndjson(archive), "json-lines", len(STORY), STORY)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["Date", "Host", "Service", "Content"])
    table.writerows([iso(said.ms), said.pod, "orders-api", said.text] for said in STORY)
    yield Fixture("datadog.csv", out.getvalue().encode(), "csv", len(STORY), STORY)


def azure() -> Iterator[Fixture]:
    columns = {"TimeGenerated": "datetime", "PodName": "string", "ContainerName": "string",
               "LogMessage": "string"}  # fmt: skip
    tables = {"tables": [{
        "name": "PrimaryResult",
        "columns": [{"name": name, "type": kind} for name, kind in columns.items()],
        "rows": [[iso(said.ms), said.pod, "orders-api", said.text] for said in STORY]}]}  # fmt: skip
    yield Fixture(
        "log-analytics.json", json.dumps(tables).encode(), "azure-query", len(STORY), STORY
    )
    hour = [
        {"time": micro(said.ms, "4Z"), "resourceId": "/SUBSCRIPTIONS/S/ORDERS", "level": "Informational",
         "category": "AppServiceConsoleLogs", "operationName": "Microsoft.Web/sites/log",
         "Host": said.pod, "resultDescription": said.text, "properties": {}} for said in STORY
    ]  # fmt: skip
    yield Fixture("PT1H.json", ndjson(hour), "json-lines", len(STORY), STORY)


# --- CloudWatch ---


def stream_of(pod: str) -> str:
    return f"ecs/orders-api/{TASKS[pod]}"


def payloads() -> list[bytes]:
    made = []
    for at in range(0, len(STORY), 5):
        for pod in (NODE_POD, PYTHON_POD):
            events = [said for said in STORY[at : at + 5] if said.pod == pod]
            body = {"messageType": "DATA_MESSAGE", "owner": "111122223333",
                    "logGroup": "/ecs/orders-api", "logStream": stream_of(pod),
                    "subscriptionFilters": ["all"],
                    "logEvents": [{"id": f"{said.ms}{number:043d}", "timestamp": said.ms,
                                   "message": said.text} for number, said in enumerate(events)]}  # fmt: skip
            if events:
                made.append(json.dumps(body, separators=(",", ":")).encode())
    control = {"messageType": "CONTROL_MESSAGE", "owner": "CloudwatchLogs", "logGroup": "",
               "logStream": "", "subscriptionFilters": [], "logEvents": [{
                   "id": "", "timestamp": STORY[0].ms,
                   "message": "CWL CONTROL MESSAGE: Checking health of destination Kinesis stream."}]}  # fmt: skip
    return [json.dumps(control).encode(), *made]


def packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def subscriptions() -> Iterator[Fixture]:
    tasks = tuple(TASKS.values())
    bodies, events = payloads(), len(STORY)
    kind = "cloudwatch-subscription"
    yield Fixture("firehose-1-2031-05-06-07-00-00-0a1b", b"".join(gzip.compress(body, mtime=0) for body in bodies),
                  kind, events, STORY, instances=tasks)  # fmt: skip
    yield Fixture(
        "firehose-plain-2031-05-06", b"".join(bodies), kind, events, STORY, instances=tasks
    )
    records = {"Records": [
        {"SequenceNumber": str(number), "ApproximateArrivalTimestamp": 1935817200.5,
         "Data": packed(body), "PartitionKey": "k"} for number, body in enumerate(bodies)],
        "NextShardIterator": "AAAA", "MillisBehindLatest": 0}  # fmt: skip
    yield Fixture("kinesis-get-records.json", json.dumps(records, indent=4).encode(), kind, events,
                  STORY, instances=tasks)  # fmt: skip
    lambdas = joined([json.dumps({"awslogs": {"data": packed(body)}}) for body in bodies])
    yield Fixture("lambda-events.json", lambdas, kind, events, STORY, instances=tasks)


def commands() -> Iterator[Fixture]:
    tasks, events = tuple(TASKS.values()), len(STORY)
    text = [
        f"EVENTS\t{number:056d}\t{said.ms + 700}\t{stream_of(said.pod)}\t{said.text}\t{said.ms}"
        for number, said in enumerate(STORY)
    ]
    text += [f"SEARCHEDLOGSTREAMS\t{stream_of(pod)}\tTrue" for pod in TASKS]
    yield Fixture(
        "filter-log-events.txt", joined(text), "cloudwatch-text", events, STORY, instances=tasks
    )
    get = ["b/37\tf/38"] + [f"EVENTS\t{said.ms + 700}\t{said.text}\t{said.ms}" for said in STORY]
    yield Fixture("get-log-events.txt", joined(get), "cloudwatch-text", events, STORY,
                  services=(), instances=("", NODE_POD))  # fmt: skip
    query = joined([f"{said.ms}\t{said.text}" for said in TEXTS])
    yield Fixture("query-text.txt", query, "text", len(TEXTS), TEXTS, services=(), instances=())
    detailed = joined([f"{micro(said.ms)} {stream_of(said.pod)} {said.text}" for said in STORY])
    yield Fixture("tail-detailed.log", detailed, "cloudwatch-tail", events, STORY, instances=tasks)
    colour = joined(
        [
            f"\x1b[32m{micro(said.ms)}\x1b[0m \x1b[36m{stream_of(said.pod)}\x1b[0m {said.text}"
            for said in STORY
        ]
    )
    yield Fixture("tail-colour.log", colour, "cloudwatch-tail", events, STORY, instances=tasks)
    pretty = joined(
        [f"{micro(said.ms)} {stream_of(said.pod)} "
         + ("\n" + json.dumps(said.record, indent=4) if said.text[0] == "{" else said.text)
         for said in STORY]
    )  # fmt: skip
    yield Fixture("tail-json.log", pretty, "cloudwatch-tail", events, STORY, instances=tasks)
    short = joined([f"{iso(said.ms)[:19]} {said.text}" for said in TEXTS])
    yield Fixture("tail-short.log", short, "text", len(TEXTS), TEXTS, services=(), instances=())
    names = joined(
        [f"/ecs/orders-api {stream_of(said.pod)} {iso(said.ms)} {said.text}" for said in STORY]
    )
    yield Fixture("awslogs.log", names, "cloudwatch-awslogs", events, STORY, instances=tasks)


def yaml_of(said: Said, number: int) -> str:
    text = json.dumps(said.text) if "\n" in said.text else "'" + said.text.replace("'", "''") + "'"
    return (
        f"- eventId: '{number:056d}'\n  ingestionTime: {said.ms + 700}\n"
        f"  logStreamName: {stream_of(said.pod)}\n  message: {text}\n  timestamp: {said.ms}\n"
    )


def sheets() -> Iterator[Fixture]:
    tasks, events = tuple(TASKS.values()), len(STORY)
    pages = "".join(yaml_of(said, number) for number, said in enumerate(STORY))
    yaml = f"events:\n{pages}searchedLogStreams: []\n"
    yield Fixture(
        "filter-log-events.yaml", yaml.encode(), "cloudwatch-yaml", events, STORY, instances=tasks
    )
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["@timestamp", "@message", "@logStream"])
    table.writerows([iso(s.ms)[:23].replace("T", " "), s.text, stream_of(s.pod)] for s in STORY)
    yield Fixture("insights.csv", out.getvalue().encode(), "csv", events, STORY, instances=tasks)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["timestamp", "message"])
    table.writerows([said.ms, said.text] for said in STORY)
    yield Fixture("log-events-viewer-result.csv", out.getvalue().encode(), "csv", events, STORY,
                  services=(), instances=("", NODE_POD))  # fmt: skip


MAKERS: tuple[Callable[[], Iterator[Fixture]], ...] = (
    containers, journald, loki, elastic, otlp, hosted, azure, subscriptions, commands, sheets,
)  # fmt: skip


def main() -> None:
    folder = FIXTURES / "stores"
    folder.mkdir(exist_ok=True)
    rows = []
    for make in MAKERS:
        for fixture in make():
            (folder / fixture.name).write_bytes(fixture.data)
            rows.append(fixture.row())
    TABLE.write_text(
        "# Written by recorders/stores.py: recorded texts as log stores export them.\n\n"
        + "\n".join(rows)
    )


if __name__ == "__main__":
    main()
