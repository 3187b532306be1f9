"""What the pattern commands show."""

import json

import regex

from logclass.matcher import Matcher
from logclass.patternfile import read_file
from logclass.patternlist import Known, coverage, known_texts, reason_codes, unrecognised
from logclass.patternset import load
from logclass.residue import stub

LINE = "authd: pass 'k-7' refused after 12 seconds, reason=stale-badge"


def test_a_stub_is_a_pattern_file_that_matches_its_line(tmp_path):
    path = tmp_path / "acme.toml"
    head = 'library = "acme"\ntitle = "Acme"\ntier = "library"\n\n'
    path.write_text(
        head + stub(f"2031-05-06T07:08:09Z ERROR {LINE}").replace("LIBRARY", "acme"),
        encoding="utf-8",
    )
    _, (pattern,) = read_file(path)
    assert pattern.examples[0].text.endswith(LINE)
    assert regex.search(pattern.regex, LINE)
    assert regex.search(pattern.regex, LINE.replace("k-7", "other").replace("12", "7"))
    assert all(literal.lower() in LINE for literal in pattern.literals)


def test_every_library_is_covered_and_listed():
    shipped = load()
    known = known_texts(shipped)
    missed = unrecognised(known, Matcher(shipped))
    rows = coverage(shipped, known, missed)
    assert sum(row.patterns for row in rows) == sum(1 for one in shipped.patterns if one.reason)
    assert sum(row.known for row in rows) == len(known)
    row = next(r for r in rows if (r.library, r.reason) == ("jsonwebtoken", "audience_mismatch"))
    assert row.known == row.recognised >= row.recorded > 0
    text = reason_codes(shipped)
    assert "## audience_mismatch" in text
    assert "jwt audience invalid" in text


def test_a_text_that_is_not_recognised_shows_in_the_coverage(tmp_path):
    shipped = load()
    gap = {"library": "acme", "reason": "token_expired", "text": "badge 7 is stale"}
    rows = [gap | {"origin": "upstream source"}, gap | {"origin": "recorded"}]
    (tmp_path / "acme.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    known = known_texts(shipped, tmp_path)
    missed = unrecognised(known, Matcher(shipped))
    assert Known(**gap) in missed
    row = next(row for row in coverage(shipped, known, missed) if row.library == "acme")
    assert row == ("acme", "token_expired", 0, 1, 0, 1)
