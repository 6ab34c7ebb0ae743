"""What the joint record tells of a programme's past: stages by day, series, answers, doubtful clocks."""

from datetime import UTC, date, datetime

import pytest

from paraph.acts import Reserve, Resume, Return
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.recorded import AGREED, Answer, Reading, Recorded, held, recorded
from tests.parties import Parties

LATE = date(2022, 1, 1)


def on(parties: Parties, *day: int) -> None:
    """Go to a day; the parties' clocks follow."""
    parties.now = datetime(*day, 9, tzinfo=UTC)  # type: ignore[arg-type, misc]


def read(parties: Parties, code: str = "", as_of: date = LATE) -> Recorded:
    return recorded(held(parties.programme(code)), as_of)


def told(found: Recorded) -> list[tuple[str, str, int, str]]:
    """Day, what, stage, item of each event."""
    return [
        (date.fromordinal(int(one.day)).isoformat(), one.what, one.stage, one.item)
        for one in found.past.events
    ]


@pytest.fixture
def gas() -> Parties:
    """A road map opened in March, with an outline in April, agreed in May, returned in June."""
    parties = Parties.make()
    on(parties, 2021, 3, 1)
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    on(parties, 2021, 4, 2)
    parties.agree("outline:gas", {"items": [[1, "provision:gas/one"]]})
    on(parties, 2021, 4, 20)
    parties.words("BY", "provision:gas/one", "Слова из Минска.", accept=True)
    parties.exchange()
    on(parties, 2021, 5, 3)
    parties.words("RU", "provision:gas/one", "Слова из Москвы.", accept=True)
    parties.act("RU", Reserve("provision:gas/one", "scrutiny"))
    parties.exchange()
    return parties


def test_a_road_map_passes_its_stages_on_the_days_on_which_the_last_party_acted(gas: Parties) -> None:
    gas.road_map("oil")
    on(gas, 2021, 6, 4)
    gas.act("RU", Return("oil", {"ru": "Не готово."}))
    gas.exchange()
    on(gas, 2021, 6, 5)
    gas.act("RU", Resume("oil"))
    gas.exchange()

    found = read(gas)

    assert told(found) == [
        ("2021-03-01", "enters", 0, "gas"),
        ("2021-04-02", "step", 0, "gas"),
        ("2021-05-03", "enters", 2, "oil"),
        ("2021-06-04", "returned", 0, "oil"),
        ("2021-06-05", "step", 0, "oil"),
    ]
    assert found.past.standings["oil"].stage == AGREED
    assert found.past.standings["gas"].stage == 1


def test_every_step_names_the_entry_after_which_it_was_seen(gas: Parties) -> None:
    entered, agreed_on_outline = read(gas).noted

    assert (entered.placed.log, entered.placed.at[:10]) == ("RU", "2021-03-01")
    assert (agreed_on_outline.placed.log, agreed_on_outline.placed.at[:10]) == ("RU", "2021-04-02")


def test_brackets_options_and_reserves_are_counted_day_by_day_and_can_get_worse(gas: Parties) -> None:
    found = read(gas)
    series = [(one.brackets, one.options, one.reserves) for one in found.progress]

    assert series == [(0, 0, 0), (0, 0, 0), (0, 0, 0), (1, 2, 1)]
    assert found.past.left == {"gas": ((date(2021, 5, 3).toordinal(), 4),)}  # the days before tell nothing


def test_who_answered_when_is_read_from_stances_and_counter_proposals(gas: Parties) -> None:
    found = read(gas, as_of=date(2021, 5, 13))

    assert Answer("RU", "provision:gas/one", 13, answered=True) in found.answers
    assert Answer("BY", "provision:gas/one", 10, answered=False) in found.answers


def test_both_nodes_read_the_same(gas: Parties) -> None:
    assert read(gas, "BY").past == read(gas, "RU").past


def test_nothing_later_than_the_day_counts(gas: Parties) -> None:
    assert told(read(gas, as_of=date(2021, 3, 31))) == [("2021-03-01", "enters", 0, "gas")]


def test_what_earlier_heads_tell_is_read_from_them_alone(gas: Parties) -> None:
    heads = gas.programme().sizes()
    before = read(gas).past
    gas.road_map("oil")

    again = recorded(held(gas.programme(), heads), LATE)

    assert again.past == before
    assert again.heads == heads
    with pytest.raises(OutlookRefused, match="Not all entries"):
        held(gas.programme(), {"BY": 10_000, "RU": 1})
    with pytest.raises(OutlookRefused, match="rest on"):
        held(gas.programme(), {**gas.programme().sizes(), "BY": 1})


@pytest.mark.parametrize("clock", [(2031, 1, 1), (2011, 1, 1)])
def test_where_a_clock_is_wrong_an_entry_stands_between_what_it_knew_and_what_knew_it(
    clock: tuple[int, ...],
) -> None:
    parties = Parties.make()
    on(parties, 2021, 3, 1)
    parties.propose("BY", "card:gas", {"number": 1, "title": {"ru": "Газ"}}, accept=True)
    parties.exchange()
    on(parties, *clock)
    parties.propose("RU", "card:oil", {"number": 2, "title": {"ru": "Нефть"}}, accept=True)
    parties.exchange()
    on(parties, 2021, 3, 11)
    parties.propose("BY", "card:tax", {"number": 3, "title": {"ru": "Налоги"}}, accept=True)
    parties.exchange()

    found = read(parties)

    assert [(day, item) for day, _what, _stage, item in told(found)] == [
        ("2021-03-01", "gas"),
        ("2021-03-06", "oil"),
        ("2021-03-11", "tax"),
    ]
    oil = next(one for one in found.past.events if one.item == "oil")
    assert date.fromordinal(int(oil.known)) == date(2021, 3, 11)
    assert "oil" not in found.past.upto(date(2021, 3, 10).toordinal()).standings


# ---------------------------------------------------------------- read on


def test_what_is_read_on_is_what_is_read_anew_after_every_entry() -> None:
    parties, reading = Parties.make(), Reading()
    folded: list[int] = []
    for day in range(1, 25):
        on(parties, 2021, 3, day)
        name = ("gas", "oil", "tax")[day % 3]
        if day < 4:
            parties.agree(f"card:{name}", {"number": day, "title": {"ru": name}})
            parties.agree(f"outline:{name}", {"items": [[1, f"provision:{name}/one"]]})
        else:
            parties.words("BY" if day % 2 else "RU", f"provision:{name}/one", f"Слова {day}.", accept=True)
            if day % 5 == 0:
                parties.act("BY" if day % 2 else "RU", Reserve(f"provision:{name}/one", "scrutiny"))
        if day % 4:
            parties.exchange()
        entries = held(parties.programme("BY"))

        found = reading.read(entries, LATE, lambda done, _all: folded.append(done))

        assert found == recorded(entries, LATE)
    assert folded.count(0) < 20  # read on, not anew, but for what came late


def test_an_entry_that_comes_in_between_has_everything_read_anew(gas: Parties) -> None:
    reading = Reading()
    heads = {**gas.programme().sizes()}
    reading.read(held(gas.programme(), heads), date(2021, 12, 31))
    on(gas, 2021, 4, 10)  # a clock that is behind
    gas.words("RU", "provision:gas/one", "Другие слова.", accept=True)
    gas.exchange()
    entries = held(gas.programme())

    assert reading.read(entries, LATE) == recorded(entries, LATE)
    earlier = held(gas.programme(), heads)
    assert reading.read(earlier, date(2021, 4, 15)) == recorded(earlier, date(2021, 4, 15))


def test_reading_that_is_broken_off_is_begun_anew(gas: Parties) -> None:
    class Stopped(Exception):
        pass

    def stop(_done: int, _all: int) -> None:
        raise Stopped

    reading, entries = Reading(), held(gas.programme())
    with pytest.raises(Stopped):
        reading.read(entries, LATE, stop)

    assert reading.read(entries, LATE) == recorded(entries, LATE)
