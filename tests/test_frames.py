"""What is left of a stack trace: the messages, not the source lines."""

import json
import re
import textwrap
import traceback

from logclass.frames import folded, without_source
from logclass.matcher import Matcher
from logclass.patternset import load

NODE = """\
/app/auth.js:12
    throw new JsonWebTokenError('jwt malformed')
    ^

TypeError: Cannot read properties of undefined (reading 'kid')
    at verify (/app/auth.js:12:11)
"""
PYTHON_313 = """\
Traceback (most recent call last):
  File "/app/auth.py", line 9, in check
    raise InvalidAudienceError(
        "Audience doesn't match"
    )
KeyError: 'aud'
"""


def test_a_traceback_keeps_its_message_and_its_frames():
    try:
        raise ValueError("what it says")  # what it is written like
    except ValueError:
        text = traceback.format_exc()
    left = without_source(text)
    assert "ValueError: what it says" in left
    assert "in test_a_traceback_keeps" in left
    assert "written like" not in left


def test_chained_and_grouped_tracebacks_keep_every_message():
    group = "\n".join(
        f"  | {line}"
        for line in ('  File "a.py", line 1, in f', "    raise X('source')", "X: said inside")
    )
    text = f"{PYTHON_313}\nDuring handling of the above exception\n\n{group}\n"
    left = without_source(text)
    assert "KeyError: 'aud'" in left
    assert "said inside" in left
    assert "source" not in left
    assert "Audience" not in left


def test_an_indented_traceback_keeps_its_last_line():
    assert "KeyError" in without_source(textwrap.indent(PYTHON_313, "      "))


def test_what_node_points_at_is_source():
    left = without_source(NODE)
    assert "jwt malformed" not in left
    assert "Cannot read properties" in left


def test_source_lines_give_no_reason():
    matcher = Matcher(load())
    assert matcher.match(PYTHON_313) is None
    assert matcher.match(NODE) is None
    assert matcher.match(repr({"exc": PYTHON_313})) is None


def test_text_without_a_trace_is_left_as_it_is():
    text = "jwt audience invalid. expected: a^b\nsecond line"
    assert without_source(text) == text


def test_a_token_that_could_not_be_made_was_not_rejected():
    matcher = Matcher(load())
    said = "Error: secretOrPrivateKey must have a value\n    at module.exports [as sign] "
    assert matcher.match(f"{said}(/app/node_modules/jsonwebtoken/sign.js:101:20)") is None
    assert (
        matcher.match("JsonWebTokenError: secret or public key must be provided").reason
        == "key_missing"
    )


def test_what_is_caught_is_source():
    text = "    except (jwt.InvalidTokenError, jwt.ExpiredSignature) as error:\nKeyError: 'aud'"
    left = without_source(text)
    assert "ExpiredSignature" not in left
    assert "KeyError" in left


def test_a_folded_trace_says_what_was_thrown_wherever_it_stands():
    try:
        json.loads("{")
    except ValueError:
        python = traceback.format_exc()
    assert re.fullmatch(
        r"Traceback .*\n  … \d+ lines of the stack\njson\.decoder\.JSONDecodeError: .*\n",
        folded(python),
    )
    node = "JsonWebTokenError: no\n    at a (/a.js:1:2)\n    at b (/b.js:3:4) {\n  code: 'E'\n}"
    assert folded(node) == ("JsonWebTokenError: no\n    … 2 lines of the stack\n  code: 'E'\n}")
    java = "a.B: no\n\tat a.b(C:1)\n\tat d.e(F:2)\nCaused by: g.H: yes\n\tat i.j(K:3)\n\t... 2 more"
    assert folded(java).split("\n") == [
        "a.B: no",
        "\t… 2 lines of the stack",
        "Caused by: g.H: yes",
        "\t… 2 lines of the stack",
    ]


def test_what_is_only_indented_is_not_folded():
    text = "rejected:\n  iss: a\n  aud: b\n  at the gateway\nend"
    assert folded(text) == text
