"""The composition: from names to an Intake, to rows, and to what a file is taken for."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from reading import write

from logclass import detection, partition, pipeline
from logclass.changes import given
from logclass.errors import ChangeRecordError, UnreadableInputError
from logclass.model import Choices

LINE = "2031-05-06T07:08:09Z ERROR [auth] JsonWebTokenError: jwt expired\n"


SLOW_PACK = r"""
library = "acme"
title = "Acme"
tier = "library"
[[pattern]]
id = "acme.slow"
reason = "token_malformed"
regex = 'broken (?:a+)+(?:b+)+(?:a|b|ab)+c'
literals = ["broken"]
"""


def test_nothing_that_can_be_read_is_an_error_that_helps(compiled, tmp_path):
    write(tmp_path, {"bundle/a.png": b"\x89PNG\r\n\x1a\n\0\0\0", "bundle/b.log": b""})
    with pytest.raises(
        UnreadableInputError, match=r"(?s)a\.png: binary data.*known formats: Cloud"
    ):
        pipeline.read([str(tmp_path / "bundle")], pipeline.Options())


def test_one_rejection_does_not_stand_in_two_files_of_the_same_name(compiled, tmp_path):
    write(tmp_path, {"one/auth.log": LINE, "two/auth.log": LINE.replace(":09Z", ":10Z")})
    intake = pipeline.read([str(tmp_path / "one"), str(tmp_path / "two")], pipeline.Options())
    assert len(intake.summary.sources) == 2


def test_change_records_and_contracts_in_the_bundle_are_no_logs(compiled, tmp_path):
    write(
        tmp_path,
        {
            "auth.log": LINE,
            "expect.json": json.dumps({"iss": "https://id.example.com/", "aud": ["web"]}),
            "changes.csv": "time,kind,target,description\n2031-05-06T07:00:00Z,deploy,auth,1.2.3\n",
        },
    )
    intake = pipeline.read([str(tmp_path)], pipeline.Options())
    assert [one.source for one in intake.summary.sources] == ["auth.log"]
    assert [one.target for one in intake.changes] == ["auth"]
    assert [one.aud for one in intake.contracts] == [("web",)]


def test_the_contract_of_the_service_that_fails_tells_what_was_expected(compiled, tmp_path):
    refused = "".join(
        f"2031-05-06T08:{minute:02}:{second:02}Z ERROR orders InvalidAudienceError: Audience doesn't match\n"
        for minute in range(10, 40)
        for second in range(0, 60, 4)
    )
    usual = "".join(f"2031-05-06T07:{minute:02}:00Z INFO orders ok\n" for minute in range(60))
    settings = """\
        spring: {application: {name: %s}}
        security: {jwt: {issuer: "https://id.example.com/", audience: %s}}
        """.replace("        ", "")
    write(
        tmp_path,
        {
            "orders.log": usual + refused,
            "a/application.yml": settings % ("billing", "billing-api"),
            "b/application.yml": settings % ("orders", "orders-api"),
        },
    )
    intake = pipeline.read([str(tmp_path)], pipeline.Options())
    document = pipeline.diagnose(intake, command="x").document
    (delta,) = document["incidents"][0]["claim_delta"]
    assert (delta["claim"], delta["expected"]) == ("aud", ["orders-api"])
    assert document["contract"]["services"] == ["orders"]
    assert [one["services"] for one in document["contracts"]] == [["billing"], ["orders"]]


def test_a_change_file_that_is_none_is_refused(tmp_path):
    write(tmp_path, {"auth.log": LINE})
    with pytest.raises(ChangeRecordError, match="no change records"):
        given.read([tmp_path / "auth.log"])
    with pytest.raises(ChangeRecordError, match="cannot read"):
        given.read([tmp_path / "gone.json"])


@pytest.mark.parametrize("chunk_bytes", [1_000, 1 << 21])
def test_a_change_record_of_many_blocks_is_no_log(compiled, tmp_path, monkeypatch, chunk_bytes):
    monkeypatch.setattr(pipeline, "CHUNK_BYTES", chunk_bytes)
    said = {
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": "PutSecretValue",
        "requestParameters": {"secretId": "auth/jwt"},
    }
    events = [
        {
            "EventId": f"e{number}",
            "EventName": "PutSecretValue",
            "EventTime": f"2031-05-06T07:{number:02}:09Z",
            "CloudTrailEvent": json.dumps({**said, "userAgent": "x" * 400}),
        }
        for number in range(40)
    ]
    trail = json.dumps({"Events": events}, indent=1)
    write(tmp_path, {"auth.log": LINE, "trail.json": trail})
    intake = pipeline.read([str(tmp_path)], pipeline.Options(workers=1))
    assert len(intake.changes) == 40
    assert [one.source for one in intake.summary.sources] == ["auth.log"]


def test_rows_and_counts_agree(bundle, tmp_path):
    read = bundle({"auth.log": LINE * 3 + LINE.replace("jwt expired", "invalid signature")})
    names = [str(tmp_path / "bundle")]
    rows = [
        row
        for one in pipeline.classified(names, pipeline.Options(), [])
        for row in one.rejections.to_pylist()
    ]
    assert len(rows) == sum(read.rejected.values()) == 4
    pipeline.write_events(names, pipeline.Options(), tmp_path / "events.parquet")
    table = pq.read_table(tmp_path / "events.parquet")
    assert table.num_rows == 4
    assert sorted(set(table.column("reason").to_pylist())) == ["signature_invalid", "token_expired"]


def test_lines_are_counted_from_the_start_of_the_file_in_any_part(bundle, monkeypatch):
    filler = "2031-05-06T07:08:09Z INFO [auth] ok\n" * 200
    monkeypatch.setattr(partition, "PART_BYTES", 3_000)
    summary = bundle({"auth.log": filler + LINE}).summary
    (exemplar,) = summary.exemplars
    (intake,) = summary.sources
    before = sum(lines for part, lines in intake.parts if part < exemplar.part)
    assert exemplar.part > 0
    assert before + exemplar.line == 201


def test_detect_says_what_each_stream_is(compiled, tmp_path):
    write(
        tmp_path,
        {
            "access.log": '10.0.0.7 - - [06/May/2031:07:08:09 +0000] "GET / HTTP/1.1" 200 1\n' * 3,
            "api.jsonl": '{"level":30,"time":1935817689000,"msg":"x"}\n' * 3,
            "auth.log": LINE,
            "pic.png": b"\x89PNG\r\n\x1a\n\0\0\0",
        },
    )
    found = {one.source: one.format for one in detection.detect([str(tmp_path)], Choices())}
    assert found == {
        "access.log": "access-combined",
        "api.jsonl": "json-lines",
        "auth.log": "text",
        "pic.png": "not_a_log",
    }


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    write(tmp_path, {"auth.log": LINE * 20_000})
    command = [
        sys.executable,
        "-c",
        "from logclass.cli import main; main()",
        "classify",
        "auth.log",
    ]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
    ) as running:
        assert running.stdout.readline().startswith(b"{")
        running.stdout.close()
        said = running.stderr.read()
        assert running.wait(60) == 0
    assert said == b""


def test_a_pattern_that_takes_too_long_is_told_with_the_source(tmp_path):
    packs = tmp_path / "packs"
    packs.mkdir()
    (packs / "acme.toml").write_text(SLOW_PACK, encoding="utf-8")
    log = tmp_path / "api.log"
    log.write_text(f"2031-05-06T07:08:09Z broken {'ab' * 2_000} token expired\n", encoding="utf-8")
    options = pipeline.Options(pattern_directories=(packs,), workers=1)
    summary = pipeline.read([str(log)], options).summary
    assert [fault.kind for fault in summary.faults] == ["gave_up"]
    assert summary.faults[0].source.endswith("api.log")
    assert "pattern acme.slow" in summary.faults[0].detail
    assert sum(one.rejections for one in summary.sources) == 1
