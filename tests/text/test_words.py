"""Which words of a text are other words in another, so that a reader sees it at once."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.text.words import accept, redline, reject, shared_runs, tokens

LETTERS = st.lists(st.sampled_from("abcde"), max_size=40)


def marked(old: str, new: str) -> list[tuple[str, str]]:
    """What a redline strikes and adds."""
    return [(s.kind, s.text) for s in redline(old, new) if s.kind != "same"]


def longest(a: list[str], b: list[str]) -> int:
    """The length of the longest common subsequence, by the book."""
    rows = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            rows[i + 1][j + 1] = rows[i][j] + 1 if one == other else max(rows[i][j + 1], rows[i + 1][j])
    return rows[-1][-1]


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("Цена 1,5 млн", " 1,5"),
        ("до 10 000 тонн", " 10 000"),
        ("на 1 234 567,8 рублей", " 1 234 567,8"),
        ("старый за\u0301мок", " за\u0301мок"),
        ("5G-сети, км/ч", " км/ч"),
        ("п\u2019ять статей", "п\u2019ять"),
    ],
)
def test_what_people_read_as_one_word_or_number_is_never_cut(words: str, whole: str) -> None:
    found = tokens(words)

    assert whole in found
    assert "".join(found) == words


def test_a_number_after_a_year_stays_apart() -> None:
    assert tokens("в 2021 300 тонн") == ["в", " 2021", " 300", " тонн"]


def test_only_the_changed_word_is_marked() -> None:
    old = "The Parties shall agree on prices."

    assert marked(old, old.replace("shall", "should")) == [("deleted", " shall"), ("inserted", " should")]


def test_a_decimal_changes_whole() -> None:
    assert marked("Цена 1,5 млн.", "Цена 1,7 млн.") == [("deleted", " 1,5"), ("inserted", " 1,7")]


def test_small_words_between_two_changes_do_not_split_them() -> None:
    old = "equal to those for consumers of the Smolensk region from January"
    new = "equal to the prices of the domestic market from January"

    found = marked(old, new)

    assert [kind for kind, _text in found] == ["deleted", "inserted"]


def test_a_number_between_two_changes_is_kept() -> None:
    old = "not later than 30 days before"
    new = "within at most 30 calendar months after"

    assert (" 30") not in "".join(text for _kind, text in marked(old, new))


def test_words_that_repeat_without_end_are_still_compared() -> None:
    old = "a b " * 60 + "x"
    new = "b a " * 60 + "y"

    same = sum(len(tokens(s.text)) for s in redline(old, new) if s.kind == "same")

    assert same > 110


@given(LETTERS, LETTERS)
def test_within_a_small_gap_no_longer_common_run_exists(a: list[str], b: list[str]) -> None:
    found = [(i + k, j + k) for (i, j), length in shared_runs(a, b) for k in range(length)]

    assert all(a[i] == b[j] for i, j in found)
    assert all(i < x and j < y for (i, j), (x, y) in zip(found, found[1:], strict=False))
    if len(a) * len(b) <= 64:
        assert len(found) == longest(a, b)


@given(st.text("ab ,.\n1", max_size=60), st.text("ab ,.\n1", max_size=60))
def test_any_redline_gives_both_texts_back(old: str, new: str) -> None:
    segments = redline(old, new)

    assert (reject(segments), accept(segments)) == (old, new)
    assert all(one.kind != other.kind for one, other in zip(segments, segments[1:], strict=False))


def adversarial(junk: str, count: int) -> str:
    """Words of which each stands once only after all earlier ones are set aside."""
    words = ["core"]
    for k in range(count, 0, -1):
        words += [f"{junk}{k}", f"x{k}", f"{junk}b{k}", f"x{k + 1}"]
    return " ".join([*words, junk])


def test_no_text_makes_comparison_slow_or_too_deep() -> None:
    picker = random.Random(1)
    few = [" ".join(picker.choice("abcdefgh") for _ in range(5_000)) for _ in range(2)]
    texts = [(adversarial("p", 2_400), adversarial("q", 2_400)), (few[0], few[1])]

    begun = time.process_time()
    for old, new in texts:
        assert accept(redline(old, new)) == new

    assert time.process_time() - begun < 5  # it takes about 0.05 s
