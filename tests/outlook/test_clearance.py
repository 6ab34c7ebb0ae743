"""The internal forecast: what is not cleared at home waits for it, at the party's own pace."""

from datetime import date

import numpy as np
import pytest

from paraph.outlook.clearance import Clearance, clearance, internal
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import HORIZON, Finish, forecast, taught
from paraph.outlook.past import Event, Past

TODAY = float(date(2021, 2, 23).toordinal())
OPENED = {"gas": TODAY - 300, "oil": TODAY - 200, "tax": TODAY - 100}


@pytest.fixture(scope="module")
def joint() -> Finish:
    """Two open road maps, a third one agreed."""
    events = [Event(day, name, "enters") for name, day in OPENED.items()]
    events += [Event(TODAY - 50, "oil", "step"), Event(TODAY - 20, "oil", "step")]
    past = Past("", 2, TODAY - 300, TODAY, tuple(sorted(events)))
    return forecast(past, taught(), 4000, 1)


def test_what_is_cleared_changes_nothing(joint: Finish) -> None:
    known = clearance(joint, OPENED, dict.fromkeys(OPENED, TODAY - 10))

    found = internal(joint, known, 1)

    assert known.lasts == {}
    assert np.array_equal(found.done, joint.done)


def test_in_no_future_is_anything_done_before_the_joint_forecast_has_it_or_before_it_is_cleared(
    joint: Finish,
) -> None:
    found = internal(joint, clearance(joint, OPENED, {"oil": TODAY - 10}), 1)

    assert (found.done >= joint.done).all() and (found.done > joint.done).any()
    assert np.array_equal(found.of["oil"], joint.of["oil"])
    assert np.array_equal(found.done, np.max(list(found.of.values()), axis=0))
    assert found.done.max() <= TODAY + HORIZON


def test_the_pace_is_days_of_all_that_wait_by_number_of_clearances(joint: Finish) -> None:
    known = clearance(joint, OPENED, {"oil": TODAY - 150, "gas": TODAY + 5})

    assert known.took == (300.0, 50.0)  # after today counts as today
    assert known.lasts == {"tax": 100.0}
    assert known.mean == (300 + 50 + 100) / 2


def test_with_many_clearances_the_wait_is_exponential_and_with_few_it_is_less_sure(joint: Finish) -> None:
    at_once = Finish(joint.past, np.full(4000, TODAY), {"gas": np.full(4000, TODAY)}, joint.luck, joint.first)

    sure, unsure = (
        internal(at_once, Clearance((60.0,) * count, {"gas": 1.0}), 1).done - TODAY for count in (5000, 2)
    )

    assert sure.mean() == pytest.approx(60, rel=0.05)
    assert np.quantile(sure, [0.5, 0.9]) == pytest.approx([60 * np.log(2), 60 * np.log(10)], rel=0.08)
    assert np.quantile(unsure, 0.9) > 1.3 * np.quantile(sure, 0.9)


def test_without_a_clearance_there_is_nothing_to_learn_from(joint: Finish) -> None:
    with pytest.raises(OutlookRefused, match="no pace to learn from"):
        clearance(joint, OPENED, {})
