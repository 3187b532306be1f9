"""Which instances are named as failing, and when a departure is said to begin."""

import numpy as np
import pandas as pd

from logclass.evidence.failing import carriers, failing
from logclass.evidence.onset import Start, sharpened
from logclass.evidence.scan import Window


def _rows(minutes_of):
    pairs = [(name, m) for name, minutes in minutes_of.items() for m in minutes]
    frame = pd.DataFrame(pairs, columns=["instance", "minute"]).assign(count=1)
    return frame, frame["minute"].to_numpy()


def test_an_instance_with_few_failures_of_its_own_is_named_too():
    rows, minute = _rows({"a": [50] * 40, "b": [51] * 6, "c": [3, 30, 52, 80], "d": [60] * 2})
    assert failing(rows, minute, Window(50, 60, 0.0)) == ("a", "b")


def test_few_instances_carry_a_departure_or_none_does():
    few, minute = _rows({"a": range(50, 60), "b": [52], "c": [3]})
    chosen = carriers(few, minute, Window(50, 60, 0.0), alive=10)
    assert chosen is not None
    assert set(few.loc[chosen, "instance"]) == {"a"}
    all_of_them, minute = _rows({name: range(50, 60) for name in "abc"})
    assert carriers(all_of_them, minute, Window(50, 60, 0.0), alive=3) is None


def test_a_ramp_after_silence_begins_at_its_first_failures():
    stamps = np.array([300_000.0, 310_000, 316_000, 325_000, 330_000, 341_000, 350_000, 352_000])
    ramp = Start(low=1, middle=5, high=6, ramp=8.0, step=0.1)
    low, point, high = sharpened(ramp, 0, stamps, 0.01)
    assert point == 300_000
    assert 240_000 <= low < point <= high <= 360_000


def test_the_interval_reaches_back_to_failures_before_the_steep_part():
    early = [0.0, 20_000, 45_000, 70_000, 100_000]
    stamps = np.array([*early, *np.arange(120_000, 400_000, 1_000)])
    steep = Start(low=2, middle=2, high=3, ramp=0.0, step=0.95)
    low, point, high = sharpened(steep, 0, stamps, 0.02)
    assert low <= 0 == point
    assert low <= point <= high
