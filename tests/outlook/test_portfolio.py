"""Very many futures: sets of road maps, and the same bytes here and at the workers of a Dask scheduler."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from distributed import LocalCluster

from paraph.outlook import portfolio
from paraph.outlook.calibration import MODEL, calibrate
from paraph.outlook.causes import blockers
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import Change, forecast
from paraph.outlook.learning import UNSEEN
from paraph.outlook.past import Event, Past
from paraph.outlook.portfolio import carried_out, together

BY = 1200.0


def past() -> Past:
    """Eight road maps, two of which wait for another one; two are agreed, one has left."""
    names = ["oil", "gas", "tax", "customs", "labour", "courts", "rail", "mail"]
    events = [Event(0, name, "enters") for name in [*names, "coal"]]
    events += [Event(50.0 * i, name, "step") for i, name in enumerate(names[:6], 1)]
    events += [Event(400.0, "oil", "step"), Event(430.0, "gas", "step"), Event(440.0, "coal", "gone")]
    return Past("words", 2, 0, 500, tuple(sorted(events)), {"rail": ("mail",), "courts": ("tax", "labour")})


def process() -> int:
    """Which process plays."""
    import os

    return os.getpid()


def doubled(number: int) -> tuple[int, int]:
    return process(), 2 * number


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler on this machine with two worker processes."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def test_sets_gain_what_a_forecast_with_all_of_them_settled_gains() -> None:
    found = together(past(), UNSEEN, 2, BY, 300, 3)

    before = forecast(past(), UNSEEN, 300, 3)
    after = forecast(past(), UNSEEN, 300, 3, change=Change(settled=found[0].items))
    assert len(found) == len(list(combinations(range(6), 2)))
    assert found[0].probability.value == pytest.approx(after.probability(BY) - before.probability(BY))
    assert found[0].probability.value == max(one.probability.value for one in found)


def test_one_at_a_time_is_what_the_pages_call_blockers() -> None:
    found = {one.items[0]: one for one in together(past(), UNSEEN, 1, BY, 300, 3)}

    for one in blockers(forecast(past(), UNSEEN, 300, 3), UNSEEN, BY, 3):
        assert (found[one.item].probability, found[one.item].median) == (one.probability, one.median)


def test_what_is_sent_names_nothing() -> None:
    numbered = portfolio._numbered(past(), sorted(past().standings))

    words = [numbered.name, *(event.item for event in numbered.events), *numbered.after]
    assert all(not word or word.isdigit() for word in words)
    assert [one.stage for one in numbered.standings.values()] == [
        one.stage for one in past().standings.values()
    ]


def test_a_portfolio_beyond_ten_minutes_goes_to_the_workers_with_equal_bytes(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = together(past(), UNSEEN, 3, BY, 200, 3)
    short = together(past(), UNSEEN, 3, BY, 200, 3, dask="tcp://127.0.0.1:1")  # nobody is asked
    monkeypatch.setattr(portfolio, "_TOGETHER", 4)
    monkeypatch.setattr(portfolio, "LONG", 0.0)

    there = together(past(), UNSEEN, 3, BY, 200, 3, dask=scheduler)

    assert repr(here) == repr(short) == repr(there)


def test_the_workers_calibrate_with_equal_bytes(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = calibrate(replace(MODEL, hazards=0.5), 6, 60, 3)
    monkeypatch.setattr(portfolio, "LONG", 0.0)

    assert repr(calibrate(replace(MODEL, hazards=0.5), 6, 60, 3, dask=scheduler)) == repr(here)


def test_two_processes_that_are_not_this_one_do_the_work(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "LONG", 0.0)

    found = list(carried_out(doubled, [(number,) for number in range(600)], scheduler))

    assert [number for _process, number in found] == [2 * number for number in range(600)]
    assert {one for one, _number in found[:2]} == {process()}
    assert len({one for one, _number in found[2:]} - {process()}) == 2


def test_where_the_workers_are_not_there_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "LONG", 0.0)
    blocks = [(number,) for number in range(3)]

    with pytest.raises(OutlookRefused, match="No Dask scheduler answers at nowhere"):
        list(carried_out(doubled, blocks, "nowhere://x"))
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(OutlookRefused, match="part `workers`"):
        list(carried_out(doubled, blocks, "tcp://127.0.0.1:1"))


def test_sets_that_are_too_large_or_too_many_are_refused() -> None:
    many = [Event(0, f"m{i:03}", "enters") for i in range(200)]

    with pytest.raises(OutlookRefused, match="6 road maps are open"):
        together(past(), UNSEEN, 7, BY, 10, 3)
    with pytest.raises(OutlookRefused, match="more than 1000000 sets"):
        together(Past("", 1, 0, 1, tuple(many)), UNSEEN, 4, BY, 10, 3)
