"""What the author of a pattern file sees: what loads, and what each mistake is called."""

from pathlib import Path

import pytest

from logclass.errors import PatternError
from logclass.patternset import load, load_files
from logclass.vocabulary import Outcome, Reason

FILE = """\
library = "acme"
title = "Acme tokens"
tier = "library"

[[pattern]]
id = "acme.too-late"
reason = "token_expired"
regex = 'acme token too late'
literals = ["Acme Token too late"]

[[pattern.example]]
text = "acme token too late"
origin = "recorded"
captures = { seconds = ["4"] }

[[pattern.counterexample]]
text = '''
[[not a header]]
'''

[[pattern]]
id = "acme.keys-loaded"
outcome = "signal"
regex = 'acme keys loaded'
expressions = ['acme keys? loaded']
"""


SHARED = """\
library = "acme"
title = "Acme tokens"
tier = "library"

[fragments]
value = "[a-z]+"
key = "key %{value}"

[[pattern]]
id = "acme.unknown-key"
reason = "key_not_found"
regex = 'unknown %{key}!'
expressions = ['unknown %{key}']
"""


def test_fragments_stand_for_pieces_of_expressions(tmp_path):
    (tmp_path / "acme.toml").write_text(SHARED, encoding="utf-8")
    (unknown,) = load_files([tmp_path / "acme.toml"]).patterns
    assert unknown.regex == "unknown (?:key (?:[a-z]+))!"
    assert unknown.expressions == ("unknown (?:key (?:[a-z]+))",)


@pytest.mark.parametrize("broken", ["%{nobody}", "%{later}"])
def test_a_fragment_that_is_not_there_yet_is_named(tmp_path, broken):
    text = SHARED.replace("%{value}", broken) + "\n"
    (tmp_path / "acme.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PatternError, match="no fragment"):
        load_files([tmp_path / "acme.toml"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acme.toml").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_a_users_folder_is_added_to_the_shipped_patterns(folder):
    shipped, both = load(), load([folder])
    ids = [one.id for one in both.patterns]
    assert ids == sorted(ids)
    assert set(ids) - {one.id for one in shipped.patterns} == {"acme.too-late", "acme.keys-loaded"}
    assert "acme" in {one.name for one in both.libraries}


def test_what_a_file_says_is_what_is_loaded(folder):
    path = folder / "acme.toml"
    path.write_text(FILE.replace("[[pattern]]", "  [[ pattern ]]"), encoding="utf-8")
    signal, late = load_files([folder / "acme.toml"]).patterns
    assert (late.reason, late.outcome, late.tier) == (Reason.TOKEN_EXPIRED, "rejected", "library")
    assert late.examples[0].captures == {"seconds": ("4",)}
    assert late.counterexamples[0].text == "[[not a header]]\n"
    assert (signal.reason, signal.outcome) == (None, Outcome.SIGNAL)
    assert signal.examples == signal.counterexamples == ()


def test_literals_are_listed_once_sorted_and_without_case(folder):
    assert load_files([folder / "acme.toml"]).literals == ("acme token too late",)
    assert list(load().literals) == sorted(set(load().literals))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("token_expired", "token_expird", "did you mean 'token_expired'"),
        ("literals =", "litterals =", "did you mean 'literals'"),
        ('tier = "library"', 'tier = "libary"', "did you mean 'library'"),
        ('outcome = "signal"', 'outcome = "signals"', "did you mean 'signal'"),
        ('outcome = "signal"\n', "", "has a reason if and only if"),
        ("regex = 'acme token too late'\n", "", "regex is missing"),
        ('literals = ["Acme Token too late"]', "literals = 3", "list of text"),
        ('"acme.keys-loaded"', '"acme.too-late"', "used twice"),
        ("[[pattern]]", '[["pattern"]]', "on a line of its own"),
        ("'acme keys loaded'", "'acme keys loaded", "line 2"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_a_way_out(folder, before, after, said):
    path = folder / "acme.toml"
    path.write_text(FILE.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(PatternError, match=r"acme\.toml") as caught:
        load([folder])
    assert said in str(caught.value)


def test_a_mistake_in_an_example_is_named_when_examples_are_asked_for(folder):
    path = folder / "acme.toml"
    path.write_text(FILE.replace("seconds =", "second ="), encoding="utf-8")
    late = load_files([path]).patterns[1]
    with pytest.raises(PatternError, match="did you mean 'seconds'"):
        _ = late.examples


def test_a_library_is_defined_in_one_file_only(folder):
    (folder / "acme2.toml").write_text(FILE, encoding="utf-8")
    with pytest.raises(PatternError, match="'acme' is also in"):
        load([folder])


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(PatternError, match="no such folder"):
        load([tmp_path / "nowhere"])
