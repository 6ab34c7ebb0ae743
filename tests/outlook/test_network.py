"""What waits for what: cards, cross-references, and circles that are settled together."""

import random

import networkx
import pytest

from paraph.demo.facts import plans
from paraph.outlook.durations import exponential, fixed, lognormal
from paraph.outlook.network import Link, Network, dependants, of_provisions, of_road_maps, schedule
from paraph.outlook.schedule import Task, gains, simulate
from tests.state.bare import Bare


def words(text: str) -> dict[str, object]:
    return {"words": {"en": text}}


def programme() -> Bare:
    """Three road maps: gas refers to oil and to what does not exist, oil waits for tax by its card."""
    return Bare(
        2,
        ("card:oil", {"number": 2, "title": {"en": "Oil"}, "depends_on": ["tax", "gone"]}),
        ("card:tax", {"number": 3, "title": {"en": "Tax"}}),
        ("provision:gas/p1", words("As in {ref:oil/p1} and {ref:p2}.")),
        ("provision:gas/p2", words("See {ref:p1} and {ref:nowhere}.")),
        ("provision:oil/p1", words("Duties fall.")),
        ("measure:gas/m1/action", words("Carry out {ref:p2}.")),
        ("outline:gas", {"items": [[1, "provision:gas/p1"], [1, "provision:gas/p2"], [1, "measure:gas/m1"]]}),
        ("outline:oil", {"items": [[1, "provision:oil/p1"]]}),
    )


def test_a_road_map_waits_for_those_its_card_names_and_for_those_its_words_refer_to() -> None:
    found = of_road_maps(programme().programme)

    assert found.names == ("gas", "oil", "tax")
    assert found.links == (
        Link("gas", "oil", "reference", "provision:gas/p1"),
        Link("oil", "tax", "declared"),
    )


def test_provisions_and_measures_wait_for_what_their_words_refer_to() -> None:
    found = of_provisions(programme().programme)

    after = found.after()
    assert after["provision:gas/p1"] == ["provision:gas/p2", "provision:oil/p1"]
    assert after["measure:gas/m1"] == ["provision:gas/p2"]
    assert after["provision:oil/p1"] == []


def test_what_refers_to_each_other_is_a_package() -> None:
    assert of_provisions(programme().programme).packages() == [("provision:gas/p1", "provision:gas/p2")]


@pytest.mark.parametrize("seed", range(20))
def test_packages_are_the_circles_that_another_library_finds(seed: int) -> None:
    picker = random.Random(seed)
    names = tuple(f"t{i:02}" for i in range(40))
    pairs = {(picker.choice(names), picker.choice(names)) for _link in range(50)}
    graph = networkx.DiGraph(pairs)

    found = Network(names, tuple(Link(a, b, "declared") for a, b in sorted(pairs))).packages()

    parts = (tuple(sorted(part)) for part in networkx.strongly_connected_components(graph))
    assert sorted(found) == sorted(part for part in parts if len(part) > 1)


def test_members_of_a_package_begin_together_and_free_others_together() -> None:
    """tax (5) before the package of gas (10) and oil (30), before transit (1): 5 + 30 + 1."""
    links = [("gas", "oil"), ("oil", "gas"), ("gas", "tax"), ("transit", "gas")]
    network = Network(("gas", "oil", "tax", "transit"), tuple(Link(a, b, "declared") for a, b in links))
    days = {"gas": 10, "oil": 30, "tax": 5, "transit": 1}

    found = simulate(
        schedule(network, {name: Task(name, fixed(n)) for name, n in days.items()}), 64, 1, keep=True
    )

    assert {name: int(found.of[name][0]) for name in days} == {
        "tax": 5, "gas": 15, "oil": 35, "transit": 36,
    }  # fmt: skip


def test_a_chain_of_a_hundred_thousand_is_followed() -> None:
    names = tuple(f"p{i}" for i in range(100_000))
    chain = tuple(Link(a, b, "reference") for a, b in zip(names, names[1:], strict=False))

    assert Network(names, (*chain, Link(names[-1], names[0], "reference"))).packages() == [
        tuple(sorted(names))
    ]


def test_in_the_union_state_the_hub_with_most_dependants_is_not_the_blocker() -> None:
    """The 33 road maps with their 38 links: what many wait for is agreed, gas waits at the end."""
    rows = plans()
    links = [Link(one.id, other, "declared") for one in rows.values() for other in one.depends_on]
    network = Network(tuple(rows), tuple(links))
    tasks = {name: Task(name, exponential(20)) for name in rows}
    tasks["gas-market"] = Task("gas-market", lognormal(200, 0.5))

    most = max(dependants(network).items(), key=lambda pair: pair[1])[0]
    first = gains(schedule(network, tasks), rows, by=180, futures=4000, seed=1)[0]

    assert len(links) == 38
    assert network.packages() == []
    assert most != "gas-market"
    assert first.name == "gas-market"
