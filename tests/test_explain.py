"""`logclass explain` says one reason for the same words, however they were wrapped."""

import json

import pytest

from logclass.explain import NEXT, explain, explain_all
from logclass.matcher import Matcher
from logclass.patternset import load
from logclass.vocabulary import Reason

MATCHER = Matcher(load())
KEYS = ["text", "outcome", "reason", "also", "library", "versions", "pattern", "captures", "owner"]
WORDS = "jwt audience invalid. expected: web-prod"


def test_a_rejection_as_json():
    document = explain("JsonWebTokenError: " + WORDS, MATCHER).as_json()
    assert list(document) == KEYS
    assert document["text"] == "JsonWebTokenError: " + WORDS
    assert (document["outcome"], document["reason"]) == ("rejected", "audience_mismatch")
    assert (document["library"], document["owner"]) == ("jsonwebtoken", "operator")
    assert document["captures"]["expected"] == ["web-prod"]
    assert document["also"] == []
    json.dumps(document)


def test_what_is_no_rejection_as_json():
    document = explain("user logged in", MATCHER).as_json()
    assert list(document) == KEYS
    assert (document["outcome"], document["reason"], document["owner"]) == ("none", None, None)
    assert (document["also"], document["captures"], document["library"]) == ([], {}, None)


def test_wording_of_no_library_names_none():
    document = explain('"GET / HTTP/1.1" 401 12', MATCHER).as_json()
    assert (document["reason"], document["library"]) == ("unspecified", None)
    assert document["pattern"].startswith("generic.")


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        f"2031-05-06T07:08:09Z ERROR [auth] {WORDS}",
        json.dumps({"level": "error", "msg": WORDS}),
        json.dumps({"log": json.dumps({"err": {"message": WORDS, "name": "JsonWebTokenError"}})}),
        f'time=2031-05-06T07:08:09Z level=error msg="{WORDS}" service=auth',
        f"\x1b[31merror\x1b[39m: {WORDS}\x1b[0m",
        f"JsonWebTokenError: {WORDS}\n    at /app/verify.js:5:6\n    at next",
        f"Error: &quot;{WORDS}&quot;",
        str({"error": WORDS, "pid": 7}),
    ],
)
def test_the_same_words_get_the_same_reason_in_every_coat(text):
    document = explain(text, MATCHER).as_json()
    assert (document["reason"], document["captures"]["expected"]) == (
        "audience_mismatch",
        ["web-prod"],
    )


def test_a_python_traceback():
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/auth.py", line 12, in check\n'
        "    jwt.decode(token, key, algorithms=['HS256'])\n"
        "jwt.exceptions.ExpiredSignatureError: Signature has expired\n"
    )
    assert explain(text, MATCHER).as_json()["reason"] == "token_expired"


def test_the_text_for_people_says_what_it_means_and_what_to_do():
    said = explain("JsonWebTokenError: " + WORDS, MATCHER).as_text()
    for part in ("audience_mismatch", "operator", "jsonwebtoken", "web-prod", "Compare `aud`"):
        assert part in said
    assert "no pattern matches" in explain("user logged in", MATCHER).as_text()


def test_control_characters_do_not_reach_the_terminal():
    said = explain("jwt audience invalid. expected: a\x1b]0;x\x07b\x9bc", MATCHER).as_text()
    assert all(letter.isprintable() or letter == "\n" for letter in said)


def test_every_reason_has_advice():
    assert set(NEXT) == set(Reason)
    assert all(steps and all(steps) for steps in NEXT.values())


def test_many_texts_keep_their_order():
    texts = ["HTTP 401", "fine", WORDS, "HTTP 401"]
    got = [explanation.as_json() for explanation in explain_all(texts, MATCHER)]
    assert got == [explain(text, MATCHER).as_json() for text in texts]
