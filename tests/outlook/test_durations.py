"""How long something may take: what is drawn has the distribution that was asked for."""

import math

import numpy as np
import pytest

from paraph.outlook.draws import drawn, task_key, uniforms, words
from paraph.outlook.durations import (
    Duration,
    exponential,
    fixed,
    lognormal,
    observed,
    three_points,
    weibull,
)
from paraph.outlook.errors import OutlookRefused

FUTURES = np.arange(400_000, dtype=np.uint32)


@pytest.mark.parametrize(
    ("duration", "mean"),
    [
        (exponential(30), 30),
        (lognormal(20, 1.0), 20 * math.exp(0.5)),
        (weibull(10, 2), 10 * math.gamma(1.5)),
        (three_points(2, 3, 10), 5),
        (observed([4, 4, 10]), 6),
    ],
)
def test_the_cells_keep_the_mean(duration: Duration, mean: float) -> None:
    assert duration.mean == pytest.approx(mean, rel=3e-4 if mean != 6 else 0.08)


@pytest.mark.parametrize("share", [0.001, 0.05, 0.5, 0.8, 0.95, 0.999, 0.9999])
def test_quantiles_hold_far_into_the_tail(share: float) -> None:
    duration = exponential(1)

    assert duration.at(share) == pytest.approx(-math.log1p(-share), rel=2e-3, abs=2e-4)


def test_what_is_drawn_has_that_distribution() -> None:
    days = drawn(exponential(10).edges, words(task_key(1, "gas"), 0, FUTURES)).astype(float)

    assert days.mean() == pytest.approx(10, abs=3 * 10 / math.sqrt(len(days)))
    assert (days > 20).mean() == pytest.approx(math.exp(-2), abs=0.0016)


def test_a_fixed_number_of_days_is_drawn_exactly() -> None:
    assert set(drawn(fixed(17).edges, words(3, 0, FUTURES[:1000])).tolist()) == {17.0}


def test_random_numbers_are_uniform_and_those_of_two_tasks_or_visits_are_unrelated() -> None:
    one, other = (uniforms(task_key(1, name), 0, FUTURES) for name in ("gas", "oil"))
    again = uniforms(task_key(1, "gas"), 1, FUTURES)
    counts = np.bincount((one * 100).astype(int), minlength=100)

    assert ((counts - 4000) ** 2 / 4000).sum() < 160  # 99 degrees of freedom: 1 in 10,000
    for second in (other, again, np.roll(one, 1)):
        assert abs(np.corrcoef(one, second)[0, 1]) < 4 / math.sqrt(len(FUTURES))


def test_the_number_of_a_task_does_not_depend_on_what_else_is_drawn() -> None:
    assert (words(5, 2, FUTURES[70:80]) == words(5, 2, FUTURES)[70:80]).all()


def test_estimates_in_no_order_and_negative_days_are_refused() -> None:
    with pytest.raises(OutlookRefused, match="rising order"):
        three_points(5, 3, 9)
    with pytest.raises(OutlookRefused, match="negative"):
        observed([3, -1])
    with pytest.raises(OutlookRefused, match="between 0 and"):
        fixed(-1)
