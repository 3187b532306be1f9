"""Exports of programs that do not run here, in the shapes that their documentation shows.

Each holds the same four events: a start, a bad signature, an expired token, a success. The texts
are made by hand; what could be recorded is in fixtures/exports.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

import pytest
from reading import ENDED, engine, write

from logclass import classify, counted, formats, pipeline
from logclass.formats.literals import printed_object
from logclass.model import Fault, Source

FIRST = datetime(2031, 5, 6, 7, 8, 9, 123000, UTC)
SAID = (
    "listening",
    "JsonWebTokenError: invalid signature",
    "TokenExpiredError: jwt expired",
    "done",
)
REASONS = ["signature_invalid", "token_expired"]
EVENTS = [(FIRST + timedelta(seconds=7 * at), text) for at, text in enumerate(SAID)]
POD = "orders-api-7d9f8b6c5-x2x4z"


def iso(moment: datetime, form: str = "milliseconds") -> str:
    return moment.isoformat(timespec=form).replace("+00:00", "Z")


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def lines(shape, events=EVENTS) -> str:
    return "".join(f"{shape(moment, text)}\n" for moment, text in events)


class Read(NamedTuple):
    format: str
    events: int
    rows: list[dict]
    tally: set[tuple[str, str]]
    classes: set[int]
    faults: list[Fault]


def read(text: str, name: str = "x.log") -> Read:
    matcher, prefilter = engine()
    events, rows, faults, tally, classes, format_ = 0, [], [], set(), set(), ""
    source = Source(name, name, modified_seconds=ENDED)
    for batch in formats.read(source, [text.encode()], prefilter.hits, faults):
        format_ = batch.format
        for row in batch.tally.to_pylist():
            events += row["events"]
            tally.add((row["service"], row["instance"]))
            classes.add(row["status_class"])
        found = classify.classify(batch, matcher).rejections.to_pylist()
        rows += [row for row in found if row["outcome"] == "rejected"]
    return Read(format_, events, rows, tally, classes, faults)


def is_error(text: str) -> bool:
    return "Error" in text


def windows(moment: datetime, text: str, data: object = None) -> dict:
    return {
        "Event": {
            "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
            "System": {
                "Provider": {"#attributes": {"Name": "orders-api"}},
                "EventID": 1026,
                "Level": 2 if is_error(text) else 4,
                "TimeCreated": {"#attributes": {"SystemTime": iso(moment, "microseconds")}},
                "Computer": "WEB-01",
            },
            "EventData": {"Data": text if data is None else data},
        }
    }


def splunk(columns) -> str:
    names = ["_time", "host", "_raw"]
    rows = [[iso(moment), "web-1", text] for moment, text in EVENTS]
    around = {"preview": False, "init_offset": 0, "messages": []}
    return json.dumps(
        {**around, "fields": columns(names), "columns": [list(c) for c in zip(*rows, strict=True)]}
    )


def splunk_xml() -> str:
    def field(name: str, text: str) -> str:
        return f"\t\t<field k='{name}'>\n\t\t\t<value><text>{text}</text></value>\n\t\t</field>\n"

    def result(moment: datetime, text: str) -> str:
        raw = f"\t\t<field k='_raw'><v xml:space='preserve' trunc='0'>{text}</v></field>\n"
        return f"\t<result offset='0'>\n{field('_time', iso(moment))}{field('host', 'web-1')}{raw}\t</result>"

    return f"<?xml version='1.0' encoding='UTF-8'?>\n<results preview='0'>\n<meta/>\n{lines(result)}</results>\n"


def mysql_xml() -> str:
    def row(moment: datetime, text: str) -> str:
        fields = {"ts": moment.strftime("%Y-%m-%d %H:%M:%S.%f"), "host": "web-1", "message": text}
        shown = "".join(
            f'\t<field name="{name}">{value}</field>\n' for name, value in fields.items()
        )
        return f"  <row>\n{shown}  </row>\n"

    start = '<?xml version="1.0"?>\n\n<resultset statement="select * from log">\n'
    return f"{start}{lines(row)}</resultset>\n"


def otel_record(moment: datetime, text: str) -> str:
    return (
        f"LogRecord #0\nObservedTimestamp: 1970-01-01 00:00:00 +0000 UTC\n"
        f"Timestamp: {moment:%Y-%m-%d %H:%M:%S.%f} +0000 UTC\nSeverityText: ERROR\n"
        f"SeverityNumber: Error(17)\nBody: Str({text})\nAttributes:\n"
        f"     -> http.response.status_code: Int({401 if is_error(text) else 200})\n"
        "Trace ID: \nSpan ID: \nFlags: 0"
    )


def otel_debug() -> str:
    resource = (
        "2031-05-06T07:09:00.000Z\tinfo\tResourceLog #0\nResource SchemaURL: \nResource attributes:\n"
        f"     -> service.name: Str(orders-api)\n     -> service.instance.id: Str({POD})\n"
        "ScopeLogs #0\nScopeLogs SchemaURL: \nInstrumentationScope auth 1.0\n"
    )
    return f'{resource}{lines(otel_record)}\t{{"kind": "exporter", "name": "debug"}}\n'


def ruby(moment: datetime, text: str) -> str:
    status = 401 if is_error(text) else 200
    return f'{{:time=>"{iso(moment)}", :service=>"orders-api", :message=>"{text}", :status=>{status}, :user=>nil}}'


def ruby_3_4(moment: datetime, text: str) -> str:
    return f'{{time: {moment:%Y-%m-%d %H:%M:%S.%f} UTC, service: "orders-api", "message" => "{text}", user: nil}}'


def rubydebug(moment: datetime, text: str) -> str:
    return (
        f'{{\n       "message" => "{text}",\n    "@timestamp" => {iso(moment)},\n'
        '       "service" => {\n        "name" => "orders-api"\n    },\n'
        '          "tags" => [\n        [0] "beats",\n        [1] "x"\n    ]\n}'
    )


def journal(moment: datetime, text: str) -> str:
    return (
        f"{moment:%a %Y-%m-%d %H:%M:%S.%f} UTC [s=1f2e;i=4a;b=01;m=1d;t=5f;x=9]\n    _TRANSPORT=stdout\n"
        f"    MESSAGE={text}\n            at verify (x.js:1:2)\n    SYSLOG_IDENTIFIER=orders-api\n    _HOSTNAME=web-1"
    )


def lists_by_line() -> str:
    records = [{"date": ms(moment) / 1000, "log": text} for moment, text in EVENTS]
    flushes = [
        json.dumps(records[:2]),
        "[2031/05/06 07:08:00] [ info] [sp] stream processor started",
        json.dumps(records[2:]),
    ]
    return "\n".join([*flushes, ""])


SHAPES = {
    "evtx_dump-jsonl": ("windows-events", lines(lambda *e: json.dumps(windows(*e))), "orders-api", "WEB-01"),
    "evtx_dump": (
        "windows-events", lines(lambda *e: f"Record 7\n{json.dumps(windows(*e), indent=2)}"), "orders-api", "WEB-01",
    ),
    "evtx_dump-texts": (
        "windows-events", lines(lambda m, t: json.dumps(windows(m, t, {"#text": ["a", t]}))), "orders-api", "WEB-01",
    ),
    "xmltodict": (
        "windows-events",
        json.dumps([{"Event": {"System": {"Provider": {"@Name": "orders-api"}, "TimeCreated": {"@SystemTime": iso(m)}, "Computer": "WEB-01"}, "EventData": {"Data": [{"@Name": "Text", "#text": t}]}}} for m, t in EVENTS], indent=1),
        "orders-api", "WEB-01",
    ),
    "splunk-json_cols": ("json-nested", splunk(list), None, "web-1"),
    "splunk-json_cols-fields": ("json-nested", splunk(lambda names: [{"name": one} for one in names]), None, "web-1"),
    "splunk-xml": ("xml-rows", splunk_xml(), None, "web-1"),
    "mysql-xml": ("xml-rows", mysql_xml(), None, "web-1"),
    "clickhouse-columns": (
        "json-nested", json.dumps({"time": [iso(m) for m, _ in EVENTS], "service": ["orders-api"] * 4, "message": list(SAID)}),
        "orders-api", None,
    ),
    "grafana-text": (
        "grafana-text",
        f'Common labels: {{"app":"orders-api","pod":"{POD}"}}\nLine limit: 1000\n\n\n'
        + lines(lambda m, t: f"{iso(m)}\t{t}", EVENTS[::-1]),
        "orders-api", POD,
    ),
    "grafana-csv-for-excel": (
        "csv", 'sep=,\n"labels","Time","Line"\n' + lines(lambda m, t: f'"{{""app"":""orders-api""}}",{ms(m)},"{t}"'),
        "orders-api", None,
    ),
    "powershell-csv": (
        "csv", '#TYPE System.Object\n"TimeCreated","MachineName","Message"\n' + lines(lambda m, t: f'"{iso(m)}","WEB-01","{t}"'),
        None, "WEB-01",
    ),
    "otel-debug": ("otel-debug", otel_debug(), "orders-api", POD),
    "ruby-hash": ("printed-objects", lines(ruby), "orders-api", None),
    "ruby-3.4": ("printed-objects", lines(ruby_3_4), "orders-api", None),
    "logstash-rubydebug": ("printed-objects", lines(rubydebug), None, None),
    "ltsv": (
        "ltsv", lines(lambda m, t: f"time:{iso(m)}\tlevel:error\tservice:orders-api\thost:web-1\tmessage:{t}"), "orders-api", "web-1",
    ),
    "journalctl-verbose": ("journald-verbose", lines(journal), "orders-api", "web-1"),
    "journalctl-short-unix": (
        "syslog", lines(lambda m, t: f"{m.timestamp():.6f} web-1 orders-api[77]: {t}"), "orders-api", "web-1",
    ),
    "fluent-bit-file": (
        "fluent-bit-stdout",
        lines(lambda m, t: f"kube.x: [{m.timestamp():.6f}, {json.dumps({'log': t, 'kubernetes': {'pod_name': POD, 'container_name': 'orders-api'}})}]"),
        "orders-api", POD,
    ),
    "fluent-bit-lists": ("json-array-lines", lists_by_line(), None, None),
    "fluentd-container": (
        "text", lines(lambda m, t: f"{iso(m)}\tapp.x\t{json.dumps({'message': t, 'container_name': '/orders-1'})}"), None, "orders-1",
    ),
    "powershell-select": (
        "json-array",
        json.dumps([{"TimeCreated": {"value": f"/Date({ms(m)})/", "DateTime": "Tuesday, May 6, 2031 9:08:09 AM"}, "Message": t} for m, t in EVENTS], indent=4),
        None, None,
    ),
}  # fmt: skip


SHAPES |= {
    "log4net-xml": (
        "xml-records",
        "".join(f'<log4net:event logger="Orders.Auth" timestamp="{m.isoformat()}" level="ERROR" thread="7"><log4net:message>{t}</log4net:message></log4net:event>' for m, t in EVENTS),
        None, None,
    ),
    "dotnet-svclog": (
        "xml-records",
        "".join(
            '<E2ETraceEvent xmlns="http://schemas.microsoft.com/2004/06/E2ETraceEvent"><System><EventID>0</EventID><Level>2</Level>'
            f'<TimeCreated SystemTime="{iso(m)}" /><Source Name="orders-api" /><Computer>WEB-01</Computer></System>'
            f"<ApplicationData>{t}</ApplicationData></E2ETraceEvent>"
            for m, t in EVENTS
        ),
        "orders-api", "WEB-01",
    ),
    "semantic_logger": (
        "text", lines(lambda m, t: f'{m:%Y-%m-%d %H:%M:%S.%f} E [7:puma 001] Orders -- {t} -- {{:service=>"orders-api", :user=>nil}}'), "orders-api", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_event_is_read_at_its_time(name: str) -> None:
    format_, text, service, instance = SHAPES[name]
    found = read(text)
    assert found.format == format_
    assert found.events == len(EVENTS) + (name == "fluent-bit-lists")
    assert not found.faults
    rows = sorted(found.rows, key=lambda row: row["time_ms"])
    assert [row["reason"] for row in rows] == REASONS
    assert [row["time_ms"] for row in rows] == [ms(moment) for moment, _ in EVENTS[1:3]]
    if service:
        assert {row["service"] for row in rows} == {service}
        assert service in {service for service, _ in found.tally}
    if instance:
        assert {row["instance"] for row in rows} == {instance}
        assert instance in {instance for _, instance in found.tally}


def test_numbers_of_windows_tasks_and_versions_name_nobody() -> None:
    records = [
        {
            "Id": 1026,
            "Version": 0,
            "Task": 0,
            "MachineName": "WEB-01",
            "ProviderName": "orders-api",
            "TimeCreated": f"/Date({ms(m)})/",
            "Message": t,
        }
        for m, t in EVENTS
    ]
    rows = read(json.dumps(records)).rows
    assert {(row["service"], row["instance"]) for row in rows} == {("orders-api", "WEB-01")}


def test_values_of_printed_objects() -> None:
    text = """{'at': datetime.datetime(2031, 5, 6, 7, 8, tzinfo=datetime.timezone(datetime.timedelta(seconds=7200))),
      'error': ExpiredSignatureError('Signature has expired'), 'id': UUID('5b8e'), 'ok': False, 'none': None, 'more': [1, -2.5, ('a',)]}"""
    assert printed_object(text) == {
        "at": "2031-05-06T07:08:00.000000+02:00", "error": "ExpiredSignatureError: Signature has expired", "id": "5b8e",
        "ok": False, "none": None, "more": [1, -2.5, ["a"]],
    }  # fmt: skip
    assert printed_object("{:a=>#<JWT::DecodeError: Not enough or too many segments>, :b=>:sym}") == {
        "a": "JWT::DecodeError: Not enough or too many segments", "b": "sym",
    }  # fmt: skip
    assert printed_object("{ stack: 'a\\n' +\n    'b', [Symbol(level)]: 'info', n: undefined }") == {
        "stack": "a\nb", "Symbol(level)": "info", "n": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["{", "{}", "{a b}", "{'a': }", "{" * 500, "{" + "'a': [" * 500, "{:a=>1", "{'a': 1}}"]
)
def test_what_is_no_printed_object_is_none(text: str) -> None:
    assert printed_object(text) is None


def at(hour: int, minute: int) -> int:
    return ms(datetime(2031, 5, 6 if hour > 6 else 7, hour, minute, tzinfo=UTC))


@pytest.mark.parametrize(
    ("shape", "written"),
    [
        ("{} INF {}", ("11:59PM", "12:01AM")),  # zerolog's console, Go's time.Kitchen
        ("[{}] info: {}", ("11:59:00 PM", "12:01:00 AM")),
        ("[INFO] {} {}", ("11:59 pm", "12:01 am")),
    ],
)
def test_times_of_half_a_day(shape: str, written: tuple[str, str]) -> None:
    text = "".join(f"{shape.format(time, SAID[1])}\n" for time in written)
    assert [row["time_ms"] for row in read(text).rows] == [at(23, 59), at(0, 1)]


def test_two_digits_of_a_year_with_half_a_day() -> None:
    text = f"05/06/31 04:17:57.962 PM ERROR {SAID[1]}\n05/26/31 04:18:57.962 AM ERROR {SAID[1]}\n"
    first = read(text).rows[0]["time_ms"]
    assert first == ms(datetime(2031, 5, 6, 16, 17, 57, 962000, UTC))


def test_records_below_what_they_have_in_common() -> None:
    """slog's compact form (Rust) writes what requests share once, and indents their records."""
    text = (
        "service: orders-api\n May 06 07:08:09.123 INFO listening, port: 8080\n path: /orders/1\n"
        f"   May 06 07:08:16.123 ERRO refused, error: {SAID[1]}\n"
        f" May 06 07:08:20.000 INFO stored\n path: /orders/2\n   May 06 07:08:23.123 ERRO refused, error: {SAID[2]}\n"
    )
    found = read(text)
    assert found.events == 5  # the first line is one as well
    assert [row["time_ms"] for row in found.rows] == [ms(moment) for moment, _ in EVENTS[1:3]]


def access(shape: str) -> str:
    """Return twelve requests in an operator's own form, each third refused."""
    moments = [FIRST + timedelta(seconds=at) for at in range(12)]
    return "".join(
        shape.format(
            iso=iso(moment, "seconds"), clf=f"{moment:%d/%b/%Y:%H:%M:%S} +0000", epoch=f"{moment.timestamp():.3f}",
            path=f"/orders/{number}", status=401 if number % 3 == 0 else 200, bytes=number * 401,
        ) + "\n"
        for number, moment in enumerate(moments)
    )  # fmt: skip


OWN_FORMS = {
    "bars": "{iso}|192.0.2.7|GET|{path}|{status}|{bytes}|0.003|curl/8",
    "commas": "{iso},192.0.2.7,POST,{path},{status},{bytes},0.003",
    "tabs": "{iso}\t192.0.2.7\tGET\t{path}\t{status}\t{bytes}",
    "quotes": '{iso} "192.0.2.7" "GET" "{path}" "{status}" "{bytes}"',
    "before the request (Varnish)": "{iso} miss {status} GET http://api.example.com{path} 192.0.2.7 0.0001",
    "with a key (Varnish)": '[{clf}] 192.0.2.7 "GET http://api.example.com{path} HTTP/1.1" s={status} b={bytes} hit',
    "behind its method (Varnish)": '{epoch} 192.0.2.7 GET "{path}" HTTP/1.1 {status} {bytes} pass',
    "before the quotes (HAProxy)": '{clf} fe be/web-1 192.0.2.7:3322 {status} "GET {path} HTTP/1.1" 1/2/3',
    "pairs (nginx)": 'time="{iso}" remote_addr=192.0.2.7 request="GET {path} HTTP/1.1" status={status} bytes={bytes}',
}


@pytest.mark.parametrize("name", sorted(OWN_FORMS))
def test_the_status_is_found_in_forms_of_the_operators_own(name: str) -> None:
    found = read(access(OWN_FORMS[name]))
    assert found.events == 12
    assert found.classes == {2, 4}
    told = [(row["reason"], row["status"], row["route"], row["kind"]) for row in found.rows]
    assert told == [("unspecified", 401, "/orders/:id", "access")] * 4


def test_a_log_that_speaks_of_requests_is_no_access_log() -> None:
    text = "".join(
        f"2031-05-06T07:08:{at:02}Z INFO GET /orders/{at} took {300 + 7 * at} ms\n"
        for at in range(12)
    )
    found = read(text)
    assert found.rows == []
    assert found.classes == {0}


@pytest.mark.parametrize(
    "text",
    [
        '# TYPE http_requests_total counter\nhttp_requests_total{status="401"} 0\nhttp_requests_total{status="200"} 7\n',
        'jwt_failures{error="invalid token"} 3 1935817689123\njwt_failures{error="token expired"} NaN\nup 1\n# EOF\n',
    ],
)
def test_samples_of_metrics_are_no_log(text: str) -> None:
    found = read(text)
    assert found.events == 0
    assert [(fault.kind, fault.detail) for fault in found.faults] == [
        ("not_a_log", "samples of metrics")
    ]


def test_a_sample_among_lines_is_no_rejection() -> None:
    sample = 'jwt_failures{error="invalid token"} 3'
    found = read(lines(lambda m, t: f"{iso(m)} INFO {t}\n{iso(m)} INFO {sample}\n{sample}"))
    assert [row["reason"] for row in found.rows] == REASONS


def test_vaults_audit_tells_of_refused_logins_and_of_changes(tmp_path) -> None:
    def entry(moment: datetime, path: str, error: str) -> dict:
        request = {
            "id": f"r-{ms(moment)}",
            "operation": "update",
            "path": path,
            "mount_type": "jwt",
        }
        return {
            "time": iso(moment),
            "type": "response",
            "auth": {},
            "request": request,
            "response": {},
            "error": error,
        }

    refused = "error validating token: token is expired (exp)"
    told = [
        entry(FIRST, "auth/jwt/login", refused),
        entry(FIRST + timedelta(seconds=7), "auth/jwt/login", ""),
        entry(FIRST + timedelta(minutes=7), "transit/keys/orders/rotate", ""),
    ]
    folder = write(tmp_path, {"audit.log": "".join(f"{json.dumps(one)}\n" for one in told)})
    intake = pipeline.read([str(folder)], pipeline.Options(workers=1))
    once = counted.count_once(intake.summary)
    assert list(once.rejections["reason"]) == ["token_expired"]
    assert [change.kind for change in intake.changes] == ["rotation"]


def test_an_excerpt_names_the_client_nobody_else() -> None:
    """A request id is put back where it stood, and not where the client's address did."""
    shape = 'time="{}" remote_addr=192.0.2.17 status=401 request="GET /x HTTP/1.1" request_id={}'
    text = "".join(f"{shape.format(iso(moment), '4f8c2a1b9d3e4f8c' * 2)}\n" for moment, _ in EVENTS)
    assert not any("remote_addr=4f8c" in row["excerpt"] for row in read(text).rows)


CALENDARS = {
    "google": "Subject,Start Date,Start Time,End Date,End Time,Description\nWindow,05/06/2031,{hour}:00 AM,05/06/2031,{hour}:30 AM,{text}\n",
    "plain": "Date,Time,Title,Description\n2031-05-06,0{hour}:00,Window,{text}\n",
}


@pytest.mark.parametrize("name", sorted(CALENDARS))
def test_a_calendar_is_no_log(name: str, tmp_path) -> None:
    header, row = CALENDARS[name].splitlines()
    told = ["deploy: orders-api v41", "config: gateway audience", "rotation: jwt key"]
    body = "\n".join(
        [header, *(row.format(hour=7 + at, text=text) for at, text in enumerate(told)), ""]
    )
    folder = write(tmp_path, {"calendar.csv": body, "app.log": lines(lambda m, t: f"{iso(m)} {t}")})
    intake = pipeline.read([str(folder)], pipeline.Options(workers=1))
    assert [source.source for source in intake.summary.sources if source.events] == ["app.log"]
    assert [change.kind for change in intake.changes] == ["deploy", "gateway", "rotation"]
    assert intake.changes[0].time_ms == ms(datetime(2031, 5, 6, 7, 0, tzinfo=UTC))


def test_zones_of_python_are_kept() -> None:
    zone = timezone(timedelta(hours=-5))
    shown = repr({"ts": FIRST.astimezone(zone), "msg": SAID[1]})
    assert read(f"{shown}\n" * 3).rows[0]["time_ms"] == ms(FIRST)
