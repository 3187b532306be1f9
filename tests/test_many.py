"""Bundles with very many of something are reported like others: the worst is named, none is lost.

No time is looked at: what grew with the square of the number would not end here.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from reading import write

from logclass import pipeline
from logclass.render import html
from logclass.report import to_json

START = datetime(2031, 5, 6, 7, 0, tzinfo=UTC)
OFTEN = 400  # rejections of the service that fails, in ten minutes


def _stamp(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def _record(minutes: float, service: str, instance: str = "a-1") -> str:
    said = "JsonWebTokenError: invalid signature"
    return json.dumps(
        {"time": _stamp(minutes), "service": service, "hostname": instance, "msg": said}
    )


def _outage(service: str = "orders") -> list[str]:
    return [_record(120 + 10 * n / OFTEN, service, f"orders-{n % 4}") for n in range(OFTEN)]


@pytest.fixture
def reported(compiled, tmp_path):
    def report(files: dict[str, bytes | str]) -> dict[str, Any]:
        folder = write(tmp_path / "bundle", files)
        intake = pipeline.read([str(folder)], pipeline.Options(workers=1))
        found = pipeline.diagnose(intake, command="logclass report bundle")
        return {**json.loads(to_json(found)), "page": html.render(found)}

    return report


def test_of_twelve_thousand_services_the_failing_one_is_named(reported):
    others = [_record(n % 240, f"svc-{n:x}") for n in range(12_000)]
    document = reported({"auth.log": "\n".join(others + _outage())})
    assert document["incidents"][0]["services"] == ["orders"]
    assert document["counts"][0]["service"] == "orders"
    assert sum(row["count"] for row in document["counts"]) == 12_000 + OFTEN
    left = len(document["counts"]) - 16
    assert f"and {left} more" in document["page"]  # those that the page does not list
    assert len(document["page"]) < 1_000_000


def test_of_six_thousand_instances_the_number_that_fails_is_told(reported):
    lines = [_record(120 + n / 1_000, "orders", f"pod-{n}") for n in range(6_000)]
    quiet = [f"{_stamp(n)} orders pod-0 INFO GET /orders 200" for n in range(240)]
    document = reported({"auth.log": "\n".join(lines), "app.log": "\n".join(quiet)})
    (incident, *_) = document["incidents"]
    assert incident["rejections"] == 6_000
    assert incident["timeline"]["instances_total"] >= 6_000
    assert len(incident["timeline"]["instances"]) == 24
    assert len(document["page"]) < 1_000_000


def test_among_four_thousand_deploys_the_one_that_did_it_is_named(reported):
    """The others are of other services, at any time of the month before."""
    deploys = [
        {"time": _stamp(-n * 4), "kind": "deploy", "target": f"svc-{n % 500}", "id": f"d{n}"}
        for n in range(4_000)
    ]
    guilty = {"time": _stamp(119), "kind": "deploy", "target": "orders", "id": "guilty"}
    calm = [_record(n * 10, "orders") for n in range(12)]
    lines = [*calm, *_outage()]
    quiet = [f"{_stamp(n / 4)} orders-{n % 4} INFO orders: GET /orders 200" for n in range(720)]
    changes = json.dumps([*deploys, guilty])
    files = {"auth.log": "\n".join(lines), "app.log": "\n".join(quiet), "changes.json": changes}
    document = reported(files)
    assert len(document["changes"]) == 4_001
    verdicts = document["incidents"][0]["changes"]
    assert len(verdicts) == 4_001
    assert verdicts[0]["id"].endswith("guilty")


def test_each_of_many_encrypted_members_is_counted(reported):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number in range(3_000):
            archive.writestr(f"{number}.log", "x")
        archive.writestr("auth.log", "\n".join(_outage()))
    document = reported({"all.zip": _encrypted(held.getvalue(), 3_000)})
    assert document["intake"]["faults"] == 3_000
    assert document["faults"][0]["source"] == ""
    assert document["intake"]["rejections"] == OFTEN


def _encrypted(data: bytes, members: int) -> bytes:
    """Return a zip whose first members say in the list of members that they are encrypted."""
    out = bytearray(data)
    at = -1
    for _ in range(members):
        at = out.index(b"PK\x01\x02", at + 1)
        out[at + 8] |= 1
    return bytes(out)
