"""Void entries: judged by their own past alone, kept, without effect."""

from paraph.acts import Propose, Reserve, TakeStance
from paraph.state import agreement
from tests.state.bare import Bare, name, words

ABOUT = "provision:gas/one"


def test_a_stance_on_a_proposal_outside_its_past_is_void_though_the_proposal_is_held() -> None:
    bare = Bare(2, (ABOUT, words("First")))

    bare.place("BB", TakeStance(name(ABOUT, "First"), "accepts"), {})

    assert ("BB", 1) in bare.programme.voids
    assert agreement.stance(bare.programme, "BB", name(ABOUT, "First")) is None


def test_the_same_stance_counts_once_its_past_holds_the_proposal() -> None:
    bare = Bare(2, (ABOUT, words("First")))

    bare.act("BB", TakeStance(name(ABOUT, "First"), "accepts"))

    assert bare.programme.voids == {}


def test_a_reserve_on_what_nobody_had_proposed_is_void() -> None:
    bare = Bare(2)

    bare.act("AA", Reserve(ABOUT, "scrutiny"))

    assert len(bare.programme.voids) == 1


def test_words_on_a_road_map_that_was_never_opened_are_void() -> None:
    bare = Bare(2)

    bare.act("AA", Propose("provision:oil/one", words("Words")))

    assert "oil" in str(next(iter(bare.programme.voids.values())))


def test_words_that_mix_two_alphabets_are_void_for_everybody() -> None:
    bare = Bare(2)

    bare.act("BB", Propose(ABOUT, words("Стaтья")))

    assert len(bare.programme.voids) == 1
    assert bare.programme.on.get(ABOUT, []) == []
