"""Requests that passed: which lines tell of them, and what the report makes of them.

Every token here was made and looked at by PyJWT; the lines are what an application would write.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime

import jwt
import pyarrow.compute as pc
import pytest
from reading import write

from logclass import accepted, accounting, partition, pipeline, plain, sampling
from logclass.matcher import Matcher
from logclass.patternset import load
from logclass.render import html
from logclass.vocabulary import Outcome

START = datetime(2031, 5, 6, 7, 0, tzinfo=UTC).timestamp()
MINUTES, ROTATED = 80, 40  # minutes of the log, and of its beginning until the key was changed
SECRETS = {"v41": b"a" * 40, "v42": b"b" * 40}
FLEET = [f"auth-{number}" for number in range(1, 11)]
LATE = FLEET[7:]  # these never get the new key


def _requests(*, rotated: float, late: list[str], per_second: float = 1.5):
    """Yield time, instance, kid, time of issue, client and the error, if any, of each request."""
    rng = random.Random(11)
    held: dict[int, tuple[str, float]] = {}
    has_new = {name: rotated + 20 * place for place, name in enumerate(FLEET)}
    has_new |= dict.fromkeys(late, float("inf"))
    at = START
    while (at := at + rng.expovariate(per_second)) < START + 60 * MINUTES:
        client = rng.randrange(80)
        if client not in held or at > held[client][1] + 420:
            kid = "v42" if at >= rotated else "v41"
            issued = at if client in held else at - rng.random() * 400
            claims = {"sub": f"u{client}", "iat": int(issued), "exp": int(issued) + 600}
            token = jwt.encode(claims, SECRETS[kid], "HS256", headers={"kid": kid})
            held[client] = token, issued
        token, issued = held[client]
        name = rng.choice(FLEET)
        secret = SECRETS["v42" if at >= has_new[name] else "v41"]
        try:
            options = {"verify_exp": False, "verify_iat": False}
            jwt.decode(token, secret, algorithms=["HS256"], options=options)
            error = ""
        except jwt.InvalidTokenError as failed:
            error = f"{type(failed).__name__}: {failed}"
        kid = jwt.get_unverified_header(token)["kid"]
        yield at, name, kid, int(issued), f"10.0.3.{client}", error


def _line(form: str, request: tuple) -> str:
    at, name, kid, issued, client, error = request
    stamp = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    if form == "text":
        said = f"WARNING auth jwt.exceptions.{error}" if error else "INFO auth token verified"
        return f"{stamp} {name} {said} kid={kid} client_ip={client}"
    record = {"time": stamp, "level": "info", "service": "auth", "instance": name, "kid": kid}
    record |= {"iat": issued, "exp": issued + 600, "client_ip": client}
    if form == "json":
        record |= {"msg": error or "token verified"}
    else:
        record |= {"msg": "request completed", "method": "GET", "path": "/api/orders"}
        record |= {"status": 401 if error else 200} | ({"error": error} if error else {})
    return json.dumps(record)


def _bundle(folder, form: str, **world) -> str:
    lines = [_line(form, one) for one in _requests(**world)]
    files = {"auth.log": "\n".join(lines) + "\n"}
    if world["rotated"] < float("inf"):
        change = {"id": "rot-1", "time": "2031-05-06T07:40:00Z", "kind": "rotation"}
        files["changes.json"] = json.dumps([change | {"target": "signing key of auth"}])
    return str(write(folder, files))


def _report(name: str, workers: int = 1) -> dict:
    intake = pipeline.read([name], pipeline.Options(workers=workers))
    return pipeline.diagnose(intake, command="logclass report").document


STRAGGLERS = {"rotated": START + 60 * ROTATED, "late": LATE}


@pytest.mark.parametrize("form", ["text", "json", "requests"])
def test_a_rollout_that_stops_is_told_by_what_passes(compiled, tmp_path, form):
    document = _report(_bundle(tmp_path, form, **STRAGGLERS))
    (incident,) = document["incidents"]
    assert incident["causes"][0]["cause"] == "partial_rollout"
    new = next(one for one in incident["key_ledger"] if one["key"] == "v42")
    assert new["accepted_by"] == sorted(set(FLEET) - set(LATE))
    assert set(LATE) <= set(new["rejected_by"])
    assert "It stopped converging at 7 of 10" in incident["split"]["text"]
    curve = incident["split"]["convergence"]
    assert [one["instances"] for one in curve] == list(range(1, 8))
    assert {one["of"] for one in curve} == {10}
    assert document["intake"]["accepted_share"] == pytest.approx(1 / 4, abs=0.26)


def test_lines_that_tell_of_no_accepted_request_are_no_share_of_any(compiled, tmp_path):
    intake = pipeline.read([_bundle(tmp_path, "requests", **STRAGGLERS)], pipeline.Options())
    counts = intake.summary.counts
    rejected = replace(intake.summary, counts=counts.filter(pc.field("outcome") == "rejected"))
    assert accounting.accepted_share(intake.summary) < 1
    assert accounting.accepted_share(rejected) == 1


@pytest.mark.parametrize("form", ["text", "requests"])
def test_what_passed_is_counted_as_often_as_it_did(compiled, tmp_path, form):
    requests = list(_requests(**STRAGGLERS))
    passed = {kid: sum(1 for one in requests if one[2] == kid and not one[5]) for kid in SECRETS}
    document = _report(_bundle(tmp_path, form, **STRAGGLERS))
    (incident,) = document["incidents"]
    for row in incident["key_ledger"]:
        assert row["accepted"] == pytest.approx(passed[row["key"]], rel=0.15)


def test_a_token_that_fails_here_and_passes_there_is_seen(compiled, tmp_path):
    document = _report(_bundle(tmp_path, "json", **STRAGGLERS))
    said = [text for cause in document["incidents"][0]["causes"] for text in cause["for"]]
    assert any("tokens failed on one instance and passed on another" in text for text in said)


def test_the_page_says_that_it_read_a_sample(compiled, tmp_path):
    intake = pipeline.read([_bundle(tmp_path, "text", **STRAGGLERS)], pipeline.Options(workers=1))
    page = html.render(pipeline.diagnose(intake, command="logclass report"))
    assert "It stopped converging at 7 of 10" in page
    assert "Accepted requests are estimates: of the lines that tell of them, 1 in " in page


@pytest.mark.parametrize("form", ["text", "json", "requests"])
def test_where_all_pass_there_is_no_incident(compiled, tmp_path, form):
    document = _report(_bundle(tmp_path, form, rotated=float("inf"), late=[]))
    assert document["incidents"] == []
    assert document["counts"] == []
    assert document["unclassified"] == []


@pytest.mark.parametrize(
    "limits", [(6_000_000, 2_048), (90_000, 2_048), (6_000_000, 100), (50_000, 40)]
)
def test_blocks_workers_and_parts_do_not_show_in_the_sample(
    compiled, tmp_path, monkeypatch, limits
):
    monkeypatch.setattr(sampling, "EXAMINED_BYTES", limits[0])
    monkeypatch.setattr(sampling, "READ_RECORDS", limits[1])
    name = _bundle(tmp_path, "json", **STRAGGLERS)

    def told(workers: int = 1) -> bytes:
        intake = pipeline.read([name], pipeline.Options(workers=workers))
        document = pipeline.diagnose(intake, command="").document
        for source in document["intake"]["sources"]:
            source["sha256"] = ""  # large files have none
        return plain.written(document)

    whole = told()
    monkeypatch.setattr(pipeline, "CHUNK_BYTES", 5_003)
    assert told() == whole
    monkeypatch.setattr(pipeline, "POOL_FROM_BYTES", 0)
    monkeypatch.setattr(partition, "PART_BYTES", 100_000)
    monkeypatch.setattr(pipeline, "MERGE_ROWS", 50)
    assert told(3) == whole


def _candidate(text: str, **fields) -> accepted.Candidate:
    from logclass.classify import Candidate

    blank = Candidate(*[0 if kind is int else "" for kind in Candidate.__annotations__.values()])
    told = {"time_ms": 0, "part": 0, "line": 1, "status": 200, "drawn": 1, "severity": "info"}
    return blank._replace(**told | {"context": '{"kid":"v42"}', "text": text} | fields)


def test_a_request_that_passed_with_a_key_is_accepted():
    match = accepted.match(_candidate("GET /api/orders 200"))
    assert match is not None
    assert match.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "request completed", "status": 401},
        {"text": "request completed", "status": 302},
        {"text": "request completed", "status": 0},
        {"text": "request completed", "context": '{"iss":"a"}'},
        {"text": "request completed", "severity": "error"},
        {"text": "POST /oauth/token 200"},
        {"text": "GET /.well-known/jwks.json 200"},
        {"text": "issued token for u7"},
        {"text": "token not verified, anonymous access"},
        {"text": "signature check skipped"},
    ],
)
def test_what_does_not_tell_of_a_token_that_passed_is_not_accepted(fields):
    assert accepted.match(_candidate(**fields)) is None


MATCHER = Matcher(load())


@pytest.mark.parametrize(
    ("text", "kid"),
    [
        ("token verified kid=v42", ("v42",)),
        ("Successfully validated the token.", ()),
        ("JWT accepted sub=u7 kid=2031-05", ("2031-05",)),
        ("authenticated with key v42", ("v42",)),
        ('{"level":"info","msg":"token verified","kid":"v42","sub":"u7"}', ("v42",)),
        ("Access token validated for sub=7 (kid: abc)", ("abc",)),
    ],
)
def test_success_is_told_with_its_key(text, kid):
    match = MATCHER.match(text)
    assert match is not None
    assert (match.outcome, match.reason) == (Outcome.ACCEPTED, None)
    assert match.captures.get("kid", ()) == kid


@pytest.mark.parametrize(
    "text",
    [
        "token not verified kid=v42",
        "token verification failed kid=v42",
        "could not get the token verified kid=v42",
        "token accepted with warnings kid=v42",
        "token verified=false kid=v42",
        "token verified: no kid=v42",
        "token verified but expired kid=v42",
        "token must be verified kid=v42",
        "no token accepted from 10.0.0.7 kid=v42",
        "JWT accepted but signature invalid kid=v42",
        "if the token is valid, kid=v42 is used",
        "token validated unsuccessfully",
        "token is valid until 2031-05-06",
    ],
)
def test_failure_and_doubt_are_no_success(text):
    match = MATCHER.match(text)
    assert match is None or match.outcome is not Outcome.ACCEPTED
