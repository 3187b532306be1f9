"""A Summary is a monoid, also when it keeps detail for a sample of the requests only."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass import bounded, tables
from logclass import summary as summaries
from logclass.classify import Classified
from logclass.columns import CANDIDATE_COLUMNS, NO_MINUTE, REJECTION_COLUMNS, TALLY_COLUMNS
from logclass.counted import count_once
from logclass.model import Batch, Fault, Residue, Source

START = 1_935_817_680_000
ROW = {name: {"string": "", "dictionary": "", "bool": False}.get(kind, 0)
       for name, kind in REJECTION_COLUMNS.items()}  # fmt: skip

row = st.fixed_dictionaries(
    {
        "time_ms": st.one_of(st.none(), st.integers(0, 200_000).map(lambda ms: START + ms)),
        "line": st.integers(1, 9),
        "kind": st.sampled_from(["verifier", "access"]),
        "service": st.sampled_from(["auth", "billing", ""]),
        "outcome": st.sampled_from(["rejected", "rejected", "accepted"]),
        "reason": st.sampled_from(["token_expired", "unspecified"]),
        "kid": st.sampled_from(["", "a", "b"]),
        "exp_seconds": st.one_of(st.none(), st.just(7)),
        "link": st.sampled_from([0, 0, 3, 2**63, 2**64 - 1]),
        "fingerprint": st.integers(1, 2**64 - 1),
        "excerpt": st.sampled_from(["", "jwt expired", "no"]),
    }
)
tally_row = st.fixed_dictionaries(
    {
        "service": st.sampled_from(["auth", "billing"]),
        "instance": st.sampled_from(["", "auth-1"]),
        "minute": st.sampled_from([NO_MINUTE, START // 60_000, START // 60_000 + 1]),
        "status_class": st.sampled_from([0, 2, 4]),
        "events": st.integers(1, 9),
    }
)
part = st.tuples(
    st.sampled_from(["a.log", "b.log"]),
    st.lists(row, max_size=8),
    st.lists(tally_row, max_size=4),
    st.sampled_from(["", "decode", "no"]),
)


def summed(source: str, rows: list[dict], tally: list[dict], fault: str) -> summaries.Summary:
    """Return the summary of a batch that holds these rows."""
    spread = [{**ROW, **one, "source": source} for one in rows]
    rejections = tables.table(
        {name: [one[name] for one in spread] for name in REJECTION_COLUMNS}, REJECTION_COLUMNS
    )
    counts = [{"source": source, **one} for one in tally]
    batch = Batch(
        Source(source, source),
        tables.table(
            {name: [one[name] for one in counts] for name in TALLY_COLUMNS}, TALLY_COLUMNS
        ),
        tables.empty(CANDIDATE_COLUMNS),
        format="text",
        faults=(Fault(source, "undecodable", fault, line=len(rows)),) if fault else (),
        read_bytes=len(rows),
    )
    residue = tuple(Residue(one["excerpt"], 1, one["excerpt"]) for one in rows)
    return summaries.summarize(batch, Classified(rejections, residue, len(residue), batch.faults))


def plain(summary: summaries.Summary) -> object:
    """Return everything in a summary as comparable values."""
    whole = replace(summary, counts=pa.table({}), tally=pa.table({}))
    return (
        tables.plain(summary.counts).to_pylist(),
        tables.plain(summary.tally).to_pylist(),
        (whole.exemplars, whole.residue, whole.sources, whole.faults, whole.sample_below),
    )


def merged(*parts: summaries.Summary) -> summaries.Summary:
    return summaries.merge(parts)


@pytest.fixture(params=[200_000, 3], ids=["exact", "sampled"])
def limits(request, monkeypatch):
    monkeypatch.setattr(summaries, "DETAIL_ROWS", request.param)
    monkeypatch.setattr(bounded, "EXEMPLAR_GROUPS", max(2, request.param // 100))
    monkeypatch.setattr(bounded, "RESIDUE_TEMPLATES", max(2, request.param // 100))
    return request.param


fixed = settings(derandomize=True, deadline=None, max_examples=6)


def law(test):
    """Run a test with fixed examples; the limits hold for all of them."""
    from hypothesis import HealthCheck

    quiet = [HealthCheck.function_scoped_fixture]
    return settings(fixed, suppress_health_check=quiet)(test)


@law
@given(a=part, b=part, c=part)
def test_the_order_of_the_parts_does_not_show(limits, a, b, c):
    one, two, three = (summed(*each) for each in (a, b, c))
    expected = plain(merged(one, two, three))
    assert plain(merged(three, one, two)) == expected
    assert plain(merged(merged(one, two), three)) == expected
    assert plain(merged(one, merged(three, two))) == expected


@law
@given(a=part)
def test_the_empty_summary_changes_nothing(limits, a):
    one = merged(summed(*a))
    assert plain(merged(one)) == plain(one)
    assert plain(merged(one, summaries.empty())) == plain(one)
    assert plain(merged(summaries.empty(), one)) == plain(one)


@law
@given(
    rows=st.lists(row, max_size=12), tally=st.lists(tally_row, max_size=6), cut=st.integers(0, 12)
)
def test_the_summary_of_two_halves_is_that_of_the_whole(limits, rows, tally, cut):
    whole = merged(summed("a.log", rows, tally, ""))
    halves = merged(
        summed("a.log", rows[:cut], tally[:cut], ""), summed("a.log", rows[cut:], tally[cut:], "")
    )
    assert plain(halves) == plain(whole)


@law
@given(parts=st.lists(part, max_size=6))
def test_no_count_is_lost_to_sampling(limits, parts):
    whole = summaries.merge([summed(*one) for one in parts])
    rows = [one for _, rows, _, _ in parts for one in rows]
    assert sum(whole.counts["count"].to_pylist()) == len(rows)
    kept = [one for one in whole.counts.to_pylist() if one["fingerprint"]]
    assert len({one["link"] or one["fingerprint"] for one in kept}) <= limits
    once = count_once(whole)
    rejected = sum(1 for one in rows if one["outcome"] == "rejected")
    assert once.rejections["count"].sum() + once.echoes["count"].sum() == rejected
    assert once.passed["count"].sum() == len(rows) - rejected
