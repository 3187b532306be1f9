"""A host whose clock is ahead refuses no very old tokens where clients renew theirs early."""

import fleet
import pytest

from logclass import causes, episodes

AHEAD_SECONDS = 400.0


def offset_row(renewed_at, shown):
    """One host of four is ahead; clients renew tokens at this share of their 900 seconds."""
    world = fleet.clock_skew(614, minutes=90, rate=80.0, instances=4, fields=frozenset(shown))
    world.clock = lambda i, t: AHEAD_SECONDS if i == 1 and t >= world.onset else 0.0
    world.refresh = lambda t, r: renewed_at
    found = fleet.run(world)
    (incident,) = causes.diagnose(found.counted, episodes.find(found.counted), found.changes, ())
    (row,) = incident.clock_skew
    return row


@pytest.mark.parametrize("renewed_at", [0.98, 0.9, 0.75])
def test_the_offset_counts_the_time_that_tokens_are_renewed_early(renewed_at):
    row = offset_row(renewed_at, {"instance", "iat"})
    assert row["seconds"] == pytest.approx(AHEAD_SECONDS, abs=15.0)
    assert row["interval"][0] <= AHEAD_SECONDS <= row["interval"][1]
