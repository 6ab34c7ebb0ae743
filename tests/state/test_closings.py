"""Closings under returns, reopenings and charters: what counts, what never does, and what stays."""

import itertools
from collections.abc import Iterator

import pytest

from paraph.acts import REOPENED, Initial, Propose, Return, Seal, Sign, TakeStance, proposal_id
from paraph.state import closing
from paraph.state.closing import root_of
from paraph.state.errors import Refused
from tests.parties import Parties
from tests.state.bare import CHARTERS, Bare

GAS = "road_map:gas"
LINES = ["the text"]
TEXT = root_of(LINES)
PROG = CHARTERS[2].prog


def initials(about: str = GAS, lines: list[str] = LINES, after: str = "") -> Initial:
    """Initials on a text."""
    return Initial(about, after, PROG, root_of(lines), lines)


def closed(bare: Bare, **cut: int) -> list[str]:
    """The closings of gas within so many entries of each log after the beginning; all by default."""
    sizes = {code: bare.offset[code] + size for code, size in cut.items()} or bare.programme.sizes()
    return [one.text for one in closing.chain(bare.programme, GAS, sizes)]


# ---------------------------------------------------------------- returns


def test_a_seal_that_knows_of_a_return_never_counts_though_the_party_has_initialled_again() -> None:
    bare = Bare(2)
    for code in ("AA", "BB"):
        bare.act(code, initials())
    bare.act("AA", Seal(GAS, "", TEXT))
    bare.act("AA", Return("gas", {"en": "because"}))

    bare.act("BB", Seal(GAS, "", TEXT))  # knows the return
    bare.act("AA", initials())
    bare.act("BB", Seal(GAS, "", TEXT))  # knows the return and the new initials

    assert closed(bare) == []
    assert [one for one in bare.programme.voids if one[0] == "BB"] == []  # valid entries, that bind nothing

    bare.act("AA", Seal(GAS, "", TEXT))  # over the new initials
    assert closed(bare) == [TEXT]
    (found,) = closing.closings(bare.programme, GAS)
    assert found.by("AA")[0].placed.n == bare.offset["AA"] + 3
    assert found.by("BB")[1].n == bare.offset["BB"] + 2


def test_initials_whose_leaving_was_acknowledged_before_the_seal_bind_nothing_whatever_follows() -> None:
    rest = [("AA", initials()), ("AA", Seal(GAS, "", TEXT)), ("BB", Seal(GAS, "", TEXT)), ("BB", initials())]
    for order in itertools.permutations(rest):
        bare = Bare(2)
        for code in ("AA", "BB"):
            bare.act(code, initials())
        left = bare.programme.sizes()["AA"]
        bare.act("AA", Return("gas", {"en": "because"}))
        bare.act("BB", TakeStance("ab" * 32, "holds"))  # whatever it is: it knows the return

        for code, act in order:
            bare.act(code, act)

        for found in closing.closings(bare.programme, GAS):
            assert found.by("AA")[0].placed.n > left, order


def test_a_sealed_text_whose_return_another_party_knows_is_not_completed_by_a_third() -> None:
    bare = Bare(3)
    prog = CHARTERS[3].prog
    for code in bare.codes:
        bare.act(code, Initial(GAS, "", prog, TEXT, LINES))
    bare.act("AA", Seal(GAS, "", TEXT))
    bare.act("AA", Return("gas", {"en": "because"}))
    bare.act("BB", Seal(GAS, "", TEXT))  # knows it

    known = {"AA": bare.offset["AA"] + 2, "BB": bare.offset["BB"] + 1}
    bare.place("CC", Seal(GAS, "", TEXT), known)  # does not

    assert closed(bare) == []


# ---------------------------------------------------------------- reopening


def test_after_a_reopening_no_initials_and_no_seal_from_before_count() -> None:
    parties = Parties.make()
    parties.road_map()
    for do in (parties.initial, parties.seal):
        for code in ("BY", "RU"):
            do(code)
            parties.exchange()
    first = closing.closings(parties.programme(), GAS)
    after = closing.after(parties.programme(), GAS)
    for step in (Initial(GAS, after, parties.charter.prog, REOPENED), Seal(GAS, after, REOPENED)):
        for code in ("BY", "RU"):
            parties.act(code, step)
            parties.exchange()
    assert closing.closed(parties.programme(), GAS) is None

    before = closing.after(parties.programme(), GAS)
    assert before not in ("", after)
    for code in ("BY", "RU"):  # the text is what it was, and nobody stands on it
        assert closing.standing(parties.programme(), code, GAS) is None
        with pytest.raises(Refused):
            parties.act(code, Seal(GAS, after, first[0].text))
    for code in ("BY", "RU"):
        parties.initial(code)
        parties.exchange()
    parties.seal("BY")
    parties.exchange()
    assert closing.closed(parties.programme(), GAS) is None
    parties.seal("RU")
    parties.exchange()

    assert [one.text for one in closing.closings(parties.programme(), GAS)] == [
        first[0].text,
        REOPENED,
        first[0].text,
    ]


def test_half_a_reopening_leaves_the_text_closed_in_every_half() -> None:
    steps = [
        ("AA", Initial(GAS, TEXT, PROG, REOPENED)),
        ("BB", Initial(GAS, TEXT, PROG, REOPENED)),
        ("AA", Seal(GAS, TEXT, REOPENED)),
        ("BB", Seal(GAS, TEXT, REOPENED)),
    ]
    for order in itertools.permutations(steps):
        bare = Bare(2)
        for step in (initials(), Seal(GAS, "", TEXT)):
            for code in ("AA", "BB"):
                bare.act(code, step)
        for place, (code, act) in enumerate(order):
            assert closed(bare) == [TEXT], (order, place)
            bare.act(code, act)
        at = [order.index(step) for step in steps]
        whole = max(at[:2]) < min(at[2:])

        assert closed(bare) == ([TEXT, REOPENED] if whole else [TEXT]), order


# ---------------------------------------------------------------- a charter sealed in every order


WITHDRAWS: dict[str, object] = {"steps": [{"change": "withdraw", "old": ["gas"]}]}
CHARTER = [f"charter {proposal_id('charter', WITHDRAWS)}"]
Order = tuple[str, str]


def races() -> Iterator[tuple[Bare, tuple[Order, Order]]]:
    """Both have initialled a text and a charter that ends its road map; each seals both, as it likes.

    What each seal knows of the other party's two seals runs through all that could be known.
    """
    about = {"text": (GAS, TEXT), "charter": ("charter", root_of(CHARTER))}
    for one, two in itertools.product(itertools.permutations(about), repeat=2):
        orders = ((one[0], one[1]), (two[0], two[1]))
        for known in itertools.product(range(3), repeat=4):
            mine = {"AA": known[:2], "BB": known[2:]}
            if known[0] > known[1] or known[2] > known[3]:
                continue
            bare = Bare(2, ("charter", WITHDRAWS))
            for code in ("AA", "BB"):
                bare.act(code, initials())
                bare.act(code, initials("charter", CHARTER))
            bare.offset = bare.programme.sizes()
            done = {"AA": 0, "BB": 0}
            for _turn in range(2):  # what still waits then would have to know what knows it
                for code, other, order in (("AA", "BB", orders[0]), ("BB", "AA", orders[1])) * 2:
                    place = done[code]
                    if place < 2 and mine[code][place] <= done[other]:
                        name, text = about[order[place]]
                        past = {other: bare.offset[other] + mine[code][place]}
                        bare.place(code, Seal(name, "", text), past)
                        done[code] += 1
            if sum(done.values()) < 4:
                continue
            yield bare, orders


def test_a_charter_sealed_in_every_order_against_a_text_denies_nothing_and_binds_nothing_later() -> None:
    raced = texts = charters_first = 0
    for bare, orders in races():
        whole = closed(bare)
        for mine, theirs in itertools.product(range(3), repeat=2):
            sizes = {"AA": bare.offset["AA"] + mine, "BB": bare.offset["BB"] + theirs}
            view = [one.text for one in closing.chain(bare.programme, GAS, sizes)]
            charter = closing.chain(bare.programme, "charter", sizes)
            assert view in ([], whole), orders  # what was bound stays bound
            if charter:
                assert view == whole, orders  # nothing more is bound once the charter is
            raced += 1
        texts += bool(whole)
        charters_first += not whole
        assert bool(whole) == (orders == (("text", "charter"),) * 2), orders
    assert raced > 300
    assert texts and charters_first


def test_what_is_final_under_the_former_charter_stays_final_and_can_be_signed_later() -> None:
    bare = Bare(2, ("charter", WITHDRAWS))
    for act in (initials(), Seal(GAS, "", TEXT), initials("charter", CHARTER)):
        for code in ("AA", "BB"):
            bare.act(code, act)
    for code in ("AA", "BB"):
        bare.act(code, Seal("charter", "", root_of(CHARTER)))
        assert closing.final(bare.programme, code, GAS)

    bare.act("AA", Sign(GAS, TEXT, {"en": "Full powers"}))
    bare.act("AA", initials(after=TEXT))
    bare.act("AA", Seal(GAS, TEXT, TEXT))

    assert [why for place, why in bare.programme.voids.items() if place[0] == "AA"] != []
    assert (GAS, TEXT) in bare.programme.by["AA"].signed
    assert closed(bare) == [TEXT]


def test_a_charter_that_one_party_alone_has_sealed_ends_nothing_for_the_others() -> None:
    bare = Bare(2, ("charter", WITHDRAWS))
    for act in (initials(), initials("charter", CHARTER)):
        for code in ("AA", "BB"):
            bare.act(code, act)
    bare.act("AA", Seal("charter", "", root_of(CHARTER)))
    bare.act("BB", Seal(GAS, "", TEXT))

    assert bare.programme.by["AA"].ended == {"gas"}
    assert bare.programme.by["BB"].ended == set()
    assert ("BB", bare.programme.sizes()["BB"] - 1) not in bare.programme.voids


def test_initials_on_a_charter_that_its_log_did_not_know_end_no_road_map() -> None:
    voids = []
    for first in ("AA", "BB"):
        bare = Bare(2)
        known = {"BB": bare.offset["BB"]}

        def proposes(bare: Bare = bare) -> None:
            bare.act("BB", Propose("charter", WITHDRAWS))

        def closes(bare: Bare = bare, known: dict[str, int] = known) -> None:
            for act in (initials("charter", CHARTER), Seal("charter", "", root_of(CHARTER))):
                bare.place("AA", act, known)
            for act in (initials(), Seal(GAS, "", TEXT)):
                bare.place("AA", act, known)

        for do in (closes, proposes) if first == "AA" else (proposes, closes):
            do()
        voids.append((dict(bare.programme.voids), bare.programme.by["AA"].ended))

    assert voids[0] == voids[1] == ({}, set())
