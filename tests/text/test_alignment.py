"""Which paragraph became which, whatever was done to a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.text.alignment import Step, align

TEXTS = st.lists(
    st.sampled_from(["", "a", "a b", "a b c d", "b c d e f", "x", "x y z", "c d e f x y"]), max_size=12
)
GAS = "The price of natural gas is equal for all consumers of the union from January"
OIL = "Crude oil is carried through pipelines of either party without any transit duty"
TAX = "Indirect taxes are levied by the country of destination under one joint system"
END = "This programme is carried out within three years after the day of its signature"


def fates(old: list[str], new: list[str]) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    """What became of the paragraphs, those left out that stay alone."""
    return [
        (step.kind, step.old, step.new)
        for step in align(old, new)
        if (step.kind, len(step.old), len(step.new)) != ("stays", 1, 1)
    ]


@given(TEXTS, TEXTS)
def test_every_paragraph_stands_once_in_each_reading(old: list[str], new: list[str]) -> None:
    steps = align(old, new)

    was = [i for step in steps if step.kind not in ("inserted", "comes") for i in step.old]
    now = [j for step in steps if step.kind not in ("deleted", "leaves") for j in step.new]
    assert was == list(range(len(old)))
    assert now == list(range(len(new)))
    left = sorted((step.old, step.new) for step in steps if step.kind == "leaves")
    assert left == sorted((step.old, step.new) for step in steps if step.kind == "comes")


@given(TEXTS)
def test_a_text_is_its_own(text: list[str]) -> None:
    assert align(text, text) == [Step("stays", (i,), (i,)) for i in range(len(text))]


def test_an_edited_paragraph_is_still_the_same() -> None:
    assert fates([GAS, OIL, TAX], [GAS, OIL.replace("any transit", "a"), TAX]) == []


def test_inserted_and_deleted_paragraphs_are_told_from_edited_ones() -> None:
    assert fates([GAS, OIL, END], [GAS, TAX, END]) == [("deleted", (1,), ()), ("inserted", (), (1,))]


def test_the_fewest_paragraphs_move() -> None:
    moved = [("leaves", (0,), (3,)), ("comes", (0,), (3,))]

    assert fates([GAS, OIL, TAX, END], [OIL, TAX, END, GAS]) == moved


def test_what_moved_may_be_edited() -> None:
    edited = GAS.replace("January", "July")

    assert fates([GAS, OIL, TAX], [OIL, TAX, edited]) == [("leaves", (0,), (2,)), ("comes", (0,), (2,))]


def test_a_split_and_a_joining_are_found() -> None:
    first, second = OIL[:39], OIL[40:]

    assert fates([GAS, OIL, TAX], [GAS, first, second, TAX]) == [("stays", (1,), (1, 2))]
    assert fates([GAS, first, second, TAX], [GAS, OIL, TAX]) == [("stays", (1, 2), (1,))]


@pytest.mark.parametrize("gone", [0, 1])
def test_an_equal_heading_goes_with_the_text_below_it(gone: int) -> None:
    old = ["Article", GAS, "Article", OIL, "Article", TAX]
    new = old[:2] + old[4:] if gone else ["Article", END, *old]

    if gone:
        assert fates(old, new) == [("deleted", (2,), ()), ("deleted", (3,), ())]
    else:
        assert fates(old, new) == [("inserted", (), (0,)), ("inserted", (), (1,))]


def test_many_equal_paragraphs_are_paired_in_order() -> None:
    old, new = ["Reserved."] * 2_000 + [GAS], ["Reserved."] * 1_990 + [OIL]

    kinds = [step.kind for step in align(old, new)]

    assert kinds.count("stays") == 1_990
    assert kinds.count("deleted") == 11
