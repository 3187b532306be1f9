"""What starting instances say of the form of their key, and what a reader learns from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from reading import write

from logclass import pipeline

START = 1_935_817_680  # 2031-05-06T07:08:00Z
BEGUN, ENDED = START + 3600, START + 5400
CHANGES = (
    "time,kind,target,description\n"
    "2031-05-06T08:07:55Z,deploy,checkout,checkout 1.16.0\n"
    "2031-05-06T08:37:58Z,rollback,checkout,checkout 1.15.5\n"
)


def report(folder, before: dict, since: dict) -> dict:
    lines = []

    def log(at: int, **said: object) -> None:
        time = datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
        lines.append(json.dumps({"time": time, "service": "checkout"} | said) + "\n")

    for at in range(START, START + 7200):
        is_broken = BEGUN <= at < ENDED
        if at in {BEGUN, ENDED}:
            version, told = ("1.16.0", since) if is_broken else ("1.15.5", before)
            log(at, level="info", msg=f"starting checkout {version}", **told)
        if is_broken and at % 2:
            log(at, level="warn", msg="JsonWebTokenError: invalid signature", status=401)
        else:
            log(at, level="info", msg="request completed", status=200 if not is_broken else 404)
    where = write(folder, {"checkout.jsonl": "".join(lines), "changes.csv": CHANGES})
    intake = pipeline.read([str(where)], pipeline.Options(workers=1))
    (found,) = pipeline.diagnose(intake, command="").document["incidents"]
    return found


@pytest.mark.parametrize(
    ("before", "since"),
    [
        ({"jwt_secret_encoding": "raw"}, {"jwt_secret_encoding": "base64"}),  # 44 read as 33
        ({"jwtSecretLength": 44}, {"jwtSecretLength": 45}),  # a newline
        ({"signing.key.bytes": 32}, {"signing.key.bytes": 44}),  # base64 of it
        ({"hmac-key-length": 32}, {"hmac-key-length": 64}),  # hexadecimal of it
    ],
)
def test_a_key_that_is_read_in_another_form_is_told_from_another_key(tmp_path, before, since):
    sizes = {"jwt_secret_bytes": 44}, {"jwt_secret_bytes": 33}
    if "jwt_secret_encoding" in before:
        before, since = before | sizes[0], since | sizes[1]
    found = report(tmp_path, before, since)
    best = found["causes"][0]
    assert best["cause"] == "key_format_changed"
    (text,) = [text for text in best["for"] if text.startswith("The key was read as")]
    assert "bytes at 08:08 UTC" in text
    assert "at 08:38 UTC" in text


def test_another_size_that_no_form_explains_is_another_key(tmp_path):
    found = report(tmp_path, {"jwt_secret_bytes": 32}, {"jwt_secret_bytes": 57})
    assert found["causes"][0]["cause"] == "secret_changed_by_deploy"


def test_the_same_form_before_and_after_says_nothing(tmp_path):
    found = report(tmp_path, {"jwt_secret_bytes": 32}, {"jwt_secret_bytes": 32})
    assert not [text for one in found["causes"] for text in one["for"] if "was read as" in text]
