"""`logclass explain` says one reason for the same words, however they were wrapped."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from logclass.cli.explain import command
from logclass.explain import explain, explain_all
from logclass.explain_texts import NEXT, USUALLY
from logclass.matcher import Matcher
from logclass.patternset import load
from logclass.vocabulary import Outcome, Reason

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
    for part in ("versions:  >=4", "actual:    not logged", "usually:   configuration drift"):
        assert part in said
    assert "jsonwebtoken.audience-invalid\nbeaten:    families.audience: " in said
    assert "no pattern matches" in explain("user logged in", MATCHER).as_text()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Error: x509: certificate has expired", "TLS"),
        ("SignatureDoesNotMatch: The request signature we calculated does not match", "signature"),
        ("ActionController::InvalidAuthenticityToken", "CSRF"),
        ("SyntaxError: Unexpected token '<' in JSON at position 0", "Parsers"),
        ("e-mail address verified for u-1", "Success"),
    ],
)
def test_what_gets_no_reason_is_told_why(text, why):
    said = explain(text, MATCHER).as_text()
    assert why in said.split("because:", 1)[1].split("\n")[0]


def test_the_patterns_nearest_to_a_text_are_named():
    said = explain("jwt audience seems off. expected it", MATCHER)
    assert said.match is None
    nearest = [line for line in said.as_text().split("\n") if line.startswith("nearest:")]
    assert 1 <= len(nearest) <= 3
    assert all("(audience_mismatch) looks for " in line for line in nearest)
    assert "nearest" not in explain("", MATCHER).as_text()


def test_a_line_that_tells_of_a_change_is_neither_rejected_nor_accepted():
    signal = next(one for one in load().patterns if one.outcome is Outcome.SIGNAL)
    document = explain(signal.examples[0].text, MATCHER).as_json()
    assert (document["outcome"], document["reason"]) == ("none", None)
    assert document["pattern"] == signal.id


def test_a_line_that_tells_of_success_is_accepted_and_has_no_reason():
    said = explain("token verified kid=v42 sub=u-7", MATCHER)
    document = said.as_json()
    assert (document["outcome"], document["reason"]) == ("accepted", None)
    assert document["captures"] == {"kid": ["v42"]}
    assert "reason:    none: the outcome is accepted" in said.as_text()


def run(*arguments, stdin=b""):
    result = CliRunner().invoke(command, arguments, input=stdin)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def test_texts_on_stdin_end_with_a_line_or_with_nul():
    lines = [json.loads(line) for line in run("--json", stdin=b"a\r\n\njwt expired\n").splitlines()]
    assert [line["text"] for line in lines] == ["a", "", "jwt expired"]
    texts = [json.loads(line) for line in run("-0", "--json", stdin=b"a\nb\0c\0\n").splitlines()]
    assert [text["text"] for text in texts] == ["a\nb", "c"]
    assert run("--json", stdin=b"") == b""


def test_a_line_is_answered_before_the_next_one_comes(compiled, tmp_path):
    words = [sys.executable, "-m", "logclass", "explain"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin
        assert running.stdout
        for text, reason in (
            ("jwt expired", "token_expired"),
            ("jwt malformed", "token_malformed"),
        ):
            running.stdin.write(f"{text}\n".encode())
            running.stdin.flush()
            said = iter(running.stdout.readline, b"")
            assert any(line == f"text:      {text}\n".encode() for line in said)
            assert next(said) == f"reason:    {reason}\n".encode()
        running.stdin.close()
        running.stdout.read()


def test_a_text_longer_than_what_is_read_at_once_is_one_text():
    long = b"x" * 200_000 + b" jwt expired"
    one, two = run("--json", stdin=long + b"\njwt malformed").splitlines()
    assert json.loads(one)["text"] == long.decode()
    assert json.loads(two)["reason"] == "token_malformed"


def test_bytes_that_are_no_text_are_shown_as_such():
    (line,) = run("--json", "jwt expired \udcff").splitlines()
    assert json.loads(line)["text"] == "jwt expired \ufffd"


def test_several_texts_are_told_apart():
    said = run("jwt expired", "fine").decode()
    assert "text:      jwt expired\nreason:    token_expired" in said
    assert "\n\ntext:      fine\nreason:    none" in said


def test_control_characters_do_not_reach_the_terminal():
    said = explain("jwt audience invalid. expected: a\x1b]0;x\x07b\x9bc", MATCHER).as_text()
    assert all(letter.isprintable() or letter == "\n" for letter in said)


def test_every_reason_has_advice():
    assert set(NEXT) == set(USUALLY) == set(Reason)
    assert all(steps and all(steps) for steps in NEXT.values())


def test_many_texts_keep_their_order():
    texts = ["HTTP 401", "fine", WORDS, "HTTP 401"]
    got = [explanation.as_json() for explanation in explain_all(texts, MATCHER)]
    assert got == [explain(text, MATCHER).as_json() for text in texts]
    fast = explain_all(texts, MATCHER, with_beaten=False)
    assert got == [explanation.as_json() for explanation in fast]
