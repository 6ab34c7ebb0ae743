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


def test_the_sketched_provision_has_three_open_points_one_of_them_nested() -> None:
    start = "wholesale prices for consumers of the Republic of Belarus shall be"
    entry = "From the entry into force of the addendum on the joint market"
    contracts = "agreed in contracts between economic entities"
    nodes = brackets(
        [
            Alternative(
                "a",
                f"From 1 January 2022, {start} formed on the same principles as those for consumers"
                " of the Smolensk region.",
                ("BY",),
            ),
            Alternative(
                "b",
                f"{entry}, {start} {contracts} at a level not above the prices of the domestic market.",
                ("BY",),
            ),
            Alternative(
                "c",
                f"{entry}, {start} {contracts} having regard to the prices of the domestic market.",
                ("RU",),
            ),
        ]
    )

    assert as_text(nodes) == (
        "From [BY: 1 January 2022] [BY, RU: the entry into force of the addendum on the joint market],"
        f" {start} [BY: formed on the same principles as those for consumers of the Smolensk region]"
        f" [BY, RU: {contracts} [BY: at a level not above] [RU: having regard to]"
        " the prices of the domestic market]."
    )
    assert (open_points(nodes), bracket_count(nodes)) == (3, 6)


def test_a_decimal_stands_whole_in_its_bracket() -> None:
    assert as_text(brackets(two("Цена 1,5 млн.", "Цена 1,7 млн."))) == "Цена [BY: 1,5] [RU: 1,7] млн."


def test_a_sign_against_a_word_keeps_the_space_before_both_brackets() -> None:
    nodes = brackets(two("Prices, equal and fair.", "Prices and equal and fair."))

    assert as_text(nodes) == "Prices [BY: ,] [RU: and] equal and fair."


def test_a_whole_paragraph_of_one_side_stands_in_brackets_of_its_own() -> None:
    nodes = brackets(two("One.\nTwo words.", "One.\nZero.\nTwo words."))

    assert as_text(nodes) == "One.\n[RU: Zero.]\nTwo words."


def test_a_small_word_that_only_all_three_share_does_not_split_their_brackets() -> None:
    nodes = brackets(
        [
            Alternative("a", "From one two three four of five six seven eight on.", ("BY",)),
            Alternative("b", "From one two North South of five six East West on.", ("RU",)),
            Alternative("c", "From red blue three four of green black seven eight on.", ("KZ",)),
        ]
    )

    assert open_points(nodes) == 1


def test_one_wording_alone_has_no_brackets() -> None:
    nodes = brackets([Alternative("a", "Words.", ("BY",))])

    assert (as_text(nodes), open_points(nodes), bracket_count(nodes)) == ("Words.", 0, 0)


def test_equal_wordings_of_two_proposals_share_one_bracket() -> None:
    nodes = brackets(
        [*two("Prices rise.", "Prices fall."), Alternative("c", "Prices fall.", ("KZ",))],
    )

    assert as_text(nodes) == "Prices [BY: rise] [KZ, RU: fall]."


def test_a_deletion_stands_against_all_other_words() -> None:
    nodes = brackets([*two("Prices rise.", "Prices fall."), Alternative("c", None, ("KZ",))])

    assert as_text(nodes) == "[BY, RU: Prices [BY: rise] [RU: fall].] [KZ: –]"
    assert project(nodes, "c") == ""


@given(st.lists(st.text("ab ,\n", max_size=25).map(str.strip), min_size=1, max_size=6))
def test_no_spacing_is_lost_between_brackets(texts: list[str]) -> None:
    nodes = brackets([Alternative(str(i), text, (f"P{i}",)) for i, text in enumerate(texts)])

    assert [project(nodes, str(i)) for i in range(len(texts))] == texts
    assert bracket_count(nodes) <= as_text(nodes).count("[")


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_open_points_never_touch(texts: list[str]) -> None:
    nodes = brackets([Alternative(str(i), text, (f"P{i}",)) for i, text in enumerate(texts)])

    kinds = [type(node).__name__ for node in nodes]
    assert all(one != other for one, other in zip(kinds, kinds[1:], strict=False))


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
