"""Brackets follow from the live proposals: every alternative can be read out of them."""

from hypothesis import given
from hypothesis import strategies as st

from paraph.text.brackets import Alternative, as_text, bracket_count, brackets, open_points, project
from paraph.text.words import accept, redline, reject, tokens

WORDS = st.lists(
    st.sampled_from(
        [
            "the",
            "Parties",
            "shall",
            "agree",
            "on",
            "gas",
            ",",
            "prices",
            ".",
            "в",
            "срок",
            "до",
            "1",
            "января",
        ]
    ),
    max_size=30,
)
TEXTS = WORDS.map(" ".join)


def two(by: str, ru: str) -> list[Alternative]:
    """One wording of each side."""
    return [Alternative("a", by, ("BY",)), Alternative("b", ru, ("RU",))]


def test_a_word_that_differs_stands_in_named_brackets() -> None:
    nodes = brackets(two("The Parties shall agree.", "The Parties should agree."))

    assert as_text(nodes) == "The Parties [BY: shall] [RU: should] agree."
    assert (open_points(nodes), bracket_count(nodes)) == (1, 2)


def test_words_of_one_side_only_stand_in_its_bracket_alone() -> None:
    nodes = brackets(two("Prices are equal and published.", "Prices are equal."))

    assert as_text(nodes) == "Prices are equal [BY: and published]."


def test_a_proposed_deletion_shows_a_dash() -> None:
    nodes = brackets([Alternative("a", "Words.", ("BY",)), Alternative("b", None, ("RU",))])

    assert as_text(nodes) == "[BY: Words.] [RU: –]"


def test_wordings_that_are_alike_nest_in_one_bracket() -> None:
    nodes = brackets(
        [
            Alternative("a", "Prices are formed as in Smolensk.", ("BY",)),
            Alternative(
                "b", "Prices are agreed in contracts having regard to the market as a whole.", ("RU",)
            ),
            Alternative("c", "Prices are agreed in contracts not above the market as a whole.", ("BY",)),
        ]
    )

    text = as_text(nodes)

    assert "[BY, RU: agreed in contracts" in text
    assert text.count("[") == text.count("]") == bracket_count(nodes)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_every_alternative_reads_out_of_the_brackets(texts: list[str]) -> None:
    alternatives = [Alternative(str(i), text, (f"P{i}",)) for i, text in enumerate(texts)]

    nodes = brackets(alternatives)

    for one in alternatives:
        assert project(nodes, one.key) == one.words


@given(TEXTS, TEXTS)
def test_accepting_a_redline_gives_the_new_words_and_rejecting_the_old(old: str, new: str) -> None:
    segments = redline(old, new)

    assert accept(segments) == new
    assert reject(segments) == old


@given(st.text(max_size=100))
def test_tokens_join_to_the_words(words: str) -> None:
    assert "".join(tokens(words)) == words


def test_equal_words_are_not_marked() -> None:
    assert [s.kind for s in redline("Same words.", "Same words.")] == ["same"]
