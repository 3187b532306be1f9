"""A key called too short."""

from dataclasses import replace

import fleet
from test_diagnose import diagnose

from logclass.vocabulary import Cause, Grade

SMALL = {"minutes": 90, "rate": 60.0, "instances": 4}


def test_a_key_called_too_short_is_not_confirmed_as_one_in_another_form():
    found = fleet.run(fleet.key_format_changed(605, **SMALL))
    rows = found.counted.rejections.assign(pattern="jjwt.key-weak")
    (incident,) = diagnose(replace(found, counted=replace(found.counted, rejections=rows)))
    assert incident.findings[0].grade is not Grade.CONFIRMED
    assert {f.cause for f in incident.findings[:2]} >= {Cause.LIBRARY_UPGRADE}


def test_a_key_called_too_short_by_all_is_as_well_of_a_stricter_library():
    """Whichever it is, all instances refuse all tokens, and go on to: that tells nothing."""
    found = fleet.run(fleet.key_format_changed(605, **SMALL))
    rows = found.counted.rejections.assign(pattern="pyjwt.key-too-short")
    changes = [c for c in found.changes if c.id.startswith("decoy")]
    counted = replace(found.counted, rejections=rows)
    (incident,) = diagnose(replace(found, counted=counted), changes)
    by_cause = {f.cause: f.probability for f in incident.findings}
    assert by_cause[Cause.LIBRARY_UPGRADE] > 0.5 * by_cause[Cause.KEY_FORMAT_CHANGED]
    assert incident.findings[0].grade in {Grade.POSSIBLE, Grade.UNKNOWN}
