"""Whether forecasts of generated programmes are as often right as they say; the campaign is a command."""

from dataclasses import replace

import numpy as np
import pytest

from paraph.cli import main
from paraph.outlook.calibration import (
    BEGUN,
    MODEL,
    TENTHS_99,
    Calibration,
    calibrate,
    coverage,
    generated,
    known,
    with_what_is_left,
)
from paraph.outlook.scores import uniform


@pytest.mark.parametrize("latest", [0.0, 1500.0])
@pytest.mark.parametrize("hazards", [0.0, 1.0])
def test_what_comes_is_uniform_among_the_futures_of_each_model_alone(hazards: float, latest: float) -> None:
    found = calibrate(replace(MODEL, hazards=hazards), 100, 100, 3, latest)

    assert len(found.all) > 90
    assert uniform(found.all, 10) < TENTHS_99
    assert 0.72 < coverage(found.all) < 0.88
    assert 0.72 < coverage(found.each) < 0.88


def test_a_forecast_at_a_fifth_of_the_pace_is_found_out() -> None:
    true, slow = MODEL.rates, tuple(rate / 5 for rate in MODEL.rates)
    fast = replace(MODEL, hazards=1.0, spread=6.0, rates=true)

    honest = calibrate(fast, 30, 100, 3, latest=0.0)
    steps = list(generated(fast, 30, 3))
    wrong = [coverage_of(replace(fast, rates=slow), one, seed) for seed, one in enumerate(steps)]

    assert coverage(honest.each) > 0.7
    assert np.mean(wrong) < 0.6


def coverage_of(learned: object, steps: np.ndarray, seed: int) -> float:
    from paraph.outlook.finish import forecast

    found = forecast(known(steps, BEGUN), learned, 100, 99 + seed)  # type: ignore[arg-type]
    places = [(found.of[f"m{i:02}"] < steps[-1, i]).mean() for i in range(33)]
    return float(np.mean([0.1 <= place <= 0.9 for place in places]))


def test_who_reads_what_is_left_forecasts_better_and_as_honestly() -> None:
    read, unread = with_what_is_left(MODEL, 40, 100, 1)

    assert len(read.places) == len(unread.places) > 500
    assert read.crps < unread.crps
    assert 0.7 < coverage(read.places) < 0.9


def test_a_step_is_known_from_its_day_on_and_in_order() -> None:
    steps = next(generated(MODEL, 1, 5))
    day = float(np.sort(steps[np.isfinite(steps)])[10])

    past = known(steps, day)

    assert sum(1 for event in past.events if event.what == "step") == int((steps <= day).sum()) >= 11
    assert (steps[0] <= steps[1]).all()
    assert max(event.day for event in past.events) == day


def test_the_command_says_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outlook", "calibrate", "--programmes", "4", "--futures", "50"]) == 0

    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("all: ")
    assert "of 4 within 80 %" in told[0]
    assert told[1].startswith("single road maps: ")


def test_counts_and_coverage_are_those_of_the_places() -> None:
    places = (0.05, 0.5, 0.5, 0.95)

    lines = list(Calibration(places, places).lines())

    assert lines[0].startswith("all: 0.500 of 4 within 80 %")
    assert "[1, 0, 0, 0, 0, 2, 0, 0, 0, 1]" in lines[0]
