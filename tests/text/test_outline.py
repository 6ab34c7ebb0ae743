"""Outlines: computed numbers, changes, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.text.errors import TextRefused
from paraph.text.outline import check_outline, compare_outlines, insert_after, move, numbers, remove

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
