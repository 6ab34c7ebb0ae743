"""Forecasts on record: computed again at another node, void where they cannot be true, scored afterwards."""

from dataclasses import replace
from datetime import date

import msgspec
import numpy as np
import pytest

from paraph.acts import Forecast, Placed
from paraph.outlook import ledger
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import forecast, taught
from paraph.outlook.past import Event, Past
from paraph.outlook.recorded import Recorded, held, recorded
from paraph.state.errors import Refused
from tests.outlook.test_recorded import on
from tests.parties import Parties


@pytest.fixture
def parties() -> Parties:
    """Three road maps are opened, of which one is agreed."""
    parties = Parties.make()
    on(parties, 2021, 3, 1)
    parties.road_map("oil")
    for name in ("gas", "tax"):
        parties.agree(f"card:{name}", {"number": 2, "title": {"ru": "Карта"}})
    on(parties, 2021, 6, 1)
    return parties


def read(parties: Parties, code: str = "") -> Recorded:
    return recorded(held(parties.programme(code)), parties.now.date())


def made(parties: Parties, road_map: str = "", code: str = "", futures: int = 400) -> Forecast:
    """What a party would put on record."""
    found = read(parties, code)
    return ledger.answer(forecast(found.past, taught(), futures, 7), found, road_map, [date(2021, 12, 31)], 7)


def put(parties: Parties, act: Forecast, code: str = "BY") -> Placed:
    placed = parties.act(code, act)[-1]
    parties.exchange()
    return placed


# ---------------------------------------------------------------- on record


@pytest.mark.parametrize("road_map", ["", "gas"])
def test_another_node_computes_a_forecast_again_from_the_same_heads(parties: Parties, road_map: str) -> None:
    act = made(parties, road_map)
    put(parties, act)
    parties.road_map("coal")  # what came later changes nothing

    (_placed, kept), *others = ledger.forecasts(parties.programme("RU"))
    again = ledger.again(parties.programme("RU"), kept)

    assert not others
    assert kept == act
    assert (again.days, again.per_mille, again.reproduced) == (0, 0, True)


def test_all_that_stands_in_the_record_is_an_integer_or_a_word(parties: Parties) -> None:
    act = made(parties)

    numbers = [*act.quantiles.values(), *act.chances.values(), *act.heads.values(), act.seed, act.futures]

    assert all(type(number) is int for number in numbers)
    assert list(act.quantiles) == [str(share) for share in range(25, 1000, 25)]
    assert list(act.quantiles.values()) == sorted(act.quantiles.values())


@pytest.mark.parametrize(
    ("days", "per_mille", "holds"), [(1, 0, True), (2, 0, False), (0, 2, True), (0, 3, False)]
)
def test_a_day_and_two_per_mille_may_differ_and_no_more(
    parties: Parties, days: int, per_mille: int, holds: bool
) -> None:
    act = made(parties)
    other = msgspec.structs.replace(
        act,
        quantiles={share: day + days for share, day in act.quantiles.items()},
        chances={day: chance + per_mille for day, chance in act.chances.items()},
    )
    put(parties, other)

    again = ledger.again(parties.programme("RU"), other)

    assert (again.days, again.per_mille, again.reproduced) == (days, per_mille, holds)


def test_what_cannot_be_computed_again_says_why(parties: Parties) -> None:
    act = made(parties)
    programme = parties.programme("RU")

    for changes, reason in (
        ({"model": "crystal ball"}, "crystal ball"),
        ({"as_of": ""}, "does not say its day"),
        ({"heads": {"BY": 10_000, "RU": 1}}, "Not all entries"),
        ({"question": "agreed:coal"}, "was not open"),
        ({"quantiles": {"333": 5}}, "shares of the futures"),
    ):
        with pytest.raises(OutlookRefused, match=reason):
            ledger.again(programme, msgspec.structs.replace(act, **changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"heads": {"BY": 10_000}}, "did not hold"),
        ({"quantiles": {"100": 9, "900": 3}}, "do not rise"),
        ({"quantiles": {"0": 9}}, "do not rise"),
        ({"quantiles": {"500": -1}}, "do not rise"),
        ({"chances": {"2021-12-31": 1001}}, "per mille"),
        ({"chances": {"tomorrow": 5}}, "per mille"),
        ({"as_of": "2021-13-01"}, "per mille"),
        ({"question": "agreed:coal"}, "was not known"),
        ({"question": "weather"}, "says when"),
    ],
)
def test_a_forecast_that_cannot_be_true_is_refused(
    parties: Parties, changes: dict[str, object], reason: str
) -> None:
    act = msgspec.structs.replace(made(parties), **changes)

    with pytest.raises(Refused, match=reason):
        parties.act("BY", act)


def test_full_powers_for_one_road_map_cover_its_forecast_and_not_that_of_all(parties: Parties) -> None:
    parties.delegate("BY", ["negotiate"], road_maps=["gas"])
    parties.exchange()

    put(parties, made(parties, "gas"))

    for road_map in ("tax", ""):
        with pytest.raises(Refused, match="full powers"):
            parties.act("BY", made(parties, road_map))


def test_an_earlier_forecast_without_day_and_seed_is_still_read(parties: Parties) -> None:
    put(parties, Forecast("agreed", {"500": 90}, {"BY": 3}, "another"))

    (_placed, kept), *_others = ledger.forecasts(parties.programme("RU"))

    assert (kept.as_of, kept.seed) == ("", 0)
    assert ledger.ledgers(parties.programme("RU"), read(parties)) == []


def test_a_new_model_has_a_new_name() -> None:
    """Where this fails the same question has another answer: give `ledger.MODEL` another name."""
    names = [f"m{i}" for i in range(8)]
    events = [Event(730_000, name, "enters", 1) for name in names]
    events += [Event(730_060 + 60 * i, name, "step") for i, name in enumerate(names[:4])]
    past = Past("made", 2, 730_000, 730_300, tuple(sorted(events)), {"m7": ("m6",)})

    found = forecast(past, taught(), 4000, 1)
    act = ledger.answer(found, Recorded(past, (), (), (), {}), "", [], 1)

    assert ledger.MODEL == "finish 3"
    days = [act.quantiles[share] for share in ("25", "100", "500", "900")]
    assert days == pytest.approx([64, 186, 997, 6064], abs=1)


# ---------------------------------------------------------------- scored


def test_what_is_not_known_yet_is_open_and_what_has_passed_is_scored(parties: Parties) -> None:
    put(parties, made(parties, "gas"))
    on(parties, 2022, 1, 1)

    (one,) = ledger.ledgers(parties.programme("RU"), read(parties))

    chance = one.scored[0].act.chances["2021-12-31"] / 1000
    assert one.scored[0].happened is None
    assert one.scored[0].crps is None
    assert one.scored[0].briers == (chance**2,)
    assert chance > 0
    assert one.missing == ("2021-07", "2021-08", "2021-09", "2021-10", "2021-11", "2021-12", "2022-01")


def test_once_it_has_happened_a_forecast_is_scored_by_its_distance_and_its_place(parties: Parties) -> None:
    act = msgspec.structs.replace(
        made(parties, "gas"),
        quantiles={str(share): share // 25 for share in ledger.LEVELS},  # 1 to 39 days
        chances={"2021-06-10": 250, "2021-07-10": 900},
    )
    put(parties, act)
    on(parties, 2021, 6, 21)
    parties.road_map("gas")
    on(parties, 2021, 7, 15)

    (one,) = ledger.ledgers(parties.programme("BY"), read(parties))
    found = one.scored[0]

    assert found.happened == date(2021, 6, 21).toordinal()
    assert list(found.briers) == pytest.approx([0.0625, 0.01])
    assert found.pit == pytest.approx(0.5)
    assert found.crps == pytest.approx(
        20 * 19 / 39 - np.abs(np.subtract.outer(range(39), range(39))).mean() / 2
    )
    assert found.inside is True
    assert one.missing == ()
    total = ledger.summed([one])
    assert (total.known, total.waiting, total.inside, total.briers) == (1, 0, 1, 2)
    assert total.pits == (0, 0, 1, 0, 0)


def test_all_are_agreed_on_the_day_on_which_the_last_one_is_and_a_later_return_unsays_nothing(
    parties: Parties,
) -> None:
    found = read(parties)
    day = int(found.past.as_of)
    first = found.progress[-1]
    later = [
        replace(first, day=day + 10, agreed=2),
        replace(first, day=day + 20, agreed=3),
        replace(first, day=day + 30, agreed=1),
    ]

    assert ledger.happened(replace(found, progress=(*found.progress, *later)), "", day) == day + 20
