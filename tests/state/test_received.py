"""Words of a party that another one received outside of the record: whose they are, and whose move it is."""

import pytest

from paraph.acts import Propose, TakeStance, proposal_id
from paraph.state import agreement, roadmaps
from paraph.state.errors import Refused
from tests.parties import Parties

ONE = "provision:gas/one"
WORDS = {"words": {"ru": "Цены не растут."}}
NAME = proposal_id(ONE, WORDS)


@pytest.fixture
def parties() -> Parties:
    """BY has put down words that it received from RU; the former ones stand agreed."""
    made = Parties.make("BY", "RU")
    made.road_map("gas")
    made.act("BY", Propose(ONE, WORDS, received_from="RU"))
    made.exchange()
    return made


def test_words_received_from_a_party_stand_under_its_name_with_a_star(parties: Parties) -> None:
    programme = parties.programme("RU")

    assert roadmaps.labels(programme, NAME) == ["RU*"]
    assert roadmaps.supporters(programme, NAME) == ["RU"]
    assert agreement.speakers(programme, NAME) == {"RU": False}
    assert programme.voids == {}


def test_who_received_the_words_has_the_move_and_whose_they_are_has_not(parties: Parties) -> None:
    assert agreement.standing(parties.programme("RU"), ONE).turns == ("BY",)


def test_once_the_party_proposes_the_words_itself_the_star_goes(parties: Parties) -> None:
    parties.act("RU", Propose(ONE, WORDS))
    parties.exchange()

    assert roadmaps.labels(parties.programme("BY"), NAME) == ["RU"]


def test_received_words_bind_nobody_before_the_party_accepts_them_in_its_own_log(parties: Parties) -> None:
    parties.act("BY", TakeStance(NAME, "accepts"))
    parties.exchange()
    before = agreement.agreed(parties.programme("BY"), ONE)
    parties.act("RU", TakeStance(NAME, "accepts"))
    parties.exchange()

    assert before == ""
    assert agreement.agreed(parties.programme("BY"), ONE) == NAME


@pytest.mark.parametrize("party", ["BY", "KZ"])
def test_words_are_received_from_another_party_of_the_programme_only(parties: Parties, party: str) -> None:
    with pytest.raises(Refused, match="received from another party"):
        parties.act("BY", Propose(ONE, {"words": {"ru": "Слова."}}, received_from=party))
