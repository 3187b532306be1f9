from __future__ import annotations

import json

import pytest

from logclass import changes
from logclass.changes import kinds
from logclass.timestamps import isoformat, parse
from logclass.vocabulary import ChangeKind


def ms(text: str) -> int:
    stamp = parse(text)
    assert stamp is not None
    return stamp.ms


def read(text: str, name: str = "bundle/changes.csv") -> changes.ChangeRead:
    found = changes.read(text.encode(), name=name)
    assert found is not None
    return found


def test_csv() -> None:
    found = read(
        "time,kind,service,description,version,environment,end\n"
        '2031-05-06T11:02:00Z,deploy,auth-api,"2.4.1, secret changed",2.4.1,prod,'
        "2031-05-06T11:20:00Z\n"
        "2031-05-06 11:15:00,secret rotation,prod/jwt,,k9,,\n"
    )
    deploy, rotation = found.events
    assert found.faults == ()
    assert deploy.id == "changes.csv:2"
    assert deploy.source == "bundle/changes.csv"
    assert (deploy.kind, deploy.target, deploy.version) == (ChangeKind.DEPLOY, "auth-api", "2.4.1")
    assert deploy.description == "2.4.1, secret changed"
    assert deploy.environment == "prod"
    assert (deploy.time_ms, deploy.end_ms) == (
        ms("2031-05-06T11:02:00Z"),
        ms("2031-05-06T11:20:00Z"),
    )
    assert not deploy.zone_assumed
    assert (rotation.kind, rotation.version) == (ChangeKind.ROTATION, "k9")
    assert rotation.zone_assumed


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffWhen;Type;What\r\n2031-05-06T11:02:00Z;deploy;auth\r\n",
        "at\tevent\tcomponent\n2031-05-06T11:02:00Z\tRelease\tauth\n",
        "# kept by hand\n\nDate,Time,Type,App\n2031-05-06,11:02,Deployment,auth\n",
        "Time (UTC),Category,System\n2031-05-06 11:02:00,app-deploy,auth\n",
        "| timestamp | kind | target |\n|---|---|---|\n| 2031-05-06T11:02Z | deploy | auth |\n",
        '[{"when":"2031-05-06T11:02:00Z","type":"deploy","service":"auth"}]',
        '{"changes":[{"timestamp":1935831720,"event":"Deploy","target":"auth"}]}',
        '{"at":"2031-05-06T13:02:00+02:00","kind":"deploy","what":"auth"}\n',
        '{"startedAt":1935831720000,"changeType":"deploy","serviceName":"auth"}\n',
    ],
)
def test_headers_separators_and_shapes_are_forgiven(text: str) -> None:
    (event,) = read(text).events
    assert (event.time_ms, event.kind, event.target) == (
        ms("2031-05-06T11:02:00Z"),
        ChangeKind.DEPLOY,
        "auth",
    )


def test_utf_16_of_powershell() -> None:
    text = "time,kind,target\n2031-05-06T11:02:00Z,rotation,jwt\n"
    found = changes.read(text.encode("utf-16"), name="c.csv")
    assert found is not None
    assert found.events[0].kind is ChangeKind.ROTATION


def test_a_list_without_kinds_is_read_by_its_sentences() -> None:
    found = read(
        "when,what\n"
        "2031-05-06T11:00:00Z,Rolled back auth-api to 2.3.9\n"
        "2031-05-06T11:01:00Z,Rotated the JWT signing key\n"
        "2031-05-06T11:02:00Z,Deployed auth-api 2.4.0 (new secret)\n"
        "2031-05-06T11:03:00Z,nginx reloaded with new proxy headers\n"
    )
    assert [event.kind for event in found.events] == [
        ChangeKind.ROLLBACK,
        ChangeKind.ROTATION,
        ChangeKind.DEPLOY,
        ChangeKind.GATEWAY,
    ]


def test_bad_rows_are_faults_with_their_line_and_the_rest_is_read() -> None:
    found = read(
        "time,kind,target\n"
        "2031-05-06T11:00:00Z,deploy,a\n"
        "soon,deploy,b\n"
        '2031-05-06T11:02:00Z,rotation,"c\nd"\n'
        "2031-05-06T11:03:00Z,deploy,e\n"
    )
    assert [event.id for event in found.events] == [
        "changes.csv:2",
        "changes.csv:4",
        "changes.csv:6",
    ]
    assert [(fault.kind, fault.line) for fault in found.faults] == [("no_time", 3)]


def test_torn_json_is_a_fault_and_the_rest_is_read() -> None:
    line = '{"at":"2031-05-06T11:02:00Z","event":"deploy","service":"auth"}'
    found = read(f'{line}\n{{"at":"2031\n{line}\n', name="c.jsonl")
    assert [event.id for event in found.events] == ["c.jsonl:1", "c.jsonl:3"]
    assert [(fault.kind, fault.line) for fault in found.faults] == [("undecodable", 2)]
    cut = read(f"[\n{line},\n{line},\n" + line[:20], name="c.json")
    assert [event.id for event in cut.events] == ["c.json:2", "c.json:3"]
    assert [fault.line for fault in cut.faults] == [4]


def test_ids_are_the_records_own_or_tell_the_place() -> None:
    row = {"time": "2031-05-06T11:02:00Z", "kind": "deploy"}
    pretty = json.dumps({"changes": [row, row]}, indent=1)
    assert [event.id for event in read(pretty, "x/c.json").events] == ["c.json:3", "c.json:7"]
    minified = json.dumps([row, {**row, "id": "CHG-7"}])
    assert [event.id for event in read(minified, "x/c.json").events] == ["c.json:#1", "CHG-7"]


@pytest.mark.parametrize(
    ("text", "kind", "version"),
    [
        ('{"deploys":[{"time":"2031-05-06T11:02:00Z","service":"auth"}]}', "deploy", ""),
        ('{"rotations":[{"rotatedAt":"2031-05-06T11:02:00Z","new_kid":"k9"}]}', "rotation", "k9"),
        ("time,service,version\n2031-05-06T11:02:00Z,auth,2.4.0\n", "deploy", "2.4.0"),
        ("time,key_id,new_kid\n2031-05-06T11:02:00Z,jwt,k9\n", "rotation", "k9"),
    ],
)
def test_the_kind_can_stand_in_the_shape(text: str, kind: str, version: str) -> None:
    (event,) = read(text).events
    assert (event.kind, event.version) == (kind, version)


def test_a_time_of_day_is_read_near_the_logs() -> None:
    text = b"time,what\n23:59,Deployed auth-api 2.4\n00:05:30 UTC,Rolled back auth-api\n"
    near = ms("2031-05-06T23:50:00Z")
    found = changes.read(text, name="timeline.csv", near_ms=near)
    assert found is not None
    assert [event.time_ms for event in found.events] == [
        ms("2031-05-06T23:59:00Z"),
        ms("2031-05-07T00:05:30Z"),
    ]
    assert changes.read(text, name="timeline.csv") is None


def test_a_report_of_our_own_is_no_change_record() -> None:
    change = {"id": "1", "time": "2031-05-06T11:02:00Z", "kind": "deploy", "target": "auth"}
    report = {"schema_version": "1.0", "incidents": [], "changes": [change]}
    assert changes.read(json.dumps(report).encode(), name="report.json") is None


def test_what_was_only_planned_is_no_change() -> None:
    found = read(
        "id,time,kind,status\n7,2031-05-06T11:00:00Z,deploy,planned\n"
        "8,2031-05-06T11:01:00Z,deploy,done\n"
    )
    assert [event.id for event in found.events] == ["8"]
    assert found.not_done == ("7",)


def test_a_scheduled_rotation_was_carried_out_on_schedule() -> None:
    found = read(
        "id,time,kind,target,description\n"
        "1,2031-05-06T11:00:00Z,rotation,jwt-key,scheduled key rotation k1 -> k2\n"
        "2,2031-05-06T11:01:00Z,deploy,auth,scheduled for Friday\n"
    )
    assert [event.id for event in found.events] == ["1"]


def test_secret_values_are_never_kept() -> None:
    found = read(
        "time,kind,target,secret,value,description\n"
        "2031-05-06T11:00:00Z,rotation,jwt,Sup3rS3cretValue,0ld-V4lue-123,"
        "JWT_SECRET=Sup3rS3cretValue now\n"
        "Sup3rS3cretValue,rotation,jwt,x,y,\n"
    )
    assert "Sup3rS3cretValue" not in repr(found)
    assert "0ld-V4lue-123" not in repr(found)


LOGS = [
    '{"timestamp":"2031-05-06T11:02:00Z","event":"jwt_rejected","service":"auth"}',
    '{"timestamp":"2031-05-06T11:02:00Z","event":"key_not_found","service":"auth"}',
    '{"time":"2031-05-06T11:02:00Z","type":"secret verification failed","message":"x"}',
    '{"level":30,"time":1935831720123,"pid":1,"hostname":"h","msg":"deployed"}',
    '{"time":"2031-05-06T11:02:00Z","level":"INFO","msg":"rotated signing key"}',
    '{"time":"2031-05-06T11:02:00Z","type":"platform.report","record":{}}',
    '{"log":"deploy done\\n","stream":"stdout","time":"2031-05-06T11:02:00Z"}',
    '{"@timestamp":"2031-05-06T11:02:00Z","message":"key rotated","log.level":"info"}',
    '{"ts":1935831720.1,"level":"info","msg":"config changed","event":"config"}',
    '{"timestamp":"2031-05-06T11:02:00Z","type":"request","message":"GET /me 401"}',
    '{"event_id":"9","timestamp":1935831720,"platform":"node","release":"2.4","message":"x"}',
    '{"time":"2031-05-06T11:02:00Z","service":"auth","message":"invalid signature"}',
    "Date,Host,Service,Message\n2031-05-06T11:02:00Z,h1,auth,key rotated",
    "timestamp,message\n1935831720123,jwt expired\n1935831720456,key not found",
    "@timestamp,@message\n2031-05-06 11:02:00.123,deploy",
    "time,level,message\n2031-05-06T11:02:00Z,info,deployed",
    "2031-05-06T11:02:00.123Z deploy started",
    "timestamp,type,message" + "\n2031-05-06T11:02:00Z,proxy,GET /me 401 invalid request" * 3,
    '{"time":"2031-05-06T11:02:00Z","event":"jwks_refreshed","service":"auth"}',
    '{"time":"2031-05-06T11:02:00Z","event":"config loaded","service":"auth"}',
    '{"time":"2031-05-06T11:02:00Z","kind":"keyUsed","kid":"k9"}',
]


@pytest.mark.parametrize("line", LOGS)
def test_a_log_is_no_change_list(line: str) -> None:
    for text in (line, f"{line}\n" * 3, f"[{line},{line}]", f'{{"events":[{line}]}}'):
        assert changes.read(text.encode(), name="changes.json") is None


def test_the_user_may_call_any_list_a_change_list() -> None:
    text = b"time,level,what\n2031-05-06T11:02:00Z,info,lunch\n"
    assert changes.read(text, name="x.csv") is None
    found = changes.read(text, name="x.csv", trusted=True)
    assert found is not None
    assert [event.kind for event in found.events] == [ChangeKind.OTHER]
    assert changes.read(b"no list at all", name="x.csv", trusted=True) is None


def test_a_stream_of_many_records_a_second_is_no_change_list() -> None:
    lines = [
        json.dumps({"time": 1935831720000 + 10 * n, "type": "gateway", "service": "edge"})
        for n in range(500)
    ]
    assert changes.read("\n".join(lines).encode(), name="x") is None


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("deploy", "deploy"),
        ("Release", "deploy"),
        ("roll-out", "deploy"),
        ("key_rotation", "rotation"),
        ("secretRotated", "rotation"),
        ("JWKS update", "rotation"),
        ("Rollback", "rollback"),
        ("reverted", "rollback"),
        ("ingress", "gateway"),
        ("load-balancer change", "gateway"),
        ("ntp", "clock"),
        ("time_sync", "clock"),
        ("VM resume", "clock"),
        ("feature flag", "config"),
        ("config-change", "config"),
        ("terraform apply", "config"),
        ("restart", "other"),
        ("lunch", None),
    ],
)
def test_labels(label: str, kind: str | None) -> None:
    assert kinds.of_label(label) == kind


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Deployed auth-api 2.4.0, JWT secret changed", "deploy"),
        ("Rotated JWT_SECRET, then redeployed auth-api", "rotation"),
        ("Rolled out new signing key", "rotation"),
        ("Release 2031.18 reverted", "rollback"),
        ("deploy nginx 1.25 to the edge", "gateway"),
        ("chronyd restarted on auth-3", "clock"),
        ("Resumed VM auth-3 after host maintenance", "clock"),
        ("Changed issuer setting for staging", "config"),
        ("Upgrade jsonwebtoken to 9.0.0", "deploy"),
        ("Team lunch", None),
    ],
)
def test_sentences(sentence: str, kind: str | None) -> None:
    assert kinds.of_sentence(sentence) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ("Datum;Uhrzeit;Änderung;System\n01.05.2031;14:03;Deployment v2.3;auth-api\n"
            "02.05.2031;09:30;Schlüsselrotation JWT;vault\n"
            "03.05.2031;10:00;Konfigurationsänderung JWT_AUDIENCE;gateway\n"),
            [("05-01T14:03", "deploy", "auth-api"), ("05-02T09:30", "rotation", "vault"),
             ("05-03T10:00", "config", "gateway")],
        ),
        (
            ("date,heure,changement,service\n01/05/2031,14:03,déploiement v2.3,auth-api\n"
            "13/05/2031,15:10,rotation de la clé de signature,idp\n"
            "14/05/2031,15:10,retour arrière v2.2,auth-api\n"),
            [("05-01T14:03", "deploy", "auth-api"), ("05-13T15:10", "rotation", "idp"),
             ("05-14T15:10", "rollback", "auth-api")],
        ),
        (
            ("fecha,cambio,servicio\n2031-05-01 14:03,despliegue v2.3,auth-api\n"
            "2031-05-01 15:10,rotación de claves JWT,idp\n"),
            [("05-01T14:03", "deploy", "auth-api"), ("05-01T15:10", "rotation", "idp")],
        ),
        (  # a day of 13 says that the month is first in all of them
            "when,what,service\n05/01/2031 14:03,deploy,auth-api\n05/13/2031 09:00,key rotation,idp\n",
            [("05-01T14:03", "deploy", "auth-api"), ("05-13T09:00", "rotation", "idp")],
        ),
        (  # Jira
            ("Issue key,Summary,Status,Created,Resolved\n"
            "OPS-1,Deploy auth-api 2.3,Done,01/May/31 2:00 PM,01/May/31 2:10 PM\n"
            "OPS-2,Rotate JWT signing key,Done,01/May/31 3:00 PM,01/May/31 3:05 PM\n"),
            [("05-01T14:00", "deploy", ""), ("05-01T15:00", "rotation", "")],
        ),
        (  # ServiceNow
            ("number,short_description,start_date,end_date,state,cmdb_ci,type\n"
            "CHG0031337,Deploy auth-api 2.3,2031-05-01 14:00:00,2031-05-01 14:10:00,Closed,auth-api,Standard\n"
            "CHG0031339,Upgrade DB,2031-05-02 15:00:00,2031-05-02 15:05:00,Canceled,db,Normal\n"),
            [("05-01T14:00", "deploy", "auth-api")],
        ),
        (
            ("CHANGELOG for on-call, all times CEST\n\nMay 1, 16:03  auth-api 2.3 went live\n"
            "May 1, 17:10  new signing key published to JWKS\n"
            "May 1, 17:30  feature flag strict_audience turned on for orders\n"),
            [("05-01T14:03", "deploy", ""), ("05-01T15:10", "rotation", ""), ("05-01T15:30", "config", "")],
        ),
        (  # as `date` writes
            ("Thu May  1 14:03:00 UTC 2031: deploy auth-api:2.3\n"
            "Thu May  1 15:10:00 UTC 2031: rotate-keys --kid 2031-05\n"),
            [("05-01T14:03", "deploy", ""), ("05-01T15:10", "rotation", "")],
        ),
    ],
    ids=["german", "french", "spanish", "month first", "jira", "servicenow", "zone in the title", "date"],
)  # fmt: skip
def test_lists_of_people_and_their_tools(text, expected) -> None:
    found = changes.read(text.encode(), name="x", near_ms=1_936_000_000_000)
    assert found is not None
    told = [(isoformat(one.time_ms)[5:16], one.kind.value, one.target) for one in found.events]
    assert told == expected
