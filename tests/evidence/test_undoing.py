"""Rollbacks: what they ended, and what they brought back."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from logclass.evidence.undoing import Rollbacks
from logclass.model import ChangeEvent, Interval
from logclass.vocabulary import ChangeKind

MINUTE = 60_000
EPISODE = SimpleNamespace(onset=Interval(*[100 * MINUTE] * 3), recovery=None)
DEPLOY = ChangeEvent("d", 40 * MINUTE, ChangeKind.DEPLOY, "token-service", "changes.csv")
BACK = replace(DEPLOY, id="r", time_ms=90 * MINUTE, kind=ChangeKind.ROLLBACK)
ROTATION = replace(DEPLOY, id="k", time_ms=60 * MINUTE, kind=ChangeKind.ROTATION)


def said(*changes, start=0):
    return Rollbacks(EPISODE, changes, start * MINUTE).undo(BACK)


def test_a_rollback_brought_back_what_ran_well():
    term, text = said(DEPLOY, BACK)
    assert term < -2
    assert "It brought back what ran until 00:40 UTC" in text


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ((BACK,), 0),  # of what, nobody knows
        ((replace(DEPLOY, target="mailer"), BACK), 0),
        ((DEPLOY, BACK), 39),  # the logs do not show what ran before
        ((DEPLOY, ROTATION, BACK), 0),  # what verified then need not verify now
    ],
)
def test_what_a_rollback_brought_back_may_be_at_fault(changes, start):
    assert said(*changes, start=start) == (0.0, "")


@pytest.mark.parametrize(
    ("kind", "recovery", "is_against"),
    [
        (ChangeKind.DEPLOY, 160, True),  # what runs again takes all tokens at once
        (ChangeKind.ROTATION, 160, False),  # those signed meanwhile are refused until they end
        (ChangeKind.ROTATION, None, False),
        (ChangeKind.ROTATION, 240, True),
    ],
)
def test_tokens_go_on_failing_after_a_rotation_is_undone(kind, recovery, is_against):
    end = None if recovery is None else Interval(*[recovery * MINUTE] * 3)
    episode = SimpleNamespace(onset=EPISODE.onset, recovery=end)
    change = replace(DEPLOY, kind=kind, time_ms=99 * MINUTE)
    undone = replace(BACK, time_ms=120 * MINUTE)
    term, text = Rollbacks(episode, (change, undone), 0).undo(change)
    assert (term < 0) is is_against
    assert ("rejections went on" in text) is is_against


@pytest.mark.parametrize(
    ("again", "is_for"),
    [
        ({"time_ms": 158 * MINUTE}, True),  # the next release, and it was over
        ({"time_ms": 140 * MINUTE}, False),  # it went on for twenty minutes
        ({"time_ms": 170 * MINUTE}, False),  # it was over by then
        ({"time_ms": 158 * MINUTE, "target": "mailer"}, False),
        ({"time_ms": 158 * MINUTE, "kind": ChangeKind.ROTATION}, False),
    ],
)
def test_the_next_release_of_the_same_thing_may_mend_it_without_being_called_a_rollback(
    again, is_for
):
    episode = SimpleNamespace(onset=EPISODE.onset, recovery=Interval(*[160 * MINUTE] * 3))
    change = replace(DEPLOY, time_ms=99 * MINUTE)
    term, text = Rollbacks(episode, (change, replace(DEPLOY, id="n", **again)), 0).undo(change)
    assert (term > 0) is is_for
    assert ("the next change of" in text) is is_for
