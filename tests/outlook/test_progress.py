"""Brackets, options and reserves that are left in a road map move its forecast where the record says so."""

from dataclasses import replace

import numpy as np
import pytest

from paraph.outlook import progress
from paraph.outlook.calibration import MODEL
from paraph.outlook.finish import forecast
from paraph.outlook.past import Event, Past

ALONE = replace(MODEL, hazards=1.0)


def made(settled: int, left: dict[int, list[tuple[float, int]]], of: int = 12) -> Past:
    """Road maps in co-ordination, of which the first ones are agreed, one every two months."""
    names = [f"m{i:02}" for i in range(of)]
    events = [Event(0, name, "enters", 1) for name in names]
    events += [Event(60.0 * (i + 1), name, "step") for i, name in enumerate(names[:settled])]
    told = {names[i]: tuple(counts) for i, counts in left.items()}
    return Past("made", 2, 0, 60.0 * settled + 1, tuple(sorted(events)), {}, told)


def falling(of: int = 12) -> dict[int, list[tuple[float, int]]]:
    """Road maps of which each has more left than those before."""
    return {i: [(1.0, i * i)] for i in range(of)}


def test_a_record_in_which_those_with_least_left_were_settled_tells_a_slope() -> None:
    told = progress.learned(made(8, falling()))
    contrary = progress.learned(made(8, {i: [(1.0, (12 - i) ** 2)] for i in range(12)}))

    assert told.slope > 0.5
    assert contrary.slope < -0.5


@pytest.mark.parametrize("left", [{}, {11: [(1.0, 30)]}, {i: [(1.0, 7)] for i in range(12)}])
def test_where_nothing_can_be_compared_nothing_moves(left: dict[int, list[tuple[float, int]]]) -> None:
    plain, told = (forecast(made(4, one), ALONE, 300, 1) for one in ({}, left))

    assert progress.learned(made(4, left)).slope == pytest.approx(0, abs=1e-9)
    assert told.done.tobytes() == plain.done.tobytes()


def test_one_comparison_moves_little() -> None:
    assert 0 < progress.learned(made(1, {0: [(1.0, 0)], 1: [(1.0, 9)]})).slope < 0.25


def test_a_road_map_with_more_left_is_settled_later_and_is_later_still_when_it_gets_worse() -> None:
    worse = {**falling(), 11: [(1.0, 121), (470.0, 1000)]}

    before, after = (forecast(made(8, one), ALONE, 2000, 1) for one in (falling(), worse))

    assert np.median(before.of["m11"]) > np.median(before.of["m08"])
    assert np.median(after.of["m11"]) > np.median(before.of["m11"]) + 30


def test_what_is_counted_later_or_on_the_day_itself_is_not_known_before() -> None:
    past = made(4, {5: [(10.0, 8), (70.0, 3)]})

    assert [past.left_before("m05", day) for day in (10.0, 10.5, 70.0, 71.0)] == [None, 8, 8, 3]
    assert past.left_before("m06", 100.0) is None
    assert past.upto(69.0).left["m05"] == ((10.0, 8),)
