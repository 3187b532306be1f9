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


def test_mail_addresses_are_not_kept():
    assert redact.text("sub=ann.o'neil@mail.example.com denied") == "sub=ann.o'<mail> denied"


@pytest.mark.parametrize(
    "piece",
    ["eyJ", "a@", "password=", "cookie: a=", "-----BEGIN X-----", "Bearer ", "x://y:", "A." * 8],
)
def test_repetition_takes_bounded_time(piece):
    start = time.monotonic()
    redact.text(piece * 20_000)
    assert time.monotonic() - start < 3
