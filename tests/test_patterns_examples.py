"""Every example of every pack and every recorded text gets its reason, its values, its outcome."""

import json
from pathlib import Path

import pytest

from logclass.matcher import Matcher
from logclass.patterncheck import check
from logclass.patternset import load

SHIPPED = load()
MATCHER = Matcher(SHIPPED)
CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.jsonl"))
# Texts that are read wrongly and wait to be mended, by corpus: what libraries say while they sign
# and not while they verify, mostly. A text that is mended must leave the list.
GAPS = json.loads((Path(__file__).parent / "corpus" / "known_gaps.json").read_text("utf-8"))


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_lints_find_nothing():
    assert [str(problem) for problem in check(SHIPPED)] == []


@pytest.mark.parametrize("pattern", SHIPPED.patterns, ids=lambda pattern: pattern.id)
def test_examples(pattern):
    for example in pattern.examples:
        match = MATCHER.match(example.text)
        assert match is not None, example.text
        wanted = example.reason or pattern.reason
        assert (match.outcome, match.reason) == (pattern.outcome, wanted), example.text
        assert example.also is None or match.also == example.also, example.text
    for near_miss in pattern.counterexamples:
        match = MATCHER.match(near_miss.text)
        assert match is None or match.pattern != pattern.id, near_miss.text


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_recorded_texts(path):
    wrong = []
    recorded = rows(path)
    for row, match in zip(recorded, MATCHER.match_all([r["text"] for r in recorded]), strict=True):
        got = _said(match)
        wanted = (row["outcome"] or "none", row["reason"], row["also"])
        values = match.captures if match else {}
        misread = {
            name: values.get(name)
            for name, said in row["captures"].items()
            if values.get(name) != tuple(said)
        }
        if got != wanted or misread:
            wrong.append((row["text"], "wanted", wanted, row["captures"], "got", got, misread))
    gaps = GAPS.get(path.stem, [])
    assert [one for one in wrong if one[0] not in gaps] == []
    assert sorted(gaps) == sorted(one[0] for one in wrong), "mended: take it off known_gaps.json"


def _said(match):
    if match is None:
        return "none", None, []
    return match.outcome.value, match.reason, list(match.also)


def test_no_negative_is_a_rejection():
    negatives = [row["text"] for row in rows(Path(__file__).parent / "corpus" / "negative.jsonl")]
    assert len(negatives) >= 150
    matches = zip(negatives, MATCHER.match_all(negatives), strict=True)
    mistaken = [text for text, match in matches if match and match.outcome == "rejected"]
    assert [text for text in mistaken if text not in GAPS.get("negative", [])] == []
