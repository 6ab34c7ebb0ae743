"""When everything is settled: what was known on a day, what follows, and how forecasts are scored."""

import csv
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from paraph.demo.facts import table
from paraph.outlook.backtest import public_forecasts, union_state
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import Change, forecast
from paraph.outlook.learning import UNSEEN, learn
from paraph.outlook.past import Event, Past, accessions
from paraph.outlook.scores import brier, counts, crps, crps_censored, pit


def day(year: int, month: int = 1, on: int = 1) -> float:
    return float(date(year, month, on).toordinal())


# ---------------------------------------------------------------- the past


@pytest.mark.parametrize(
    ("country", "when", "closed"),
    [
        ("Croatia", day(2007, 6, 26), 2), ("Croatia", day(2009, 12, 31), 17),
        ("Croatia", day(2010, 7, 28), 22), ("Croatia", day(2011, 6, 30), 35),
        ("Montenegro", day(2024, 12, 16), 6), ("Serbia", day(2021, 12, 31), 2),
        ("Turkey", day(2016, 6, 30), 1),
    ],
)  # fmt: skip
def test_closed_chapters_are_those_that_were_published(country: str, when: float, closed: int) -> None:
    assert accessions()[country].settled(when) == closed


def test_the_road_maps_of_the_union_state_burn_down_as_published() -> None:
    past = union_state(table("demo_events"))

    for row in table("burndown"):
        when = day(*map(int, row["as_of"].split("-")))
        assert abs(past.settled(when) - float(row["agreed"])) <= 0.5  # a half is agreed in substance
    assert past.finished == day(2021, 9, 9)


def test_of_an_earlier_day_nothing_later_is_known() -> None:
    croatia = accessions()["Croatia"]

    then = croatia.upto(day(2009))

    assert max(event.day for event in then.events) <= day(2009)
    assert croatia.finished == day(2011, 6, 30)
    assert then.finished is None


def test_a_stall_counts_as_a_freeze_and_not_as_work() -> None:
    turkey = accessions()["Turkey"]

    assert turkey.quiet > 3000
    assert turkey.worked(turkey.meetings[-1], turkey.as_of) == 120


# ---------------------------------------------------------------- what follows


def made(steps: int, of: int, spacing: float = 60.0, **after: tuple[str, ...]) -> Past:
    """Items that wait to be settled; one is settled every so many days."""
    names = [f"m{i}" for i in range(of)]
    events = [Event(0, name, "enters") for name in names]
    events += [Event(spacing * (i + 1), name, "step") for i, name in enumerate(names[:steps])]
    return Past("made", 1, 0, spacing * steps + 1, tuple(sorted(events)), after)


LEARNED = learn([made(20, 24), made(12, 16), made(15, 15)])


def test_what_is_settled_stays_and_all_is_settled_with_the_last() -> None:
    past = made(4, 8)

    found = forecast(past, LEARNED, 200, 1)

    assert (np.max(list(found.of.values()), axis=0) == found.done).all()
    assert (found.done > past.as_of).all()
    assert found.probability(past.as_of) == 0


def test_a_programme_with_more_left_takes_longer() -> None:
    assert forecast(made(4, 12), LEARNED, 200, 1).at(0.5) > forecast(made(4, 6), LEARNED, 200, 1).at(0.5) + 60


def test_an_item_is_not_settled_by_the_hazards_before_what_it_waits_for() -> None:
    alone = replace(LEARNED, hazards=1.0, returned=1e-12, gone=1e-12)

    found = forecast(made(2, 6, m5=("m4",)), alone, 300, 1)

    assert (found.of["m5"] >= found.of["m4"]).all()


def test_the_same_question_has_the_same_answer() -> None:
    one, other = (forecast(made(4, 8), LEARNED, 100, 7) for _time in range(2))

    assert one.done.tobytes() == other.done.tobytes()
    assert one.done.tobytes() != forecast(made(4, 8), LEARNED, 100, 8).done.tobytes()


def test_a_stalled_programme_is_not_forecast_as_imminent() -> None:
    known = accessions()
    taught = learn([past for name, past in known.items() if name != "Turkey"])

    found = forecast(known["Turkey"].upto(day(2020)), taught, 100, 1)

    assert found.probability(day(2022)) < 0.02


def test_where_no_programme_was_seen_something_wide_is_said() -> None:
    assert learn([]) == UNSEEN
    found = forecast(made(0, 3), UNSEEN, 200, 1)
    assert found.at(0.9) > 2 * found.at(0.1)


@pytest.mark.parametrize("country", ["Croatia", "Turkey", "Serbia"])
def test_the_kernel_and_the_numpy_path_give_the_same_days(country: str) -> None:
    past = replace(accessions()[country].upto(day(2010)), after={"8": ("1", "2"), "30": ("8",)})
    change = Change(("5",), ("6",), ("1", "2"), 40, 0.5, 2)

    for given in (None, change):
        one, other = (
            forecast(past, replace(LEARNED, rates=(0.001, 0.002)), 150, 3, change=given, compiled=compiled)
            for compiled in (True, False)
        )
        assert one.done == pytest.approx(other.done, abs=1e-6)
        for item, days in one.of.items():
            assert days == pytest.approx(other.of[item], abs=1e-6)


# ---------------------------------------------------------------- what if


def test_what_is_settled_today_leaves_all_other_luck_as_it_is_and_work_turns_to_the_others() -> None:
    past, alone = made(2, 6), replace(LEARNED, hazards=1.0, returned=1e-12)

    before = forecast(past, alone, 300, 1)
    after = forecast(past, alone, 300, 1, change=Change(settled=("m5",)))

    assert (after.of["m5"] == past.as_of).all()
    apart = before.luck.crowd == 0
    for i in range(2, 5):
        assert (after.of[f"m{i}"] == before.of[f"m{i}"])[apart].all()
        assert (after.of[f"m{i}"] <= before.of[f"m{i}"]).all()
        assert (after.of[f"m{i}"] < before.of[f"m{i}"])[~apart].any()
    assert (after.done <= before.done).all()


def test_a_programme_with_one_item_less_burns_down_sooner() -> None:
    past, alone = made(2, 6), replace(LEARNED, hazards=0.0)

    before, settled, dropped = (
        forecast(past, alone, 300, 1, change=change)
        for change in (None, Change(settled=("m5",)), Change(dropped=("m5",)))
    )

    assert (settled.done <= before.done).all()
    assert settled.done.mean() < before.done.mean()
    assert (settled.done == dropped.done).all()


def test_what_is_returned_has_to_be_settled_again() -> None:
    past = made(6, 6)

    assert (forecast(past, LEARNED, 50, 1).done <= past.as_of).all()
    assert (forecast(past, LEARNED, 50, 1, change=Change(returned=("m2",))).of["m2"] > past.as_of).all()


def test_in_a_freeze_nothing_is_settled_and_everything_comes_as_much_later() -> None:
    past = made(3, 6)

    before, after = (forecast(past, LEARNED, 300, 1, change=Change(frozen=days)) for days in (0, 100))

    assert after.done.min() > past.as_of + 100
    inside = before.done < past.as_of + 7000
    assert (after.done[inside] - before.done[inside]) == pytest.approx(100)


def test_closer_meetings_and_a_faster_pace_help() -> None:
    past = made(3, 8)

    usual = forecast(past, LEARNED, 500, 1).at(0.5)

    assert forecast(past, LEARNED, 500, 1, change=Change(spacing=0.5)).at(0.5) < usual
    assert forecast(past, LEARNED, 500, 1, change=Change(pace=2)).at(0.5) < usual


def test_what_an_expert_says_moves_an_item_and_what_is_seen_moves_it_back() -> None:
    past, alone = made(2, 6), replace(LEARNED, hazards=1.0)

    usual, soon, sure = (
        np.median(forecast(past, alone, 2000, 1, estimates=said).of["m5"]) - past.as_of
        for said in (None, {"m5": (10.0, 20.0, 90.0)}, {"m5": (39.0, 40.0, 41.0)})
    )

    assert sure < usual / 2
    assert soon < usual
    with pytest.raises(OutlookRefused, match="rising order"):
        forecast(past, alone, 10, 1, estimates={"m5": (5.0, 4.0, 9.0)})


# ---------------------------------------------------------------- scores


def test_the_score_of_one_number_is_its_error_and_that_of_a_normal_is_its_closed_form() -> None:
    normal = np.random.default_rng(1).standard_normal(100_000)

    assert crps(np.array([10.0]), 14.0) == 4
    assert crps(normal, 0.0) == pytest.approx((math.sqrt(2) - 1) / math.sqrt(math.pi), abs=0.005)


def test_what_has_not_happened_yet_is_scored_only_for_what_was_expected_before() -> None:
    assert crps_censored(np.array([50.0, 60.0]), 40.0) == 0
    assert crps_censored(np.array([10.0, 60.0]), 40.0) == pytest.approx(7.5)  # a quarter of 30 days


def test_brier_and_the_place_in_the_forecast() -> None:
    assert brier(0.25, happened=False) == 0.0625
    assert pit(np.array([1.0, 2.0, 3.0, 4.0]), 2.5) == 0.5
    assert counts([0.0, 0.1, 0.5, 1.0]) == [2, 0, 1, 0, 1]


def test_every_fact_has_a_source_and_says_how_far_it_is_to_be_trusted() -> None:
    path = Path(__file__).resolve().parents[2] / "paraph" / "outlook" / "facts" / "accessions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 175
    assert {row["confidence"] for row in rows} <= {"sourced", "sourced-partly", "from-memory"}
    assert all(row["source"] for row in rows)


def test_the_back_test_scores_the_nine_public_forecasts_with_known_outcome() -> None:
    past, rows = union_state(table("demo_events")), table("public_forecasts")

    lines = list(public_forecasts(past, UNSEEN, rows, futures=20, seed=1))

    known = [row["said_on"] for row in rows if row["actual_date"]]
    assert [line.split()[0] for line in lines[2:11]] == known
    assert lines[11].startswith("9 forecasts: mean Brier")
    assert lines[11].endswith("themselves 0.778")  # seven of nine failed
