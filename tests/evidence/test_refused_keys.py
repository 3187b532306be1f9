"""Where a key is refused the delta shows which keys the tokens named, or that nothing tells."""

import fleet
import pytest

from logclass import causes, episodes
from logclass.model import Contract
from logclass.vocabulary import DeltaState


def rows_of(shown, contracts=()):
    found = fleet.run(
        fleet.secret_changed_by_deploy(601, minutes=70, rate=25.0, instances=4, fields=shown)
    )
    (incident,) = causes.diagnose(
        found.counted, episodes.find(found.counted), found.changes, contracts
    )
    return incident.claim_delta, incident.episode.rejections


def test_a_refused_signature_without_a_key_id_says_that_none_was_logged():
    (row,), rejections = rows_of(frozenset({"instance"}))
    assert (row.claim, row.expected, row.actual) == ("kid", (), ())
    assert row.state == DeltaState.WITHHELD
    assert row.count == pytest.approx(rejections, rel=0.1)


def test_the_key_ids_that_tokens_named_are_shown():
    (row, *_), _ = rows_of(frozenset({"instance", "kid"}))
    assert row.claim == "kid"
    assert row.actual
    assert row.state == DeltaState.ACTUAL_ONLY


def test_a_key_id_that_the_contract_names_is_said_to_be_meant():
    (plain, *_), _ = rows_of(frozenset({"instance", "kid"}))
    (row, *_), _ = rows_of(frozenset({"instance", "kid"}), (Contract(kid=plain.actual),))
    assert "meant" in row.hint
    (row, *_), _ = rows_of(frozenset({"instance", "kid"}), (Contract(kid=("other",)),))
    assert (row.expected, row.state) == (("other",), DeltaState.MISMATCH)
