"""Outlines: computed numbers, changes, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.text.errors import TextRefused
from paraph.text.outline import check_outline, compare_outlines, insert_after, move, numbers, remove, roman

PLAIN = [(1, "s1"), (2, "a"), (2, "b"), (1, "s2"), (2, "c"), (1, "measure:x/m1")]


def test_numbers_follow_from_the_order() -> None:
    assert numbers(PLAIN) == {
        "s1": "I",
        "a": "1.1",
        "b": "1.2",
        "s2": "II",
        "c": "2.1",
        "measure:x/m1": "M1",
    }


def test_a_provision_outside_any_section_has_a_plain_number_in_the_same_count() -> None:
    assert numbers([(1, "a"), (1, "s"), (2, "b"), (3, "c"), (1, "d")]) == {
        "a": "1",
        "s": "II",
        "b": "2.1",
        "c": "2.1.1",
        "d": "3",
    }


def test_measures_are_counted_apart_and_change_no_number() -> None:
    provisions = [(1, "s1"), (2, "a"), (2, "b"), (1, "c")]
    between = [(1, "measure:x/m1"), *provisions[:1], (2, "measure:x/m2"), *provisions[1:]]

    found = numbers(between)

    assert (found.pop("measure:x/m1"), found.pop("measure:x/m2")) == ("M1", "M2")
    assert found == numbers(provisions)


def test_an_outline_may_hold_measures_only() -> None:
    assert numbers([(1, "measure:x/m1"), (1, "measure:x/m2")]) == {"measure:x/m1": "M1", "measure:x/m2": "M2"}


def test_nothing_stands_below_a_measure() -> None:
    with pytest.raises(TextRefused):
        check_outline([(1, "measure:x/m1"), (2, "a")])


@pytest.mark.parametrize(
    ("number", "written"), [(1, "I"), (4, "IV"), (39, "XXXIX"), (90, "XC"), (149, "CXLIX"), (400, "CD")]
)
def test_sections_carry_roman_numbers(number: int, written: str) -> None:
    assert roman(number) == written


@pytest.mark.parametrize(
    "items", [[], [(1, "a"), (1, "a")], [(2, "a")], [(1, "a"), (3, "b")], [(n, str(n)) for n in range(1, 8)]]
)
def test_what_is_no_outline_is_refused(items: list[tuple[int, str]]) -> None:
    with pytest.raises(TextRefused):
        check_outline(items)


def test_an_insertion_renumbers_and_moves_nothing() -> None:
    change = compare_outlines(PLAIN, insert_after(PLAIN, "a", "new", 2))

    assert change.inserted == ("new",)
    assert (change.deleted, change.moved) == ((), ())
    assert change.renumbered == {"b": ("1.2", "1.3")}


def test_a_new_section_takes_over_no_provision_of_another() -> None:
    found = insert_after(PLAIN, "a", "new", 1)

    assert found[:5] == [(1, "s1"), (2, "a"), (2, "b"), (1, "new"), (1, "s2")]


def test_a_provision_of_the_same_level_goes_behind_all_below_its_anchor() -> None:
    items = [(1, "s"), (2, "a"), (3, "b"), (2, "c")]

    assert insert_after(items, "a", "new", 2) == [(1, "s"), (2, "a"), (3, "b"), (2, "new"), (2, "c")]


def test_a_section_moves_with_all_below_it() -> None:
    assert [item for _level, item in move(PLAIN, "s1", "c")][:5] == ["s2", "c", "s1", "a", "b"]


def test_a_section_does_not_move_behind_its_own_provision() -> None:
    with pytest.raises(TextRefused):
        move(PLAIN, "s1", "a")


def test_a_provision_that_is_not_there_is_named() -> None:
    with pytest.raises(TextRefused, match="nowhere"):
        move(PLAIN, "a", "nowhere")


def test_what_came_and_went_is_told_apart_from_what_moved() -> None:
    change = compare_outlines([(1, "a"), (1, "b"), (1, "c")], [(1, "c"), (1, "a"), (1, "d")])

    assert (change.inserted, change.deleted, change.moved) == (("d",), ("b",), ("c",))


def test_a_provision_at_another_level_has_moved() -> None:
    change = compare_outlines([(1, "s"), (2, "a"), (2, "b")], [(1, "s"), (2, "a"), (3, "b")])

    assert change.moved == ("b",)


def test_a_moved_provision_is_the_only_one_that_moved() -> None:
    change = compare_outlines(PLAIN, move(PLAIN, "a", "c"))

    assert change.moved == ("a",)


def test_a_provision_with_others_below_it_is_not_deleted() -> None:
    with pytest.raises(TextRefused):
        remove(PLAIN, "s1")


@given(st.permutations(list("abcdefgh")))
def test_moves_and_steady_items_make_up_the_whole(order: list[str]) -> None:
    old = [(1, item) for item in "abcdefgh"]

    change = compare_outlines(old, [(1, item) for item in order])

    steady = [item for item in order if item not in change.moved]
    assert steady == sorted(steady)
    assert not change.inserted
    assert not change.deleted


@given(st.permutations(list("abcdefgh")))
def test_no_fewer_moves_would_do(order: list[str]) -> None:
    old = [(1, item) for item in "abcdefgh"]
    longest = [1] * len(order)
    for i, item in enumerate(order):
        longest[i] += max((longest[j] for j in range(i) if order[j] < item), default=0)

    change = compare_outlines(old, [(1, item) for item in order])

    assert len(order) - len(change.moved) == max(longest)


@given(st.integers(0, 5), st.sampled_from(["s1", "a", "b", "s2", "c", ""]), st.integers(1, 3))
def test_an_insertion_or_a_deletion_alone_moves_nothing(gone: int, anchor: str, level: int) -> None:
    grown = insert_after(PLAIN, anchor, "new", level)

    assert compare_outlines(PLAIN, grown).moved == ()
    check_outline(grown)
    if PLAIN[gone][1] not in ("s1", "s2"):
        assert compare_outlines(PLAIN, remove(PLAIN, PLAIN[gone][1])).deleted == (PLAIN[gone][1],)
