"""Bounds of what is kept. That no secret passes is proved in laws/test_law_secrets.py."""

from __future__ import annotations

import time

import pytest

from logclass import redact

SECRET = "s3cr3tV4lue0fTheService"


def test_values_and_excerpts_are_bounded():
    assert len(redact.value("x" * 10_000)) == redact.MAX_VALUE
    assert len(redact.excerpt("x" * 10_000)) == redact.MAX_EXCERPT
    assert redact.excerpt("short") == "short"


def test_a_secret_at_the_cut_is_not_half_shown():
    for fill in range(redact.MAX_VALUE - 40, redact.MAX_VALUE + 10):
        text = "x" * fill + f" password={SECRET}"
        assert SECRET[:6] not in redact.value(text)
    for fill in range(redact.MAX_EXCERPT - 40, redact.MAX_EXCERPT + 10, 3):
        assert SECRET[:6] not in redact.excerpt("x" * fill + f" client_secret={SECRET}")


def test_an_excerpt_holds_the_error_below_a_long_stack_and_the_note():
    frame = (
        '  File "/usr/lib/python3/site-packages/jwt/api_jwt.py", line 370, in decode\n    x = y(\n'
    )
    record = f"token rejected\nTraceback (most recent call last):\n{frame * 30}jwt.InvalidIssuerError: no"
    shown = redact.excerpt(record, " [request 7]")
    assert shown.endswith("jwt.InvalidIssuerError: no [request 7]")
    assert len(shown) < 150
    assert redact.excerpt("x" * 9000, " [request 7]").endswith("x… [request 7]")
    assert len(redact.excerpt("x" * 9000, " [request 7]")) == redact.MAX_EXCERPT


def test_a_secret_across_folded_lines_is_not_shown():
    lines = "\n".join(f"    at f (/a.js:{n}:1)" for n in range(3))
    record = f"no\n{lines}\n    at -----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----"
    assert SECRET not in redact.excerpt(record)
    for fill in range(3900, 4010, 7):
        lines = "    at f (/a.js:1:1)\n" * (fill // 21)
        assert SECRET[:6] not in redact.excerpt(f"no\n{lines}client_secret={SECRET}")


def test_a_release_with_its_package_is_no_mail_address():
    assert redact.value("orders-service@1.14.8") == "orders-service@1.14.8"


def test_mail_addresses_are_not_kept():
    assert redact.text("sub=ann.o'neil@mail.example.com denied") == "sub=ann.o'<mail> denied"


@pytest.mark.parametrize(
    "piece",
    [
        "eyJ",
        "a@",
        "password=",
        "cookie: a=",
        "-----BEGIN X-----",
        "Bearer ",
        "x://y:",
        "A." * 8,
        "x",
        "<a:token ",
        "--a-",
    ],
)
def test_repetition_takes_bounded_time(piece):
    start = time.process_time()  # not the wall clock: other work may share the machine
    redact.text(piece * 20_000)
    assert time.process_time() - start < 3
