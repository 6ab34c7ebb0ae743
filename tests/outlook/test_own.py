"""Whether what a record leaves open about its programme is as wide as it says, where the model is true."""

from dataclasses import replace

import numpy as np
import pytest

from paraph.outlook.calibration import BEGUN, ITEMS, MODEL, TENTHS_99, coverage, generated, known
from paraph.outlook.finish import forecast
from paraph.outlook.learning import CROWDS
from paraph.outlook.own import own
from paraph.outlook.past import LONG, Event, Past
from paraph.outlook.scores import uniform

NAMES = [f"m{i:02}" for i in range(ITEMS)]
PROGRAMMES = 100


def test_what_nobody_saw_is_found_again_as_often_as_it_says() -> None:
    """Pace, gap, freezes and crowding lie anywhere among what is drawn from the record that they made."""
    alone = replace(MODEL, hazards=1.0)
    new = known(np.full((2, ITEMS), np.inf), BEGUN)
    truth = own(new, alone, NAMES, np.full(PROGRAMMES, True), 7)
    ties = np.random.default_rng(1)
    places: dict[str, list[float]] = {"pace": [], "gap": [], "freeze": [], "crowd": []}

    for number, steps in enumerate(generated(alone, PROGRAMMES, 7)):
        found = own(known(steps, BEGUN + 15.0 * number), alone, NAMES, np.full(100, True), 8 + number)
        for name in places:
            drawn, true = (getattr(one, name) for one in (found, truth))
            if drawn.ndim == 2:
                drawn, true = drawn[0], true[0]
            same = (drawn == true[number]).mean()
            places[name].append(float((drawn < true[number]).mean() + ties.uniform() * same))

    for one in places.values():
        assert uniform(one, 10) < TENTHS_99
        assert 0.7 < coverage(tuple(one)) < 0.9


def test_what_differs_between_machines_in_the_last_digits_moves_no_date() -> None:
    past = known(next(generated(MODEL, 1, 5)), BEGUN + 900)
    off = replace(MODEL, rates=tuple(rate * (1 + 1e-13) for rate in MODEL.rates), gap=MODEL.gap * (1 - 1e-13))

    one, other = (forecast(past, learned, 2000, 1) for learned in (MODEL, off))

    assert np.abs(np.sort(one.done) - np.sort(other.done)).max() < 1


def made(steps: list[float], until: float, of: int = 30) -> Past:
    """Items of one stage, of which one is settled on each of these days."""
    names = [f"m{i:02}" for i in range(of)]
    events = [Event(0, name, "enters") for name in names]
    events += [Event(day, name, "step") for day, name in zip(steps, names, strict=False)]
    return Past("made", 1, 0, until, tuple(sorted(events)))


ONE = replace(MODEL, rates=MODEL.rates[:1], hazards=1.0)


@pytest.mark.parametrize("hazards", [True, False])
def test_a_long_gap_is_a_freeze_in_a_fast_programme_and_may_be_none_in_a_slow_one(hazards: bool) -> None:
    fast = made([30.0 * i for i in range(1, 20)], 570 + 2 * LONG)
    slow = made([300.0, 700.0], 700 + 2 * LONG)

    quick, tardy = (own(one, ONE, sorted(one.standings), np.full(600, hazards), 1) for one in (fast, slow))

    assert quick.frozen.mean() > 0.8
    assert 0.02 < tardy.frozen.mean() < 0.5


def test_the_days_since_the_last_meeting_count_towards_the_next() -> None:
    past = made([60.0 * i for i in range(1, 11)], 650)

    waited = own(past, ONE, sorted(past.standings), np.full(600, True), 1).waited

    assert (waited <= 50).all()
    assert (waited == 50).mean() > 0.3  # no meeting came between that nobody saw


def test_work_that_turns_to_what_is_left_is_seen() -> None:
    """Thirty items, each time as long until the next is settled: none goes its own way."""
    steady = made([40.0 * i for i in range(1, 29)], 1130)
    fading = made([float(round(900 * np.log(30 / (30 - i)))) for i in range(1, 27)], 1900)

    crowds = [
        own(one, replace(ONE, half=1e6), sorted(one.standings), np.full(600, True), 1).crowd
        for one in (steady, fading)
    ]

    assert (crowds[0] == CROWDS[-1]).mean() > 0.6
    assert (crowds[1] == CROWDS[0]).mean() > 0.4
