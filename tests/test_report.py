"""The report document: its shape, its counts, its order."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass import pipeline, report, series
from logclass import summary as summaries
from logclass.columns import COUNT_KEYS, DETAIL_COLUMNS, NO_MINUTE, TALLY_COLUMNS
from logclass.exemplars import choose
from logclass.model import (
    ChangeEvent,
    ChangeVerdict,
    ClaimDelta,
    Contract,
    Counted,
    Episode,
    Evidence,
    Exemplar,
    Fault,
    Finding,
    Incident,
    Interval,
    Residue,
    SourceIntake,
    Summary,
)
from logclass.plain import iso, plain
from logclass.render import html, markdown
from logclass.vocabulary import Cause, ChangeKind, Grade, Verdict

ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "render" / "fixtures"
T0 = 1_936_000_020_000  # a full minute
MINUTE = 60_000


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    columns = [*COUNT_KEYS, *DETAIL_COLUMNS, "count"]
    full = [dict.fromkeys(columns, "") | {"minute": T0 // MINUTE, "count": 1} | row for row in rows]
    return pd.DataFrame(full, columns=columns).astype({"minute": "int64", "count": "int64"})


def rejections() -> pd.DataFrame:
    return frame(
        *(
            {"service": "auth", "instance": "a-1", "reason": "signature_invalid", "count": 7}
            | {"minute": T0 // MINUTE + i}
            for i in range(10)
        ),
        {"service": "auth", "instance": "a-2", "reason": "token_expired", "count": 3},
        {"service": "web", "instance": "", "reason": "token_expired", "count": 4},
        {"service": "web", "instance": "", "reason": "unspecified", "minute": NO_MINUTE},
    )


def counted(rows: pd.DataFrame | None = None) -> Counted:
    tally = pd.DataFrame(
        [
            {"service": "auth", "instance": name, "minute": T0 // MINUTE, "events": 9}
            for name in ("a-1", "a-2", "a-3")
        ],
        columns=list(TALLY_COLUMNS),
    )
    echoes = frame({"service": "auth", "kind": "access", "count": 71})
    rows = rejections() if rows is None else rows
    return Counted(rows, echoes, frame(), tally, T0 - 30 * MINUTE, T0 + 60 * MINUTE)


def intake(source: str, **more: Any) -> SourceIntake:
    base = SourceIntake(source, "text", 100, 10, 5, 1, 0, T0, T0 + MINUTE, zone_assumed=False)
    return replace(base, **more)


def exemplar(line: int, **more: Any) -> Exemplar:
    base = Exemplar("a.log", 0, line, T0, "auth", "a-1", "signature_invalid", "p", "text")
    return replace(base, **more)


def summary(**more: Any) -> Summary:
    return Summary(pa.table({}), pa.table({}), **more)


def incident(**more: Any) -> Incident:
    change = ChangeEvent("rot-1", T0 - 2 * MINUTE, ChangeKind.ROTATION, "secret", "audit.json")
    evidence = Evidence("time", "Two minutes after the rotation.", 3.5)
    base = Incident(
        episode=Episode(
            onset=Interval(T0 - 1000, T0, T0 + 500),
            recovery=Interval(T0 + 9 * MINUTE, T0 + 10 * MINUTE, T0 + 11 * MINUTE),
            peak_per_minute=7,
            rejections=70,
            baseline_per_minute=0.1,
            score=99.0,
            reasons=("signature_invalid",),
            services=("auth",),
            instances=("a-1",),
        ),
        headline="auth rejected tokens",
        findings=(
            Finding(Cause.PARTIAL_ROLLOUT, 0.9123456789, Grade.LIKELY, "h", (evidence,)),
            Finding(Cause.CLOCK_SKEW, 0.01, Grade.UNKNOWN, "h", (), (evidence,)),
        ),
        changes=(ChangeVerdict(change, 0.9, Verdict.CAUSED, "", (evidence,)),),
        claim_delta=(ClaimDelta("aud", ("a",), (), "expected_only", 70, ("auth",), (), T0, None),),
        reasons=(("signature_invalid", 70),),
    )
    return replace(base, **more)


def document(*incidents: Incident, **more: Any) -> dict[str, Any]:
    given = {"counted": counted(), "summary": summary(), "changes": (), "contracts": ()} | more
    return report.build(
        given["counted"],
        given["summary"],
        incidents,
        given["changes"],
        command="logclass report x",
        contracts=given["contracts"],
    ).document


def test_every_rejection_stands_once_by_service_and_reason():
    counts = document()["counts"]
    assert counts == [
        {"service": "auth", "reason": "signature_invalid", "count": 70},
        {"service": "web", "reason": "token_expired", "count": 4},
        {"service": "auth", "reason": "token_expired", "count": 3},
        {"service": "web", "reason": "unspecified", "count": 1},
    ]
    assert document()["echoes"] == [{"service": "auth", "kind": "access", "count": 71}]


def test_parts_of_one_source_are_one_source():
    parts = (
        intake("a.log", parts=((0, 40),), sha256="ab", first_ms=None),
        intake("a.log", parts=((900, 60),), faults=2, zone_assumed=True, last_ms=T0 + 5 * MINUTE),
        intake("b.log", format="cri"),
    )
    got = document(summary=summary(sources=parts))
    first, second = got["intake"]["sources"]
    assert (first["name"], first["bytes"], first["events"], first["faults"]) == (
        "a.log",
        200,
        20,
        2,
    )
    assert (first["sha256"], first["first"], first["last"]) == ("ab", iso(T0), iso(T0 + 5 * MINUTE))
    assert second["format"] == "cri"
    assert (got["intake"]["events"], got["intake"]["unclassified"]) == (30, 3)
    assert got["timezone_assumed"] == "UTC"


def test_a_source_that_could_not_be_opened_still_counts_as_a_fault():
    faults = (Fault("gone.zip", "unreadable", "not a zip file"), Fault("a.log", "no_time", "x", 4))
    got = document(summary=summary(sources=(intake("a.log", faults=9),), faults=faults))
    assert got["intake"]["faults"] == 10
    assert [fault["source"] for fault in got["faults"]] == ["a.log", "gone.zip"]


def test_lines_count_from_the_start_of_the_file():
    parts = (intake("a.log", parts=((0, 40), (5000, 60))), intake("a.log", parts=((9000, 10),)))
    exemplars = (exemplar(3, part=9000), exemplar(7), exemplar(2, part=5000))
    got = document(incident(), summary=summary(sources=parts, exemplars=exemplars))
    assert sorted(e["line"] for e in got["incidents"][0]["exemplars"]) == [7, 42, 103]


def test_exemplars_are_of_the_incident_and_cover_every_reason_and_class():
    episode = replace(incident().episode, reasons=("signature_invalid", "key_not_found"))
    many = [exemplar(line, time_ms=T0 + line) for line in range(1, 40)]
    wanted = [
        exemplar(100, instance="a-9", time_ms=T0 + 5 * MINUTE),
        exemplar(101, reason="key_not_found", time_ms=T0 + 6 * MINUTE),
    ]
    strangers = [
        exemplar(200, service="web"),
        exemplar(201, reason="token_expired"),
        exemplar(202, time_ms=T0 - MINUTE),
        exemplar(203, time_ms=T0 + 12 * MINUTE),
        exemplar(204, time_ms=None),
    ]
    given = summary(exemplars=tuple(many + wanted + strangers))
    got = document(incident(episode=episode), summary=given)["incidents"][0]["exemplars"]
    lines = {e["line"] for e in got}
    assert len(got) == 12
    assert {100, 101} <= lines
    assert not lines & set(range(200, 210))
    assert [e["time"] for e in got] == sorted(e["time"] for e in got)


def test_the_incident_reads_as_the_diagnosis_said():
    got = document(incident(), incident(headline="second"))
    first, second = got["incidents"]
    assert (first["id"], second["id"]) == ("incident-1", "incident-2")
    assert first["onset_interval"] == [iso(T0 - 1000), iso(T0 + 500)]
    assert first["recovery"] == iso(T0 + 10 * MINUTE)
    assert first["causes"][0]["for"] == ["Two minutes after the rotation."]
    assert first["causes"][0]["grade"] == "likely"
    assert first["causes"][1]["against"] == ["Two minutes after the rotation."]
    assert first["changes"][0]["verdict"] == "caused"
    assert first["changes"][0]["vetoed_because"] is None
    assert first["claim_delta"][0] | {"hint": None} == first["claim_delta"][0]
    assert "quiet" not in got


def test_an_incident_counts_what_its_reasons_count():
    found = incident(reasons=(("signature_invalid", 30), ("token_expired", 12)))
    assert document(found)["incidents"][0]["rejections"] == 42


def test_an_incident_that_goes_on_has_no_recovery():
    episode = replace(incident().episode, recovery=None)
    got = document(incident(episode=episode))["incidents"][0]
    assert (got["recovery"], got["recovery_interval"]) == (None, None)


def test_the_timeline_holds_the_incident_its_background_and_all_instances():
    line = document(incident())["incidents"][0]["timeline"]
    sums = {s["reason"]: sum(s["counts"]) for s in line["series"]}
    assert sums == {"signature_invalid": 70, "token_expired": 3}
    assert line["step_seconds"] == 60
    assert {row["instance"]: sum(row["counts"]) for row in line["instances"]} == {
        "a-1": 70,
        "a-2": 0,
        "a-3": 0,
    }
    assert line["start"] <= iso(T0 - 2 * MINUTE)  # the change behind it is in the picture


@pytest.mark.parametrize("days", [0, 1, 3, 40, 4000])
def test_a_timeline_has_at_most_720_steps_and_loses_no_rejection(days):
    last = T0 + days * 1440 * MINUTE
    rows = frame(
        {"reason": "token_expired", "count": 2},
        {"reason": "token_expired", "count": 5, "minute": last // MINUTE},
    )
    axis = series.grid(T0, last)
    assert axis.points <= 720
    assert sum(series.by_reason(rows, axis)[0]["counts"]) == 7


def test_instances_stand_in_the_order_in_which_they_began_to_fail():
    rows = frame(
        *({"instance": f"i-{n:02d}", "minute": T0 // MINUTE + 40 - n} for n in range(30)),
        {"instance": "i-05", "count": 9, "minute": T0 // MINUTE + 50},
    )
    axis = series.grid(T0, T0 + 60 * MINUTE)
    names = [f"i-{n:02d}" for n in range(31)]
    got = [row["instance"] for row in series.by_instance(rows, names, axis)]
    assert len(got) == 24
    assert "i-05" in got
    assert got == sorted(got, reverse=True)


def test_without_an_incident_the_document_says_what_would_have_been_seen():
    got = document()
    assert got["incidents"] == []
    assert "would have been reported" in got["quiet"]["smallest_visible"]
    assert "signature_invalid of auth, has " in got["quiet"]["smallest_visible"]
    assert got["quiet"]["can_tell"]
    assert sum(sum(s["counts"]) for s in got["timeline"]["series"]) == 77  # one has no time


def test_without_times_nothing_is_claimed():
    bare = replace(counted(frame()), start_ms=None, end_ms=None)
    got = document(counted=bare)
    assert got["window"] == {"start": None, "end": None}
    assert "no times" in got["quiet"]["smallest_visible"]
    assert not got["quiet"]["can_tell"]
    assert got["timeline"] is None


def test_evidence_of_any_shape_becomes_plain_json():
    ledger = ({"kid": "k", "first_ms": T0, "last": T0, "share": 1 / 3, "lag_ms": 30, "minute": 3},)
    got = document(incident(key_ledger=ledger, split={"classes": ({"x": float("nan")},)}))
    one = got["incidents"][0]
    assert one["key_ledger"][0] == {
        "kid": "k",
        "first": iso(T0),
        "last": iso(T0),
        "share": 0.333333,
        "lag_ms": 30,
        "minute": 3,
    }
    assert one["split"] == {"classes": [{"x": None}]}


def test_the_same_input_gives_the_same_bytes_whatever_its_order():
    changes = tuple(
        ChangeEvent(name, T0, ChangeKind.DEPLOY, "auth", "f.json") for name in ("b", "a")
    )
    residue = (Residue("t <*>", 1, "t 1"), Residue("s <*>", 1, "s 1"))
    sources = (intake("b.log"), intake("a.log"))

    def written(order: slice) -> bytes:
        rows = rejections().iloc[order]
        made = report.build(
            counted(rows),
            summary(sources=sources[order], residue=residue[order]),
            (incident(),),
            changes[order],
            command="c",
            contracts=(Contract(iss=("x",)),),
        )
        return report.to_json(made)

    assert written(slice(None)) == written(slice(None, None, -1))


@given(st.recursive(st.none() | st.text() | st.floats() | st.integers(-(2**53), 2**53), st.lists))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_any_value_can_be_written(value):
    orjson.dumps(plain({"value": value, "\ud800": "\udfff"}))


@pytest.mark.parametrize("burst", [1.0, 0.3])
def test_the_smallest_visible_incident_is_one_that_the_scan_sees(burst):
    """What the page promises is tried on the scan itself: the burst is seen, a third is not."""
    from logclass import episodes

    start, length = T0 - T0 % (1440 * MINUTE), 600
    usual = [
        {"service": "auth", "reason": "signature_invalid", "minute": start // MINUTE + i}
        for i in range(0, length, 5)
    ]
    end = start + (length - 1) * MINUTE
    text = series.smallest_visible(frame(*usual), start, end)
    size = round(int(text.split()[1].replace(",", "")) * burst)
    extra = [
        {"service": "auth", "reason": "signature_invalid", "count": size // 10 + (i < size % 10)}
        | {"minute": start // MINUTE + 300 + i}
        for i in range(10)
    ]
    tally = pd.DataFrame(
        [
            {"source": "a", "service": "auth", "instance": "", "minute": start // MINUTE + i}
            | {"status_class": 0, "events": 100}
            for i in range(length)
        ]
    )
    rows = frame(*usual, *extra)
    rows["time_ms"] = rows["minute"] * MINUTE
    rows = rows[rows["count"] > 0]
    found = episodes.find(Counted(rows, frame(), frame(), tally, start, end))
    assert bool(found) == (burst == 1.0)


# --- the schema ------------------------------------------------------------------------------

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


KEYWORDS = {
    *("$ref", "anyOf", "const", "enum", "type", "pattern", "minimum", "maximum", "items"),
    *("minItems", "maxItems", "required", "properties", "additionalProperties"),
    *("$schema", "$id", "title", "$defs"),
}


def broken(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Return where a value departs from the part of JSON Schema that our schema uses."""
    assert set(schema) <= KEYWORDS, schema
    if "$ref" in schema:
        return broken(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], at)
    if "anyOf" in schema:
        tried = [broken(value, one, at) for one in schema["anyOf"]]
        return [] if [] in tried else min(tried, key=len)
    if not has_type(value, schema.get("type", [])):
        return [f"{at}: {type(value).__name__} is not {schema['type']}"]
    if isinstance(value, list):
        return broken_list(value, schema, at)
    if isinstance(value, dict):
        return broken_object(value, schema, at)
    return broken_scalar(value, schema, at)


def has_type(value: Any, names: str | list[str]) -> bool:
    names = [names] if isinstance(names, str) else names
    return not names or any(
        isinstance(value, TYPES[n]) and (n == "boolean" or not isinstance(value, bool))
        for n in names
    )


def broken_scalar(value: Any, schema: dict[str, Any], at: str) -> list[str]:
    wrong = [
        "const" in schema and value != schema["const"],
        "enum" in schema and value not in schema["enum"],
        isinstance(value, str) and not re.search(schema.get("pattern", ""), value),
        isinstance(value, int | float) and value < schema.get("minimum", value),
        isinstance(value, int | float) and value > schema.get("maximum", value),
    ]
    return [f"{at}: {value!r} is not {schema}"] if any(wrong) else []


def broken_list(value: list[Any], schema: dict[str, Any], at: str) -> list[str]:
    out = [
        wrong
        for index, item in enumerate(value)
        for wrong in broken(item, schema.get("items", {}), f"{at}[{index}]")
    ]
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        out.append(f"{at}: {len(value)} items")
    return out


def broken_object(value: dict[str, Any], schema: dict[str, Any], at: str) -> list[str]:
    properties = schema.get("properties", {})
    out = [f"{at}.{key} is missing" for key in schema.get("required", []) if key not in value]
    for key, item in value.items():
        if key in properties:
            out += broken(item, properties[key], f"{at}.{key}")
        elif schema.get("additionalProperties") is False:
            out.append(f"{at}.{key} is not in the schema")
    return out


def test_built_documents_follow_the_schema():
    given = summary(
        sources=(intake("a.log"),),
        faults=(Fault("a.log", "truncated", "ends early"),),
        residue=(Residue("t", 1, "t"),),
        exemplars=(exemplar(1),),
    )
    changes = (ChangeEvent("c", T0, ChangeKind.OTHER, "", "f"),)
    full = document(incident(), summary=given, changes=changes, contracts=(Contract(aud=("a",)),))
    assert broken(full, SCHEMA) == []
    assert broken(document(), SCHEMA) == []


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.json")), ids=lambda p: p.stem)
def test_kept_documents_follow_the_schema(path):
    assert broken(json.loads(path.read_text()), SCHEMA) == []


def test_the_schema_notices_a_renamed_key():
    full = document(incident())
    full["incidents"][0]["begin"] = full["incidents"][0].pop("onset")
    assert len(broken(full, SCHEMA)) == 2


def test_claims_of_more_requests_than_are_kept_are_estimates_and_said_to_be(tmp_path, monkeypatch):
    times = (datetime.fromtimestamp(T0 / 1000 + 7 * n, UTC) for n in range(900))
    said = ["jwt expired" if n < 20 else "jwt audience invalid. expected: web" for n in range(900)]
    lines = [f"{t:%FT%TZ} a-{t.second % 3} {m}" for t, m in zip(times, said, strict=True)]
    (tmp_path / "auth.log").write_text("\n".join(lines))
    monkeypatch.setattr(summaries, "DETAIL_ROWS", 100)
    read = pipeline.read([str(tmp_path)], pipeline.Options(workers=1))
    made = pipeline.diagnose(read, command="logclass report auth.log")
    (incident,) = made.document["incidents"]
    (delta,) = incident["claim_delta"]
    assert (delta["expected"], delta["state"]) == (["web"], "expected_only")
    assert delta["count"] == incident["rejections"]
    assert made.document["intake"]["detail_share"] == pytest.approx(1 / 9, rel=0.3)
    assert broken(json.loads(report.to_json(made)), SCHEMA) == []
    assert "uniform sample" in html.render(made)
    assert "uniform sample" in markdown.render(made)


def test_a_secret_in_the_name_of_a_file_is_not_shown(tmp_path):
    name = "dump-access_token=s3cr3tV4lue0fTheService"
    (tmp_path / f"{name}.log").write_text("2031-05-06T07:08:09Z ERROR [auth] jwt expired\n" * 9)
    (tmp_path / f"{name}.bin").write_bytes(bytes(range(256)) * 9)
    (tmp_path / f"{name}.csv").write_text(
        "time,kind,target\n2031-05-06T07:00:00Z,deploy,a\nno time,deploy,b\n"
    )
    read = pipeline.read([str(tmp_path)], pipeline.Options(workers=1))
    made = pipeline.diagnose(read, command=f"logclass report {name}.log")
    for shown in (report.to_json(made).decode(), html.render(made), markdown.render(made)):
        assert "s3cr3t" not in shown
    assert made.document["intake"]["sources"][0]["name"].startswith("dump-access_token=<redacted>")


def test_examples_of_a_fleet_that_came_to_agree_one_instance_after_the_other():
    curve = [{"time": T0, "instance": "a-1", "instances": 1, "of": 3}]
    one = incident(split={"text": "1 of 3 instances accept k2.", "convergence": curve})
    line = Exemplar("x.log", 0, 3, T0 + 1000, "auth", "a-2", "signature_invalid", "", "refused")
    assert choose((line,), one, T0 + MINUTE) == [line]
