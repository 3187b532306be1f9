"""Old keys are told from new ones by when tokens were issued, though issuers are slow to turn."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from logclass.evidence.ledger import key_age
from logclass.model import Interval

ROTATED_MS = 1_935_817_680_000


def failing(minutes, issued_minutes):
    """Requests that fail so many minutes after the rotation, and when their tokens were issued."""
    frame = pd.DataFrame(
        {
            "time_ms": ROTATED_MS + np.array(minutes) * 60_000.0,
            "minute": ROTATED_MS // 60_000 + np.array(minutes),
            "iat_seconds": ROTATED_MS / 1000 + np.array(issued_minutes) * 60.0,
            "reason": "signature_invalid",
            "kid": "",
            "count": 1,
        }
    )
    onset = Interval(ROTATED_MS, ROTATED_MS, ROTATED_MS)
    return SimpleNamespace(
        rows=frame,
        before=frame.iloc[:0],
        accepted=frame.iloc[:0],
        episode=SimpleNamespace(onset=onset, onset_censored=False),
    )


@pytest.mark.parametrize(
    ("minutes", "issued_minutes", "new"),
    [
        (range(20), [min(m, 2) - 1 for m in range(20)], 0),  # the issuer turned after a minute
        (range(20), [m - 1 for m in range(20)], 19),  # every token fails, however new
        ([0, 1, 2], [-1, 0, 1], 2),  # over too soon to tell
        (range(20), [-30] * 20, 0),
    ],
)
def test_tokens_of_a_slow_issuer_are_old(minutes, issued_minutes, new):
    age = key_age(failing(list(minutes), list(issued_minutes)), ROTATED_MS)
    assert (age.by, age.new) == ("iat", new)
