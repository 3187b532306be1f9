"""The line that says what would have prevented the incident rests on its own tokens."""

import fleet

from logclass import causes, episodes
from logclass.causes.material import _FORM

SMALL = {"minutes": 70, "rate": 25.0, "instances": 4}


def _incident(name, seed=601):
    found = fleet.run(getattr(fleet, name)(seed, **SMALL))
    return causes.diagnose(found.counted, episodes.find(found.counted), tuple(found.changes), ())


def test_a_rotation_names_the_overlap_that_was_missing():
    (incident,) = _incident("rotation_without_overlap")[:1]
    first = incident.runbook["prevent"][0]
    assert "overlap" in first or "token lifetime" in first


def test_other_causes_promise_nothing_that_the_log_does_not_hold():
    (incident,) = _incident("key_missing")[:1]
    assert "would have prevented" not in " ".join(incident.runbook["prevent"])


def test_words_about_the_form_of_a_key():
    assert _FORM.search("decode JWT_SECRET from base64")
    assert _FORM.search("store public key as PEM")
    assert not _FORM.search("rotated JWT secret, release 2.5.0")
