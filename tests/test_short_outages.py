"""An outage that was undone within two minutes: found where most requests failed, else not."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from reading import write

from logclass import pipeline

START = 1_935_817_680  # 2031-05-06T07:08:00Z
BROKEN = range(START + 3600, START + 3600 + 120)
CHANGES = (
    "time,kind,target,description\n"
    "2031-05-06T08:07:55Z,rotation,api,signing key of api rotated\n"
    "2031-05-06T08:09:58Z,rollback,api,signing key of api put back\n"
)


def line(at: int, number: int, *, is_refused: bool) -> str:
    time = datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
    said = {"time": time, "level": "info", "service": "api", "request_id": f"r{at}-{number}"}
    if is_refused:
        told = {"level": "warn", "msg": "JsonWebTokenError: invalid signature", "status": 401}
    else:
        told = {"msg": "request completed", "status": 200}
    return json.dumps(said | told) + "\n"


def incidents(folder, share: float) -> list[dict]:
    lines = [
        line(at, number, is_refused=at in BROKEN and (at * 4 + number) % 20 < share * 20)
        for at in range(START, START + 7200)
        for number in range(4)
    ]
    where = write(folder, {"api.jsonl": "".join(lines), "changes.csv": CHANGES})
    intake = pipeline.read([str(where)], pipeline.Options(workers=1))
    return pipeline.diagnose(intake, command="").document["incidents"]


@pytest.mark.parametrize("share", [1.0, 0.8])
def test_two_minutes_in_which_most_requests_were_refused_are_an_incident(tmp_path, share):
    (found,) = incidents(tmp_path, share)
    assert "2031-05-06T08:07" <= found["onset"] <= "2031-05-06T08:08:10"
    assert "2031-05-06T08:09" <= found["recovery"] <= "2031-05-06T08:10:30"
    (caused,) = [one for one in found["changes"] if one["verdict"] == "caused"]
    assert (caused["kind"], caused["target"]) == ("rotation", "api")
    assert found["causes"][0]["cause"] == "rotation_without_overlap"


def test_two_minutes_in_which_some_requests_were_refused_are_ordinary_life(tmp_path):
    assert incidents(tmp_path, 0.1) == []
