"""A needle stands in every match, so no text is passed over in which a word would be found."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from logclass.needles import alternatives, needles
from logclass.patternset import load


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("csrf|(?:re|h)?captcha", {"csrf", "captcha"}),
        (r"ok \d{1,5}(?= - )", {"ok "}),
        (r"\w+\.py::\w+", {".py::"}),
        (r"a{0,3}bcd+e", {"bcd"}),
        (r"(?:password|secret)s? (?:is|was)", {"password", "secret"}),
        (r"(?<!only )tokens?", {"token"}),
        (r"(?:x )?", None),
        (r"[a-z]+|csrf", None),
        (r"(?:one|two)?three", {"three"}),
    ],
)
def test_words_of_which_one_stands_in_every_match(expression, wanted):
    assert needles(expression) == wanted


def test_bars_in_groups_sets_and_escapes_part_nothing():
    assert alternatives(r"a|(?:b|c)|[|]|\||d") == ["a", "(?:b|c)", "[|]", r"\|", "d"]


def test_the_examples_of_foreign_talk_hold_a_needle_of_what_matches_them():
    for kind in load().foreign:
        words = "".join(line.strip() for line in kind.words.splitlines())
        for one in alternatives(words):
            found = needles(one)
            for text in kind.examples:
                if found and regex.search(f"(?im){one}", text):
                    assert any(needle in text.lower() for needle in found), (one, text)


@given(st.text("abc ", min_size=1, max_size=12), st.text("abc ", max_size=12))
def test_a_plain_word_is_its_own_needle(word, around):
    found = needles(word)
    if found:
        assert regex.search(word, around + word + around)
        assert all(needle in word for needle in found)
