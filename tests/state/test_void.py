"""Void entries: judged by their own past alone, kept, without effect."""

from typing import Any

import pytest

from paraph.acts import (
    Ack,
    Act,
    Delegate,
    Initial,
    Notify,
    Placed,
    Propose,
    Remark,
    Reserve,
    Return,
    Revoke,
    Rotate,
    Seal,
    Sign,
    TakeStance,
    proposal_id,
)
from paraph.record.keys import SecretKey
from paraph.state import agreement
from paraph.state.closing import root_of
from paraph.state.fold import apply
from tests.state.bare import GRANT, NODES, PEOPLE, ROOTS, Bare, name, words

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


# ---------------------------------------------------------------- full powers, by places


def grant(bare: Bare, key: SecretKey, **limits: Any) -> None:
    """Certify a person of AA with all powers."""
    act = Delegate(key.public.hex, {"en": "Person"}, {"en": "Office"}, GRANT, **limits)
    bare.place("AA", act, {}, root=True)


def by(bare: Bare, key: SecretKey, act: Act) -> str:
    """Let that person of AA act; why it is void, or ""."""
    n = len(bare.programme.by["AA"].entries)
    apply(bare.programme, Placed("AA", n, key.public.id, "", {}, act))
    return str(bare.programme.voids.get(("AA", n), ""))


@pytest.mark.parametrize("place", range(4))
def test_what_stands_before_a_revocation_stands_and_what_comes_after_is_void(place: int) -> None:
    bare = Bare(2)
    person = SecretKey(b"p" * 32)
    grant(bare, person)

    said = []
    for n in range(4):
        if n == place:
            bare.place("AA", Revoke(person.public.id), {}, root=True)
        said.append(by(bare, person, Propose(ABOUT, words(f"Words {n}"))))

    assert said[:place] == [""] * place
    assert all("revoked" in reason for reason in said[place:])
    assert len(bare.programme.on[ABOUT]) == place
    assert "already has full powers" in by(bare, ROOTS[0], Delegate(person.public.hex, {}, {}, GRANT))
    assert by(bare, PEOPLE[0], Propose(ABOUT, words("Of another"))) == ""


def test_a_second_revocation_moves_nothing() -> None:
    bare = Bare(2)
    person = SecretKey(b"p" * 32)
    grant(bare, person)
    bare.place("AA", Revoke(person.public.id), {}, root=True)
    place = len(bare.programme.by["AA"].entries) - 1

    bare.place("AA", Revoke(person.public.id), {}, root=True)

    assert bare.programme.by["AA"].grants[person.public.id].until == place


def test_full_powers_for_road_maps_cover_these_and_nothing_of_the_whole_programme() -> None:
    bare = Bare(2, (ABOUT, words("First")), ("card:oil", {"number": 2, "title": {"en": "Oil"}}))
    person = SecretKey(b"p" * 32)
    grant(bare, person, road_maps=["gas"])
    bare.act("AA", Propose("meeting:one", {"words": {"en": "Agenda"}}))
    meeting = proposal_id("meeting:one", {"words": {"en": "Agenda"}})
    text, lines = root_of(["line"]), ["line"]
    prog = bare.programme.charter.prog

    assert by(bare, person, TakeStance(name(ABOUT, "First"), "accepts")) == ""
    assert by(bare, person, Initial("road_map:gas", "", prog, text, lines)) == ""
    for act in (
        Propose("provision:oil/one", words("Words")),
        Return("oil", {"en": "because"}),
        Initial("road_map:oil", "", prog, text, lines),
        Propose("charter", {"steps": []}),
        Propose("tasking:one", {"words": {"en": "Task"}}),
        TakeStance(meeting, "accepts"),
        Remark("meeting:one", {"en": "Word"}),
        Initial("charter", "", prog, text, lines),
        Initial("decision:one", "", prog, text, lines),
        Seal("charter", "", text),
        Sign("decision:one", text, {"en": "Powers"}),
        Notify("decision:one", text),
    ):
        assert "the full powers" in by(bare, person, act), act


def test_a_package_needs_full_powers_for_all_its_road_maps() -> None:
    other = "provision:oil/one"
    card = ("card:oil", {"number": 2, "title": {"en": "Oil"}})
    bare = Bare(2, (ABOUT, words("First")), card, (other, words("Second")))
    gas, both = SecretKey(b"g" * 32), SecretKey(b"b" * 32)
    grant(bare, gas, road_maps=["gas"])
    grant(bare, both, road_maps=["gas", "oil"])
    act = Propose(
        "package:one",
        {"title": {"en": "Deal"}, "members": [name(ABOUT, "First"), name(other, "Second")]},
    )

    assert "road map oil" in by(bare, gas, act)
    assert by(bare, both, act) == ""


def test_who_accepts_ad_referendum_only_confirms_and_closes_nothing() -> None:
    bare = Bare(2, (ABOUT, words("First")))
    person = SecretKey(b"p" * 32)
    grant(bare, person, ad_referendum_only=True)
    first, prog = name(ABOUT, "First"), bare.programme.charter.prog

    allowed: list[Act] = [
        TakeStance(first, "accepts", "ad_referendum"),
        TakeStance(first, "in_substance"),
        TakeStance(first, "holds"),
        Propose(ABOUT, words("Other")),
        Return("gas", {"en": "because"}),
    ]
    refused: list[Act] = [
        TakeStance(first, "accepts"),
        Initial("road_map:gas", "", prog, root_of(["line"]), ["line"]),
        Seal("road_map:gas", "", root_of(["line"])),
        Sign("road_map:gas", root_of(["line"]), {}),
    ]

    for act in allowed:
        assert by(bare, person, act) == ""
    for act in refused:
        assert "ad referendum only" in by(bare, person, act)


# ---------------------------------------------------------------- root keys, by places


def test_root_keys_certify_until_they_are_replaced_and_the_new_ones_from_there() -> None:
    bare = Bare(2)
    old, new, node = ROOTS[0], SecretKey(b"r" * 32), SecretKey(b"n" * 32)
    before, after = SecretKey(b"1" * 32), SecretKey(b"2" * 32)
    turn = Rotate([new.public.hex], 1, node.public.hex, 1)

    assert by(bare, old, Delegate(before.public.hex, {}, {}, GRANT)) == ""
    assert "root keys" in by(bare, new, Delegate(after.public.hex, {}, {}, GRANT))
    assert by(bare, old, turn) == ""
    assert "root keys" in by(bare, old, Delegate(after.public.hex, {}, {}, GRANT))
    assert by(bare, new, Delegate(after.public.hex, {}, {}, GRANT)) == ""
    assert "next version" in by(bare, new, turn)

    for person in (before, after):
        assert by(bare, person, Propose(ABOUT, words(f"By {person.public.id}"))) == ""
    assert "only the node" in by(bare, NODES[0], Ack({}))
    assert by(bare, node, Ack({})) == ""


def test_another_partys_keys_stay_when_one_rotates() -> None:
    bare = Bare(2)
    turn = Rotate([SecretKey(b"r" * 32).public.hex], 1, SecretKey(b"n" * 32).public.hex, 1)

    assert by(bare, ROOTS[0], turn) == ""

    bare.place("BB", Revoke(PEOPLE[1].public.id), {}, root=True)
    assert bare.programme.voids == {}
