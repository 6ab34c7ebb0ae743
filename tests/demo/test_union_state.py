"""The history of the demo agrees with every published count, in one authentic language or two."""

import csv
from fractions import Fraction

import pytest

from paraph.demo.facts import ROOM, plans, table
from paraph.demo.history import PARTIES, History
from paraph.demo.play import begin, found, people
from paraph.record.keys import SecretKey
from paraph.state import closing, roadmaps

DAY = "2021-02-22"


def fresh(authentic: tuple[str, ...] = ("ru",)) -> History:
    """A history that has not begun to be played."""
    nodes = {code: SecretKey.generate() for code in (*PARTIES, "PUB")}
    roots = {party: SecretKey.generate() for party in PARTIES}
    keys = {one.username: SecretKey.generate() for party in PARTIES for one in people(party)}
    charter = found({}, nodes, roots, authentic)
    return begin(charter, nodes, roots, keys)


@pytest.fixture(scope="module")
def played() -> tuple[History, list[tuple[str, int, Fraction]]]:
    """The whole story of 2019 to 2021, with the count on the day of each published statement."""
    history = fresh()
    counts: list[tuple[str, int, Fraction]] = []
    before = ""
    for row in table("burndown"):
        history.play(row["as_of"], since=before)
        before = row["as_of"]
        counts.append((row["as_of"], *count(history)))
    history.play("2021-12-31", since=before)
    return history, counts


def count(history: History) -> tuple[int, Fraction]:
    """How many road maps there are, and how many are agreed; in substance counts a half."""
    maps = roadmaps.road_maps(history.programme("BY"))
    counted = roadmaps.counted(maps)
    return len(maps), counted["agreed"] + Fraction(counted["in_substance"], 2)


def test_replaying_the_events_gives_every_published_count(
    played: tuple[History, list[tuple[str, int, Fraction]]],
) -> None:
    with (ROOM / "facts" / "burndown.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    found_counts = played[1]

    assert found_counts == [(row["as_of"], int(row["package_size"]), Fraction(row["agreed"])) for row in rows]


def test_on_the_demo_day_26_are_agreed_one_in_substance_and_6_open() -> None:
    history = fresh()

    history.play(DAY)

    for party in PARTIES:
        programme = history.programme(party)
        maps = {one.id: one for one in roadmaps.road_maps(programme)}
        assert roadmaps.counted(maps.values()) == {"agreed": 26, "in_substance": 1, "open": 6}
        assert programme.voids == {}
        assert maps["oil-transit"].stage == "signed"
        assert {name for name, one in maps.items() if one.stage == "returned"} == {
            "indirect-taxes",
            "industrial-policy",
            "regions",
        }
        assert all("reconstruction" in one.card.marks for one in maps.values())
        for name in ("gas-market", "oil-market", "vaccine", "passenger-links", "regions", "indirect-taxes"):
            assert maps[name].counts["bracketed"] > 2
        for name in ("gas-market", "oil-transit"):
            provisions = [item for item in maps[name].items if item.kind == "provision"]
            assert 15 <= len(provisions) <= 40
            assert len(maps[name].measures) >= 8


def test_by_the_end_of_2021_all_28_are_in_force(
    played: tuple[History, list[tuple[str, int, Fraction]]],
) -> None:
    history = played[0]

    maps = roadmaps.road_maps(history.programme("RU"))

    assert {one.stage for one in maps} == {"in_force"}
    assert len(maps) == 28
    for one in maps:
        assert closing.final(history.programme("BY"), "BY", f"road_map:{one.id}")


def test_the_demo_plays_with_both_languages_authentic() -> None:
    history = fresh(("ru", "en"))

    history.play(DAY)

    maps = roadmaps.road_maps(history.programme("BY"))
    assert roadmaps.counted(maps) == {"agreed": 26, "in_substance": 1, "open": 6}
    lines = next(one for one in maps if one.id == "oil-transit").composed.lines
    assert all("ru=" in line and "en=" in line for line in lines if line.startswith("provision:"))


@pytest.mark.parametrize("piece", ["ru", "en"])
def test_every_text_of_the_demo_is_canonical_and_its_references_lead_somewhere(piece: str) -> None:
    from paraph.state.composed import REFERENCE
    from paraph.text.canonical import canonical

    for plan in plans().values():
        keys = {one.key for one in plan.pieces}
        for one in plan.pieces:
            wordings = [tabled.words for tabled in one.tabled] + ([one.words] if one.words else [])
            for words in wordings:
                assert canonical(words[piece]) == words[piece]
                for reference in REFERENCE.findall(words[piece]):
                    assert reference in keys or "/" in reference
