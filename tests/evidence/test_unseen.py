"""What a gateway logged while no log of its services is there."""

from __future__ import annotations

from dataclasses import replace

import fleet
import pandas as pd
import pytest

from logclass import episodes


def exported_late(found, minutes_late, *, lines_a_minute):
    """A gateway's requests from the start on; the service's own lines from then on only."""
    c = found.counted
    start = fleet.START // 60
    rows = [
        {"source": source, "service": service, "instance": "", "minute": start + m}
        | {"status_class": status, "events": count}
        for m in range(240)
        for source, service, status, count in (
            ("access.log", "gateway", 2, 60),
            ("auth.log", "auth", 0, lines_a_minute if m >= minutes_late else 0),
        )
        if count
    ]
    late = c.rejections[c.rejections["minute"] >= start + minutes_late].reset_index(drop=True)
    return replace(c, rejections=late, tally=pd.DataFrame(rows))


@pytest.mark.parametrize(("lines_a_minute", "is_found"), [(8, False), (1, True)])
def test_ordinary_refusals_do_not_begin_where_their_log_does(lines_a_minute, is_found):
    """Two lines a rejection and more: the log was not there. Hardly others: it had none to tell."""
    world = fleet.quiet(
        604, minutes=240, rate=60.0, fields=frozenset({"client"}), logs="rejections"
    )
    world.expired_noise = 2.0
    counted = exported_late(fleet.run(world), 40, lines_a_minute=lines_a_minute)
    assert bool(episodes.find(counted)) is is_found
