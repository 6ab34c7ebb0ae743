"""A text is verified while all parties say so of exactly its words."""

from typing import Any

import pytest

from paraph.acts import Change, Propose, Remark, TakeStance, proposal_id
from paraph.state import roadmaps
from paraph.state.composed import composed
from paraph.state.errors import Refused
from tests.parties import Parties

ABOUT = "verification:gas"


@pytest.fixture
def parties() -> Parties:
    """Two parties with a complete text."""
    made = Parties.make("BY", "RU")
    made.road_map("gas")
    return made


def statement(parties: Parties) -> dict[str, Any]:
    """What is said of the text as it is."""
    return {
        "words": {"ru": "Текст сверен."},
        "fields": {"text": composed(parties.programme("BY"), "gas").text},
    }


def stage(parties: Parties) -> str:
    """The stage, the same at both nodes."""
    found = {roadmaps.road_map(parties.programme(code), "gas").stage for code in ("BY", "RU")}
    (one,) = found
    return one


def test_the_stage_is_verified_once_all_parties_say_so_of_the_text(parties: Parties) -> None:
    said = statement(parties)
    accepted = TakeStance(proposal_id(ABOUT, said), "accepts")

    parties.act("BY", Propose(ABOUT, said), accepted)
    parties.exchange()
    alone = stage(parties), roadmaps.road_map(parties.programme("BY"), "gas").turn
    parties.act("RU", accepted)
    parties.exchange()

    assert alone == ("text_complete", "RU")
    assert stage(parties) == "verified"


def test_other_words_end_it_and_the_statement_stays_on_the_earlier_text(parties: Parties) -> None:
    parties.agree(ABOUT, statement(parties))
    before = stage(parties), roadmaps.verified(parties.programme("BY"), "gas")

    parties.agree("provision:gas/one", {"words": {"ru": "Слова другие."}})

    assert before[0] == "verified"
    assert stage(parties) == "text_complete"
    assert roadmaps.verified(parties.programme("BY"), "gas") == before[1]


def test_what_is_not_the_complete_text_cannot_be_called_verified(parties: Parties) -> None:
    said = statement(parties) | {"fields": {"text": "0" * 64}}

    with pytest.raises(Refused, match="complete text as it stands now"):
        parties.act("BY", Propose(ABOUT, said))


def test_the_scrub_comes_first(parties: Parties) -> None:
    old = parties.programme("BY").on["provision:gas/one"][0]
    new = parties.agree("provision:gas/one", {"words": {"ru": "Слова другие."}})
    said = statement(parties)

    with pytest.raises(Refused, match="Name them first"):
        parties.act("BY", Propose(ABOUT, said))
    for code in ("BY", "RU"):
        parties.act(code, Remark("provision:gas/one", change=Change(old, new, "substantive")))
        parties.exchange()
    parties.agree(ABOUT, said)

    assert stage(parties) == "verified"
