"""States of a record: cuts through the logs that leave out nothing that was known."""

import pytest

from paraph.state import agreement, cuts
from paraph.state.errors import Refused
from tests.parties import Parties

ABOUT = "provision:gas/one"


@pytest.fixture
def parties() -> Parties:
    """A road map whose first provision was agreed, then proposed anew by RU."""
    made = Parties.make("BY", "RU")
    made.road_map("gas")
    made.words("RU", ABOUT, "Другие слова.", accept=True)
    made.exchange()
    return made


def test_before_and_after_an_act_are_the_states_that_its_party_knew(parties: Parties) -> None:
    programme = parties.programme("BY")
    act = programme.by["RU"].entries[-1]

    before = cuts.at(programme, cuts.before(programme, act))
    after = cuts.at(programme, cuts.after(programme, act))

    assert agreement.standing(before, ABOUT).state == "agreed"
    assert agreement.standing(after, ABOUT).state != "agreed"
    assert cuts.at(programme, cuts.now(programme)) is programme


def test_a_state_is_what_a_node_had_that_held_no_more(parties: Parties) -> None:
    programme = parties.programme("BY")
    cut = cuts.now(programme)
    parties.words("BY", ABOUT, "Ещё другие слова.")
    parties.exchange()

    found = cuts.at(parties.programme("RU"), cuts.named(parties.programme("RU"), cuts.name(cut)))

    assert found.sizes() == cut
    assert found.by["RU"].choices[ABOUT].proposal == programme.by["RU"].choices[ABOUT].proposal


def test_a_day_leaves_out_what_knew_of_the_next_one(parties: Parties) -> None:
    programme = parties.programme("BY")
    parties.now = parties.now.replace(day=25)
    parties.words("BY", ABOUT, "Слова завтра.")
    parties.exchange()
    parties.now = parties.now.replace(day=24)  # a clock that is late: the entry knows of the 25th
    parties.words("RU", ABOUT, "Слова вчера.")
    parties.exchange()
    sizes = cuts.now(programme)

    found = cuts.on_day(parties.programme("BY"), "2021-02-24")

    assert found["BY"] < sizes["BY"] and found["RU"] < sizes["RU"]
    assert cuts.named(parties.programme("BY"), cuts.name(found)) == found


@pytest.mark.parametrize(
    ("name", "why"),
    [("BY1", "no state"), ("BY1-RU1-RU1", "no state"), ("BY01-RU1", "no state"), ("by1-ru1", "no state"),
     ("BY999-RU1", "holds"), ("BY1-XX1", "no state"), ("", "no state")],
)  # fmt: skip
def test_what_names_no_state_is_refused(parties: Parties, name: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        cuts.named(parties.programme("BY"), name)


def test_a_cut_that_leaves_out_what_was_known_was_never_a_state(parties: Parties) -> None:
    sizes = cuts.now(parties.programme("BY"))

    with pytest.raises(Refused, match="never a state"):
        cuts.named(parties.programme("BY"), cuts.name(sizes | {"BY": 1}))
