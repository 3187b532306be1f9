"""The runbook: complete for every cause, with its own names, and never a check turned off."""

import re

import pytest

from logclass.evidence.phrases import of_what
from logclass.runbook import STEPS, Names, steps
from logclass.vocabulary import Cause


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_every_step(cause):
    found = steps(cause)
    assert tuple(found) == STEPS
    assert all(found[step] for step in STEPS)
    assert "{" not in str(found).replace("{'", "").replace("'}", "")


@pytest.mark.parametrize("cause", list(Cause))
def test_no_check_is_ever_turned_off(cause):
    text = " ".join(line for lines in steps(cause).values() for line in lines).lower()
    assert not re.search(r"\b(disable|skip|turn off|switch off|ignore)\b", text)


def test_names_are_filled_in():
    who = Names(service="auth {x}", instances="i-1", change="the deploy 7", can_roll_back=True)
    found = steps(Cause.PARTIAL_ROLLOUT, who)
    assert found["stop"][0].startswith("Roll back the deploy 7")
    assert "auth {x}" in " ".join(found["stop"])


@pytest.mark.parametrize(
    ("target", "description", "said"),
    [
        ("auth", "issuer url normalised", "config of auth"),
        ("", "issuer url\n normalised", 'config "issuer url normalised"'),
        ("", "why " * 40, 'config "why why'),
        ("", "", "config"),
    ],
)
def test_a_change_is_called_what_its_record_says(target, description, said):
    """A commit names no service, and its hash tells nobody what it was."""
    called = f"config{of_what(target, description)}"
    assert called.startswith(said)
    assert len(called) < 80


def test_rotation_is_never_rolled_back():
    who = Names(change="the rotation 7", can_roll_back=False)
    found = steps(Cause.ROTATION_WITHOUT_OVERLAP, who)
    assert not any(line.startswith("Roll back") for line in found["stop"])
