"""A scan for fewer terms names the same records as the scan for all of them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.narrow import narrowed, needed
from logclass.patternset import load
from logclass.prefilter import Prefilter
from logclass.scanner import Scanner

PATTERNS = load(())
FULL = Prefilter(PATTERNS)
NARROW = Prefilter(
    PATTERNS,
    scanner=FULL.scanner,
    narrow=narrowed(FULL.scanner, PATTERNS.literals, PATTERNS.expressions),
)
EXAMPLES = [one.text for pattern in PATTERNS.patterns for one in pattern.examples]
AROUND = ["", " ", "a", "Z9", "_", '\\"', "é", "\x00", "key=", ";", "\t"]


def mask(prefilter, records):
    data = "\n".join(records).encode()
    sizes = np.array([len(record.encode()) + 1 for record in records])
    ends = np.minimum(np.cumsum(sizes), len(data))
    return prefilter.hits(data, ends - np.minimum(sizes, ends), ends).tolist()


def test_each_literal_is_hit_wherever_it_stands():
    records = [
        f"{before}{literal}{behind}"
        for literal in PATTERNS.literals
        for before, behind in zip(AROUND, reversed(AROUND), strict=True)
    ]
    assert all(mask(NARROW, records))


@settings(derandomize=True, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from([*AROUND, *PATTERNS.literals, *(t.split("\n")[0] for t in EXAMPLES)]),
            max_size=4,
        ).map("".join),
        min_size=1,
        max_size=20,
    )
)
def test_the_same_records_are_hit(records):
    assert mask(NARROW, records) == mask(FULL, records)


def test_what_is_needed():
    literals = ["token expired", "the token expired at", "token", "key unknown"]
    assert needed(Scanner(literals, []), literals, []) == ("token", "key unknown")


def test_a_literal_that_an_expression_hits_anywhere_is_not_needed():
    literals, expressions = ["token lapsed", "jwt lapsed"], ["token (?:expired|lapsed)"]
    assert needed(Scanner(literals, expressions), literals, expressions) == ("jwt lapsed",)


def test_a_literal_that_an_expression_hits_only_beside_some_characters_is_needed():
    for expression in (r"\btoken", r"lapsed\b", "^token", "lapsed$"):
        literals = ["token lapsed"]
        assert needed(Scanner(literals, [expression]), literals, [expression]) == (*literals,)
