"""The next causes come with a test that tells them from the first."""

from itertools import permutations

from logclass.causes.separating import separating
from logclass.model import Finding
from logclass.vocabulary import Cause, Grade


def finding(cause, probability):
    return Finding(cause, probability, Grade.LIKELY, "")


def test_every_pair_of_key_causes_has_a_test_that_names_both():
    near = [
        Cause.ROTATION_WITHOUT_OVERLAP,
        Cause.PARTIAL_ROLLOUT,
        Cause.SECRET_CHANGED_BY_DEPLOY,
        Cause.KEY_FORMAT_CHANGED,
    ]
    for one, other in permutations(near, 2):
        found = (finding(one, 0.7), finding(other, 0.2))
        (test,) = separating(found, "auth", "auth-1")
        assert test["against"] == other
        assert one.value.replace("_", " ") in test["test"]
        assert other.value.replace("_", " ") in test["test"]


def test_a_cause_without_a_pair_is_told_by_its_own_sign():
    found = (finding(Cause.HEADER_STRIPPED, 0.6), finding(Cause.CLAIM_CONTRACT_DRIFT, 0.3))
    (test,) = separating(found, "auth", "auth-1")
    assert "gateway" in test["test"]
    assert "claim contract drift" in test["test"]


def test_what_hardly_competes_needs_no_test():
    found = (finding(Cause.CLOCK_SKEW, 0.97), finding(Cause.REFRESH_FAILURE, 0.01))
    assert separating(found, "auth", "auth-1") == ()
