"""Whoever writes whatever: what is void, agreed and bound follows from the entries alone."""

import random
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from paraph.acts import Placed, Propose
from paraph.state import agreement
from paraph.state.closing import chain
from paraph.state.programme import Programme
from tests.state.rogue import OBJECTS, SOFT, SUBJECTS, fold, registers, shuffled, voids, write

PROGRAMMES = 120


def told(programme: Programme) -> dict[str, object]:
    """All that follows from the entries, in whatever order they came."""
    return {
        "voids": voids(programme),
        "registers": registers(programme),
        "agreed": {about: agreement.agreed(programme, about) for about in (*SUBJECTS, "package:one")},
        "live": {about: agreement.live(programme, about) for about in SUBJECTS},
        "bound": {about: bound(programme, programme.sizes(), about) for about in OBJECTS},
    }


def bound(programme: Programme, cut: dict[str, int], about: str) -> list[str]:
    """The closings of an object within a cut."""
    return [one.text for one in chain(programme, about, cut)]


def first_difference(one: dict[str, object], other: dict[str, object]) -> str:
    """What differs, by name; "" where nothing does."""
    return next((name for name in one if one[name] != other[name]), "")


@pytest.mark.parametrize("parties", [2, 3])
def test_every_order_of_arrival_gives_one_state_whatever_is_written(parties: int) -> None:
    void = 0
    for seed in range(PROGRAMMES):
        picker = random.Random(seed)
        entries = write(picker, 50, parties, closing=0.1)
        first = told(fold(entries, parties))

        for _ in range(3):
            assert first_difference(first, told(fold(shuffled(picker, entries), parties))) == "", seed
        void += len(fold(entries, parties).voids)
    assert void > PROGRAMMES * 5


def known_to(entries: Sequence[Placed], one: Placed) -> list[Placed]:
    """An entry with its past alone."""
    return [
        placed
        for placed in entries
        if placed.n < (one.n + 1 if placed.log == one.log else one.past.get(placed.log, 0))
    ]


def test_entries_outside_its_past_never_change_whether_an_entry_is_void_nor_why() -> None:
    void = 0
    for seed in range(PROGRAMMES // 4):
        entries = write(random.Random(seed), 45)
        whole = voids(fold(entries))

        for one in entries:
            alone = voids(fold(known_to(entries, one)))

            assert alone.get((one.log, one.n)) == whole.get((one.log, one.n)), (seed, one)
            void += (one.log, one.n) in alone
    assert void > PROGRAMMES // 2


def test_what_an_entry_replaces_changes_no_state() -> None:
    for seed in range(PROGRAMMES):
        picker = random.Random(seed)
        entries = write(picker, 50)
        names = [placed.act for placed in entries if isinstance(placed.act, Propose)]
        assert names

        other = [
            replace(placed, act=replace(placed.act, replaces=picker.choice(("", "ab" * 32, "cd" * 32))))
            if isinstance(placed.act, Propose)
            else placed
            for placed in entries
        ]

        assert first_difference(told(fold(entries)), told(fold(other))) == "", seed


def test_claimed_times_change_no_state() -> None:
    for seed in range(PROGRAMMES):
        picker = random.Random(seed)
        entries = write(picker, 50)

        other = [
            replace(placed, at=f"20{picker.randint(10, 99)}-01-01T00:00:00Z", act=placed.act)
            for placed in entries
        ]

        assert first_difference(told(fold(entries)), told(fold(other))) == "", seed


def test_what_is_bound_is_the_same_with_all_that_is_not_a_closing_left_out() -> None:
    closed = 0
    for seed in range(PROGRAMMES):
        entries = write(random.Random(seed), 60, 2, closing=0.3)
        whole = fold(entries, 2)

        bare = fold([_silent(placed) for placed in entries], 2)

        for about in ("road_map:gas", "road_map:oil"):
            assert bound(bare, bare.sizes(), about) == bound(whole, whole.sizes(), about), seed
            closed += bool(bound(whole, whole.sizes(), about))
    assert closed > 10


def _silent(placed: Placed) -> Placed:
    """A remark in the place of a soft act; road maps are opened and charters put forward all the same."""
    act = placed.act
    named = isinstance(act, Propose) and act.subject.partition(":")[0] in ("card", "charter")
    return replace(placed, act=None, trouble="closed") if isinstance(act, SOFT) and not named else placed
