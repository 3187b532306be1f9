"""What a Summary keeps. That it is a monoid is proved in laws/."""

from __future__ import annotations

from collections import Counter

from logclass import bounded
from logclass.columns import EXEMPLARS_PER_GROUP
from logclass.model import Fault
from logclass.timestamps import isoformat

LINE = "{} ERROR [auth] JsonWebTokenError: jwt expired\n"


def test_first_and_last_time_are_the_minutes_that_hold_them(bundle):
    text = LINE.format("2031-05-06T07:08:31.500Z") + LINE.format("2031-05-06T09:59:59.900Z")
    (intake,) = bundle({"auth.log": text}).summary.sources
    assert isoformat(intake.first_ms) == "2031-05-06T07:08:00Z"
    assert isoformat(intake.last_ms) == "2031-05-06T09:59:59.900Z"


def test_exemplars_are_the_first_of_each_hour_and_say_where_they_stand(bundle):
    stamps = [f"2031-05-06T{hour:02d}:{i:02d}:09Z" for hour in (7, 8) for i in range(30)]
    summary = bundle({"auth.log": "".join(LINE.format(stamp) for stamp in stamps)}).summary
    assert len(summary.exemplars) == 2 * EXEMPLARS_PER_GROUP
    assert [one.line for one in summary.exemplars][:2] == [1, 2]
    assert {one.source for one in summary.exemplars} == {"auth.log"}
    assert all("jwt expired" in one.excerpt for one in summary.exemplars)


def test_what_no_pattern_knows_is_kept_as_a_template(bundle):
    lines = "".join(
        f"2031-05-06T07:08:{i:02d}Z ERROR [auth] oidc id_token {i}: unknown issuer number {i * 37}\n"
        for i in range(20)
    )
    read = bundle({"auth.log": lines})
    intake = read.summary.sources[0]
    if intake.rejections == 0:  # else a pattern has learned it
        assert intake.unclassified == 20
        assert [one.count for one in read.summary.residue] == [20]


def test_the_hash_is_of_the_file_as_stored(bundle):
    import gzip
    import hashlib

    packed = gzip.compress(LINE.format("2031-05-06T07:08:09Z").encode(), mtime=0)
    (intake,) = bundle({"auth.log.gz": packed}).summary.sources
    assert intake.sha256 == hashlib.sha256(packed).hexdigest()


def test_faults_of_one_kind_are_one_entry_with_a_count(bundle):
    text = "2031-05-06T07:08:09Z INFO ok\n" + LINE.format("2031-13-45T25:61:00Z") * 7
    (fault,) = bundle({"auth.log": text}).summary.faults
    assert (fault.kind, fault.line, fault.count) == ("bad_time", 2, 7)


def test_exemplars_of_too_many_instances_are_those_that_all_of_them_together_keep(
    bundle, monkeypatch
):
    """What is not redacted, because other groups come first, would not have been kept."""
    lines = [
        f"2031-05-06T07:08:09Z i-{number % 97} ERROR [auth] JsonWebTokenError: jwt expired\n"
        for number in range(400)
    ]
    monkeypatch.setattr("logclass.bounded.EXEMPLAR_GROUPS", 10)
    at_once = bundle({"auth.log": "".join(lines)}).summary.exemplars
    apart = {f"{i}/auth.log": "".join(lines[i::4]) for i in range(4)}
    each = bundle(apart).summary.exemplars
    assert len({one.instance for one in at_once}) == 10
    assert {one.instance for one in each} == {one.instance for one in at_once}


def test_of_too_many_faults_the_number_is_kept(monkeypatch):
    """Twenty thousand encrypted members are told as so many, however they were read."""
    monkeypatch.setattr("logclass.bounded.FAULTS", 10)
    found = [Fault(f"all.zip!/{n}.log", "encrypted", "unpack it first") for n in range(500)]
    found += [Fault(f"{n}.log", "truncated", "cut short", count=3) for n in range(100)]
    at_once = bounded.faults(found)
    parts = [bounded.faults(found[start::7]) for start in range(7)]
    assert bounded.faults([fault for part in parts for fault in part]) == at_once
    totals = Counter[str]()
    for fault in at_once:
        totals[fault.kind] += fault.count
    assert totals == {"encrypted": 500, "truncated": 300}
    assert sorted(f.kind for f in at_once if not f.source) == ["encrypted", "truncated"]
