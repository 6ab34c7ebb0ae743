"""The scrub: from where the text is complete, by pairs of proposals, each party naming the class."""

import pytest

from paraph.acts import Change, Remark, Resume, Return
from paraph.state import cuts, scrub
from paraph.state.errors import Refused
from tests.parties import Parties

ONE, TWO = "provision:gas/one", "provision:gas/two"


@pytest.fixture
def parties() -> Parties:
    """A road map whose text is complete."""
    made = Parties.make("BY", "RU")
    made.road_map("gas")
    return made


def changed(parties: Parties, code: str = "BY") -> list[scrub.Change]:
    """The changes of the scrub, as a node sees them."""
    programme = parties.programme(code)
    begun = scrub.complete_since(programme, "gas")
    assert begun is not None
    return scrub.changes(cuts.at(programme, begun[1]), programme, "gas")


def revise(parties: Parties, text: str = "Слова первые.") -> Change:
    """Agree on other words of the first provision; return the pair, typographic."""
    old = parties.programme().by["BY"].choices[ONE].proposal
    new = parties.agree(ONE, {"words": {"ru": text}})
    return Change(old, new, "typographic")


def test_the_scrub_begins_with_the_entry_that_completes_the_text(parties: Parties) -> None:
    programme = parties.programme()
    begun = scrub.complete_since(programme, "gas")

    assert begun is not None
    assert begun[0] == programme.by["RU"].entries[-1]
    assert changed(parties) == []
    assert scrub.complete_since(Parties.make("BY", "RU").programme(), "gas") is None


def test_a_change_is_the_pair_of_what_was_and_what_is_agreed(parties: Parties) -> None:
    first = revise(parties)
    second = revise(parties, "Слова самые первые.")
    parties.words("RU", TWO, "Иное.", accept=True)
    parties.exchange()

    found = changed(parties)

    assert [(one.subject, one.old, one.new) for one in found][0] == (ONE, first.old, second.new)
    assert found[1].subject == TWO and not found[1].new and len(found[1].live) == 2
    assert changed(parties, "RU") == found  # every node sees the same


def test_a_class_is_confirmed_when_all_parties_name_the_same(parties: Parties) -> None:
    pair = revise(parties)
    both = parties.programme().parties
    parties.act("BY", Remark(ONE, change=pair))
    parties.exchange()
    alone = changed(parties)[0]
    parties.act("RU", Remark(ONE, change=Change(pair.old, pair.new, "substantive")))
    parties.exchange()
    apart = changed(parties)[0]
    parties.act("RU", Remark(ONE, change=pair))
    parties.exchange()
    together = changed(parties)[0]

    assert (alone.confirmed(both), alone.disputed()) == ("", False)
    assert (apart.confirmed(both), apart.disputed()) == ("", True)
    assert (together.confirmed(both), together.disputed()) == ("typographic", False)


def test_a_confirmed_class_does_not_outlive_the_words(parties: Parties) -> None:
    pair = revise(parties)
    for code in ("BY", "RU"):
        parties.act(code, Remark(ONE, change=pair))
        parties.exchange()

    revise(parties, "Слова совсем иные.")

    assert changed(parties)[0].classes == {}


def test_a_return_to_refinement_ends_the_scrub_and_the_next_complete_text_begins_another(
    parties: Parties,
) -> None:
    revise(parties)
    parties.act("RU", Return("gas", {"ru": "Пересмотреть цены."}))
    parties.exchange()
    assert scrub.complete_since(parties.programme(), "gas") is None

    parties.act("RU", Resume("gas"))
    parties.exchange()

    assert changed(parties) == []


@pytest.mark.parametrize("place", ["old", "new"])
def test_the_class_of_words_that_were_not_proposed_on_the_subject_is_refused(
    parties: Parties, place: str
) -> None:
    pair = revise(parties)
    other = parties.programme().by["BY"].choices[TWO].proposal
    wrong = Change(other, pair.new, "numbering") if place == "old" else Change(pair.old, other, "numbering")

    with pytest.raises(Refused, match="no effect"):
        parties.act("BY", Remark(ONE, change=wrong))
