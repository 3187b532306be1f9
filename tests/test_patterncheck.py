"""Each lint says what is wrong with a pattern, in words its author can act on."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from logclass.cli import logclass
from logclass.matcher import Matcher
from logclass.patterncheck import HEALTHY, check
from logclass.patternset import load, load_files
from logclass.residue import gap

GOOD = r"""
library = "acme"
title = "Acme tokens"
tier = "library"

[[pattern]]
id = "acme.wrong-audience"
reason = "audience_mismatch"
regex = '''acme audience (?P<actual>[^"'\\\n ]+) not wanted'''
literals = ["acme audience"]
claim = "aud"
[[pattern.example]]
text = "acme audience web not wanted"
origin = "recorded"
captures = { actual = ["web"] }
[[pattern.example]]
text = "E1 acme audience api not wanted"
origin = "recorded"
[[pattern.counterexample]]
text = "acme audience is fine"

[[pattern]]
id = "acme.too-late"
reason = "token_expired"
regex = 'acme token too late'
literals = ["acme token too late"]
[[pattern.example]]
text = "acme token too late"
origin = "recorded"
[[pattern.example]]
text = "error: acme token too late!"
origin = "public issue"
[[pattern.counterexample]]
text = "acme token late"
"""


def problems(tmp_path, text):
    path = tmp_path / "acme.toml"
    path.write_text(text, encoding="utf-8")
    return [problem.message for problem in check(load_files([path]))]


def test_a_good_file_has_no_problems(tmp_path):
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('id = "acme.too-late"', 'id = "acme.Too_Late"', "id must be acme.kebab-name"),
        ('origin = "public issue"', 'origin = "heard of"', "origin 'heard of'"),
        ("(?P<actual>", "(?P<found>", "group name 'found'"),
        ("(?P<actual>", "(", "group without a name"),
        ("'acme token too late'", "'acme token too la(te'", "regex: "),
        ("'acme token too late'", "'(?:acme token too late)?'", "matches the empty text"),
        ('actual = ["web"]', 'actual = ["api"]', "instead of ('api',)"),
        ('literals = ["acme audience"]', 'literals = ["acme audiences"]', "no literal or expr"),
        ('literals = ["acme audience"]', "literals = ['acme \"aud']", "letters, digits, space"),
        ('literals = ["acme audience"]', 'literals = ["aud"]', "at least 4"),
        ('literals = ["acme audience"]', 'literals = ["token"]', "common in healthy logs"),
        ('literals = ["acme audience"]\n', "", "needs literals or expressions"),
        ('literals = ["acme audience"]', "expressions = ['(acme) aud']", "no groups"),
        ('literals = ["acme audience"]', "expressions = ['(?=acme) aud']", "no groups"),
        ('literals = ["acme audience"]', "expressions = ['[0-9]+ ms|token']", "healthy line"),
        ('text = "acme token late"', 'text = "acme token too late"', "matches its counterexample"),
        ("'acme token too late'", "'too late'\nover = ['acme.nobody']", "no pattern 'acme.nobody'"),
        (
            "'acme token too late'\nliterals = [",
            "'acme (?:token too|audience)'\nliterals = ['acme audience', ",
            "acme.too-late matches its example",
        ),
        ("[^\"'\\\\\\n ]+) not wanted", "[a-z]+).{0,20}$", "as a line with a stack"),
    ],
)
def test_a_mistake_is_found(tmp_path, before, after, said):
    assert before in GOOD
    found = problems(tmp_path, GOOD.replace(before, after, 1))
    assert any(said in message for message in found), found


def test_too_few_examples_are_found(tmp_path):
    cut = GOOD.index("[[pattern.example]]", GOOD.index("acme.too-late"))
    found = problems(tmp_path, GOOD[:cut])
    assert "needs at least two examples" in found
    assert "needs at least one counterexample" in found


def test_precedence_that_goes_in_a_circle_is_found(tmp_path):
    text = GOOD.replace('claim = "aud"', 'over = ["acme.too-late"]').replace(
        "regex = 'acme token", "over = ['acme.wrong-audience']\nregex = 'acme token"
    )
    assert any("circle" in message for message in problems(tmp_path, text))


def test_a_regex_that_hostile_text_can_slow_down_is_found(tmp_path):
    text = GOOD.replace("'acme token too late'", "'acme token(?: too| late|[ a-z]+)+(?:late|$)!?'")
    slow = text.replace("(?:late|$)!?'", "(?:late)\\b(?!!!)'").replace("[ a-z]+", "[ a-z!]+")
    found = problems(tmp_path, slow.replace("(?:late)\\b(?!!!)'", "(?:late)(?![^#])'"))
    assert any("takes too long" in message for message in found), found


def test_talk_that_hostile_text_can_slow_down_is_found(tmp_path):
    talk = """
[[foreign]]
what = "rulers"
words = 'ruler(?: of| steel|[ a-z!]+)+(?:steel)(?![^#])'
examples = ["ruler of steel"]
"""
    found = problems(tmp_path, GOOD.replace("\n[[pattern]]", talk + "\n[[pattern]]", 1))
    assert any("'rulers': slow" in message for message in found), found


def test_one_file_is_checked_beside_the_shipped_ones(tmp_path):
    path = tmp_path / "acme.toml"
    ask = ["patterns", "check", str(path)]
    path.write_text(GOOD.replace("acme token too late'", "jwt malformed'"), encoding="utf-8")
    refused = CliRunner().invoke(logclass, ask)
    assert refused.exit_code == 2
    assert "acme.toml: acme.too-late: does not match its example" in refused.stderr
    path.write_text(GOOD.replace("token_expired", "expired"), encoding="utf-8")
    assert "unknown reason 'expired'" in CliRunner().invoke(logclass, ask).stderr


def test_the_pattern_that_the_documentation_writes_passes_and_reads_its_line(tmp_path):
    page = (Path(__file__).parents[1] / "docs" / "patterns.md").read_text(encoding="utf-8")
    line = page.split("\n    ", 1)[1].split("\n", 1)[0]
    mine = tmp_path / "mine"
    mine.mkdir()
    path = mine / "acme-gate.toml"
    path.write_text(page.split("```toml\n", 1)[1].split("```", 1)[0], encoding="utf-8")
    assert gap(line)  # the report lists it
    checked = CliRunner().invoke(logclass, ["patterns", "check", str(path)])
    assert (checked.exit_code, checked.stdout) == (0, "1 pattern, 0 problems\n")
    [match] = Matcher(load([mine])).match_all([line])
    assert match.pattern == "acme-gate.wrong-hall"
    assert match.captures == {"expected": ("south",), "actual": ("north",)}


def test_healthy_lines_are_no_candidates_of_any_shipped_pattern():
    assert Matcher(load()).match_all(HEALTHY) == [None] * len(HEALTHY)
