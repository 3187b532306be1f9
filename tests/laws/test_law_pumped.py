"""However often a piece of a text is repeated, the text is read in time.

Whoever sends a request may write what is logged. What is tried: the beginnings of what the rules
know, each followed by thousands of one piece of itself. An expression that tries the repetitions in
all ways never ends on some of these; the alarm ends it.
"""

import ast
import re
import signal
from pathlib import Path

import pytest

from logclass import residue
from logclass.formats.stamps import WRITTEN
from logclass.normalise import normalise
from logclass.values import Finder

HERE = Path(__file__).parents[1]
CHARACTERS = 4_000
PATIENCE_SECONDS = 10  # for one text, on a machine that does other things too
CUTS = 3  # beginnings of each text
FINDER = Finder(WRITTEN.decode("latin-1"))


def strings(name):
    """Return the texts that a test of ours speaks of."""
    nodes = ast.walk(ast.parse((HERE / name).read_text(encoding="utf-8")))
    held = (node.value for node in nodes if isinstance(node, ast.Constant))
    return [text for text in held if isinstance(text, str) and len(text) > 12]


def pumped(text):
    words = re.findall(r"\w+|\W", text)
    ends = {len(text), *(text.find(one) + len(one) for one in words[:: len(words) // CUTS or 1])}
    for end in sorted(ends):
        head = text[:end]
        for piece in dict.fromkeys([head[-1:], head[-6:], "a", ", a", "("]):
            yield head + piece * (CHARACTERS // len(piece))


def in_time(read, texts):
    def give_up(_signal, _frame):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    try:
        for text in texts:
            for one in pumped(text):
                signal.alarm(PATIENCE_SECONDS)
                try:
                    read(one)
                except TimeoutError:
                    pytest.fail(f"{one[:100]!r} ... {one[-10:]!r} takes too long")
                finally:
                    signal.alarm(0)
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("read", [normalise, FINDER.skeleton, residue.gap])
@pytest.mark.parametrize(
    "name",
    [
        "test_sourcecode.py",
        "test_frames.py",
        "test_queries.py",
        "test_values.py",
        "test_foreign.py",
        "test_residue.py",
    ],
)
def test_what_is_read_of_every_text_ends(read, name):
    in_time(read, strings(name))
