"""What the pattern commands show."""

import regex

from logclass.patternfile import read_file
from logclass.patternlist import coverage, reason_codes, stub
from logclass.patternset import load

LINE = "authd: pass 'k-7' refused after 12 seconds, reason=stale-badge"


def test_a_stub_is_a_pattern_file_that_matches_its_line(tmp_path):
    path = tmp_path / "acme.toml"
    head = 'library = "acme"\ntitle = "Acme"\ntier = "library"\n\n'
    path.write_text(head + stub(LINE).replace("LIBRARY", "acme"), encoding="utf-8")
    _, (pattern,) = read_file(path)
    assert pattern.examples[0].text == LINE
    assert regex.search(pattern.regex, LINE)
    assert regex.search(pattern.regex, LINE.replace("k-7", "other").replace("12", "7"))
    assert all(literal.lower() in LINE for literal in pattern.literals)


def test_every_library_is_covered_and_listed():
    shipped = load()
    rows = {row.library.name: row for row in coverage(shipped)}
    assert rows["jsonwebtoken"].recorded > 0
    assert sum(row.patterns for row in rows.values()) == len(shipped.patterns)
    text = reason_codes(shipped)
    assert "## audience_mismatch" in text
    assert "jwt audience invalid" in text
