"""Kept expressions find what freshly compiled ones find, whatever happened to their file."""

import os
import stat

import pytest
import regex

from logclass.expressions import Expressions

WORDINGS = [
    r"(?i)token (?P<state>expired|revoked)(?: at (?P<at>\d+))?",
    r"\b(?:jwt|token)\b[^\n]{0,20}\bkid\b",
    r"(?<!un)signed by \p{Lu}\w+",
    "ключ не найден",
]
TEXT = "TOKEN EXPIRED at 12, jwt without kid, signed by Acme, ключ не найден"


def found(expressions):
    return [expressions.compiled(one).search(TEXT) for one in WORDINGS]


def spans(matches):
    return [(match.span(), match.groupdict()) for match in matches]


def test_what_was_kept_finds_the_same(tmp_path):
    place = tmp_path / "kept.regex"
    first = spans(found(Expressions(place)))
    size = place.stat().st_size
    assert spans(found(Expressions(place))) == first
    assert place.stat().st_size == size  # nothing was compiled again
    assert first == spans(regex.search(one, TEXT) for one in WORDINGS)


def test_only_its_owner_may_read_or_write_the_file(tmp_path):
    place = tmp_path / "kept.regex"
    Expressions(place).compiled("a")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", [b"", b"\x00" * 200, b"not ours"])
def test_a_damaged_file_is_compiled_anew(tmp_path, damage):
    place = tmp_path / "kept.regex"
    place.write_bytes(damage)
    assert spans(found(Expressions(place))) == spans(found(Expressions()))


def test_a_torn_entry_costs_only_what_follows(tmp_path):
    place = tmp_path / "kept.regex"
    found(Expressions(place))
    whole = place.read_bytes()
    for end in range(0, len(whole), 97):
        place.write_bytes(whole[:end])
        assert spans(found(Expressions(place))) == spans(found(Expressions()))
        assert place.stat().st_size == len(whole)  # it was mended, and does not grow for ever


def test_another_expression_with_the_same_digest_is_not_taken(tmp_path):
    place = tmp_path / "kept.regex"
    Expressions(place).compiled("abc")
    entry = place.read_bytes()
    other = tmp_path / "other.regex"
    Expressions(other).compiled("xyz")
    place.write_bytes(other.read_bytes()[:16] + entry[16:])  # xyz's name, abc's program
    assert Expressions(place).compiled("xyz").search("xyz")


def test_no_folder_to_write_to_is_no_error(tmp_path):
    expressions = Expressions(tmp_path / "absent" / "kept.regex")
    assert expressions.compiled("a+").search("caat")[0] == "aa"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_no_error(tmp_path):
    place = tmp_path / "kept.regex"
    Expressions(place).compiled("a")
    place.chmod(0)
    assert Expressions(place).compiled("a").search("a")


def test_what_is_not_valid_is_refused_as_ever(tmp_path):
    with pytest.raises(regex.error):
        Expressions(tmp_path / "kept.regex").compiled("(")
