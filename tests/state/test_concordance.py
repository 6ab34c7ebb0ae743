"""Languages of one text: figures, agreed terms, and who translated which words."""

import pytest

from paraph.acts import Propose, TakeStance, proposal_id
from paraph.state import agreement, concordance
from paraph.text.terms import lacking, stands
from tests.parties import Parties

ONE = "provision:gas/one"
GAS = {"ru": "природный газ", "en": "natural gas"}


@pytest.fixture
def parties() -> Parties:
    """A road map whose first provision is agreed in Russian and translated by RU."""
    made = Parties.make("BY", "RU")
    made.road_map("gas")
    said = {"words": {"ru": "Поставки природного газа длятся 12 месяцев, см. пункт {ref:two}."}}
    name = made.agree(ONE, said)
    made.act("RU", Propose(ONE, said, {"en": {"words": "Gas is supplied for 21 months, see {ref:two}."}}))
    made.exchange()
    assert agreement.agreed(made.programme(), ONE) == name
    return made


def agreed_term(parties: Parties) -> None:
    """The term is agreed in Russian, and translated by who proposes it."""
    said = {"words": {"ru": GAS["ru"]}}
    parties.act("BY", Propose("term:gas", said, {"en": {"words": GAS["en"]}}))
    name = proposal_id("term:gas", said)
    parties.act("BY", TakeStance(name, "accepts"))
    parties.exchange()
    parties.act("RU", TakeStance(name, "accepts"))
    parties.exchange()


def test_figures_that_differ_between_the_languages_are_told(parties: Parties) -> None:
    programme = parties.programme()

    said = [str(one) for one in concordance.discord(programme, agreement.agreed(programme, ONE))]

    assert said == ["12 stands in RU and not in EN.", "21 stands in EN and not in RU."]


def test_who_translated_exactly_these_words_is_known_with_the_entry(parties: Parties) -> None:
    programme = parties.programme()

    found = concordance.translators(programme, agreement.agreed(programme, ONE))

    (n,) = found["en"].values()
    assert list(found) == ["en"] and list(found["en"]) == ["RU"]
    act = programme.entry("RU", n).act
    assert isinstance(act, Propose) and "en" in act.translations


def test_an_agreed_term_has_to_stand_in_every_language(parties: Parties) -> None:
    agreed_term(parties)
    programme = parties.programme()

    uses = list(concordance.uses(programme, GAS))

    assert [(use.about, use.lacking) for use in uses] == [(ONE, ("en",))]
    told = [str(one) for one in concordance.discord(programme, agreement.agreed(programme, ONE))]
    assert told[-1].startswith("The agreed term “natural gas” does not stand in EN")


def test_a_term_that_is_only_proposed_binds_no_words(parties: Parties) -> None:
    parties.act("BY", Propose("term:gas", {"words": {"ru": GAS["ru"]}}, {"en": {"words": GAS["en"]}}))

    assert concordance.terms(parties.programme()) == []


@pytest.mark.parametrize(
    ("term", "text", "there"),
    [
        ("природный газ", "Цены природного газа растут.", True),
        ("природный газ", "Природным газом торгуют.", True),
        ("природный газ", "Природа и газ.", False),
        ("road map", "Road maps are agreed.", True),
        ("party", "The Parties agree.", True),
        ("tax", "Syntax is free.", False),
        ("НДС", "Ставка НДС равна.", True),
    ],
)
def test_a_term_is_found_in_whatever_form_it_stands(term: str, text: str, there: bool) -> None:
    assert stands(term, text) is there


def test_a_term_that_stands_nowhere_is_lacking_nowhere() -> None:
    assert lacking(GAS, {"ru": "Нефть.", "en": "Oil."}) == []
