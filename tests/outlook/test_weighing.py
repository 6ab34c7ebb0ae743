"""Which model is believed: the one that has foretold the meetings of the programme better."""

from dataclasses import replace

import numpy as np
import pytest

from paraph.outlook.calibration import BEGUN, MODEL, generated, known
from paraph.outlook.finish import by_hazards, forecast
from paraph.outlook.learning import CROWDS, learn
from paraph.outlook.past import Event, Past
from paraph.outlook.weighing import after, better, moved, share


def made(steps: dict[str, float], of: int, until: float) -> Past:
    """Items of one stage, of which these are settled on these days."""
    events = [Event(0, f"m{i:02}", "enters") for i in range(of)]
    events += [Event(day, name, "step") for name, day in steps.items()]
    return Past("made", 1, 0, until, tuple(sorted(events)))


ONE = replace(MODEL, rates=MODEL.rates[:1])


def test_before_anything_was_settled_the_share_is_that_of_other_programmes() -> None:
    assert share(made({}, 10, 900), replace(ONE, hazards=0.7)) == pytest.approx(0.7)


def test_who_asks_one_model_alone_gets_it_whatever_was_seen() -> None:
    past = made({"m01": 100, "m02": 101, "m03": 400}, 30, 500)

    assert [share(past, replace(ONE, hazards=alone)) for alone in (0.0, 1.0)] == [0, 1]


def test_a_share_and_its_evidence_make_the_share_after_it() -> None:
    assert after(0.75, 0.0) == 0.75
    assert after(0.5, float(np.log(3))) == pytest.approx(0.75)
    assert after(0.75, -float(np.log(9))) == pytest.approx(0.25)
    assert (after(1.0, -1000.0), after(0.0, 1000.0), round(after(0.5, -1000.0), 9)) == (1, 0, 0)


def test_a_model_that_foretold_badly_keeps_half_of_its_share() -> None:
    assert moved(0.75, -30.0) == pytest.approx(0.375)
    assert moved(0.75, 30.0) == pytest.approx(0.875)
    assert (moved(0.0, 30.0), moved(1.0, -30.0)) == (0, 1)


def test_two_meetings_are_as_likely_as_in_drawn_programmes() -> None:
    """Two steps after 60 days, one after 20 more, of ten items, beside a million draws of both models."""
    past = made({"m01": 60, "m02": 60, "m03": 80}, 10, 80)
    rng = np.random.default_rng(1)
    pace = rng.gamma(ONE.spread, size=1_000_000) / ONE.spread
    burn = ONE.burn * rng.gamma(ONE.burn_spread, size=1_000_000) / ONE.burn_spread
    crowd = rng.choice(CROWDS, size=1_000_000)

    def likely(mean: np.ndarray, steps: int) -> np.ndarray:
        share = mean * ONE.shock / (1 + mean * ONE.shock)
        none = (1 - share) ** (1 / ONE.shock)
        return none * share**steps / (1 - none)

    # an item that is settled was open for half of the days, on average
    first = pace * ONE.rates[0] * 9 * 60
    second = pace * ONE.rates[0] * 7.5 * 20 * (10 / 8) ** crowd
    hazards = (likely(first, 2) * likely(second, 1)).mean()
    burned = (likely(burn, 2) * likely(burn, 1)).mean()

    assert better(past, replace(ONE, half=1e9)) == pytest.approx(np.log(hazards / burned), abs=0.02)


def test_the_model_that_made_a_programme_is_believed_as_often_as_it_is_right() -> None:
    programmes = 200
    truth = by_hazards(MODEL.hazards, programmes, 3)
    days = BEGUN + np.linspace(0, 1500, programmes)

    found = np.array([
        after(MODEL.hazards, better(known(steps, float(day)), MODEL))
        for steps, day in zip(generated(MODEL, programmes, 3), days, strict=True)
    ])  # fmt: skip

    assert abs((found - truth).sum()) < 3 * (found * (1 - found)).sum() ** 0.5
    assert ((found - truth) ** 2).mean() < 0.22  # 0.25 for who always says a half
    for low, high in ((0.0, 0.4), (0.6, 1.0)):
        here = (found >= low) & (found <= high)
        assert here.sum() > 20
        spread = (found[here] * (1 - found[here])).sum() ** 0.5
        assert abs((found[here] - truth[here]).sum()) < 3 * spread


def test_as_many_futures_come_from_the_hazards_as_they_are_believed() -> None:
    """Two steps at each meeting, however long it is until the next: the burn-down has foretold that."""
    gaps = (200, 5, 150, 8, 120, 4, 90, 6, 180, 5)
    days = np.cumsum(gaps)
    past = made({f"m{i:02}": float(days[i // 2]) for i in range(20)}, 40, float(days[-1]))

    found = forecast(past, ONE, 2000, 1)

    assert found.first.mean() == pytest.approx(share(past, ONE), abs=0.03)
    assert 0.25 < found.first.mean() < 0.3  # half-way from one half: neither is the truth


@pytest.mark.parametrize(("unlike", "least", "most"), [(False, 12, 60), (True, 3, 5)])
def test_how_alike_items_are_is_learned(unlike: bool, least: float, most: float) -> None:
    """Five items that go back and forth: all as fast, or one twenty times as fast as the others."""
    events = []
    for i in range(5):
        stay = 10.0 if unlike and i == 0 else 200.0
        events.append(Event(0, f"m{i}", "enters"))
        for visit in range(int(6000 / stay)):
            day = stay * (visit + 1) - 1 + i / 10
            events += [Event(day, f"m{i}", "step"), Event(day + 0.05, f"m{i}", "returned")]

    found = learn([Past("made", 1, 0, 6001, tuple(events))])

    assert least <= found.hardness <= most
