"""Who stands behind which words, once a party has chosen other ones?"""

import pytest

from paraph.acts import Propose, TakeStance, proposal_id
from paraph.state import agreement, roadmaps
from tests.parties import Parties

ABOUT = "provision:gas/one"
FORMER, OTHER = ({"words": {"ru": words}} for words in ("Цены растут.", "Цены стоят."))


@pytest.fixture
def parties() -> Parties:
    """Two parties that agreed words; then one of them accepts other words in full."""
    made = Parties.make("BY", "RU")
    made.road_map("gas")
    made.agree(ABOUT, FORMER)
    made.act("BY", Propose(ABOUT, OTHER), TakeStance(proposal_id(ABOUT, OTHER), "accepts"))
    made.exchange()
    return made


def test_words_that_a_party_left_for_others_do_not_stand_in_its_name(parties: Parties) -> None:
    programme = parties.programme()

    assert roadmaps.labels(programme, proposal_id(ABOUT, FORMER)) == ["RU"]
    assert roadmaps.labels(programme, proposal_id(ABOUT, OTHER)) == ["BY"]
    assert agreement.standing(programme, ABOUT).state == "bracketed"


def test_who_takes_the_former_words_again_stands_behind_them_again(parties: Parties) -> None:
    parties.act("BY", TakeStance(proposal_id(ABOUT, FORMER), "accepts"))
    parties.exchange()

    assert agreement.standing(parties.programme(), ABOUT).state == "agreed"


def test_words_accepted_ad_referendum_stay_so_when_others_are_chosen(parties: Parties) -> None:
    former = proposal_id(ABOUT, FORMER)
    parties.act("BY", TakeStance(former, "accepts", "ad_referendum"))
    parties.exchange()

    assert roadmaps.labels(parties.programme(), former) == ["BY", "RU"]
    assert agreement.standing(parties.programme(), ABOUT).state == "ad_referendum"
