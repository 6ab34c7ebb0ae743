"""The class of a change, proposed from the difference: on sentences of real drafts and on made ones."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.papers.comparison import compare
from paraph.papers.files import read_file
from paraph.text.changes import CLASSES, Class, Context, classify, gravest, share
from paraph.text.words import accept, reject
from tests.papers.corpora import corpus

# Word for word from the drafts of 4 and 12 December 2015 and the Basic Law of 2012; the last pair is the one
# that was corrected in the hall before the Paris Agreement was adopted.
REAL: list[tuple[str, str, Class]] = [
    ("Parties to the United Nations Framework Convention on Climate Change (hereinafter referred to as",
     "Parties to the United Nations Framework Convention on Climate Change, hereinafter referred to as",
     "typographic"),
    ("Building resilience of socioeconomic and ecological systems",
     "Building the resilience of socioeconomic and ecological systems", "linguistic"),
    ("Each Party shall have one vote, except as provided in paragraph 2 of this Article.",
     "Each Party shall have one vote, except as provided for paragraph 2 of this Article.", "linguistic"),
    ("Incentivize and enable participation", "To incentivize and facilitate participation", "substantive"),
    ("Monitoring, evaluating and learning from adaptation plans",
     "Monitoring and evaluating and learning from adaptation plans", "substantive"),
    ("Zuletzt geändert durch : Art. 1 G v. 21.7.2010 I 944",
     "Zuletzt geändert durch : Art. 1 G v. 11.7.2012 I 1478", "substantive"),
    ("developed country Parties shall continue taking the lead",
     "developed country Parties should continue taking the lead", "substantive"),
]  # fmt: skip
MADE: list[tuple[str, str, Class]] = [
    ("Стороны отменяют пошлины .", "Стороны отменяют пошлины.", "typographic"),
    ("договор „О газе“", "Договор «О газе»", "typographic"),
    ("under Article 3 bis", "under Article 4", "numbering"),
    ("the capacity building initiative", "the capacity-building initiative", "typographic"),
    ("всё сырьё", "все сырье", "typographic"),
    ("в соответствии с пунктами 3.2, 3.3 и 4", "в соответствии с пунктами 3.3, 3.4 и 5", "numbering"),
    ("Стороны обеспечивают доступ", "Сторонами обеспечивается доступ", "linguistic"),
    ("the price for the gas", "the price of gas", "linguistic"),
    ("Стороны отменяют пошлины", "Стороны не отменяют пошлины", "substantive"),
    ("Стороны могут отменить", "Стороны должны отменить", "substantive"),
    ("нефть и газ", "нефть или газ", "substantive"),
    ("не позднее 1 июля 2022 г.", "не позднее 1 июля 2023 г.", "substantive"),
    ("1.5 t", "15 t", "substantive"),
    ("статьями 4 и 5", "статьёй 5", "substantive"),
    ("поставки газа", "поставки нефти", "substantive"),
    ("all consumers", "consumers", "substantive"),
]


@pytest.mark.parametrize(("old", "new", "kind"), [*REAL, *MADE])
def test_a_change_is_as_grave_as_its_gravest_difference(old: str, new: str, kind: Class) -> None:
    found, back = classify(old, new), classify(new, old)

    assert found is not None and found.kind == kind, found
    assert back is not None and back.kind == kind  # the way back is of the same class


def test_a_term_that_is_another_one_everywhere_is_terminology() -> None:
    pairs = [("цена определяется уполномоченным органом", "цена определяется компетентным органом"),
             ("уполномоченные органы публикуют цены", "компетентные органы публикуют цены"),
             ("цена газа", "цена нефти")]  # fmt: skip
    context = Context.of(pairs)

    kinds = [found.kind for old, new in pairs if (found := classify(old, new, context))]

    assert kinds == ["terminology", "terminology", "substantive"]
    assert classify(*pairs[0]).kind == "substantive"  # type: ignore[union-attr]  # once is no term


def test_a_slip_is_a_typing_error_only_where_the_text_knows_the_right_word_alone() -> None:
    pair = ("the agrement on gas", "the agreement on gas")
    text = ["This agreement is done in two copies."]

    assert classify(*pair, Context.of([pair], text)).kind == "typographic"  # type: ignore[union-attr]
    assert classify(*pair).kind == "substantive"  # type: ignore[union-attr]
    assert classify("tariff", "tarifs", Context.of([], ["tariff tarifs"])).kind == "substantive"  # type: ignore[union-attr]


def test_words_that_did_not_change_are_of_no_class() -> None:
    assert classify("Слова.", "Слова.") is None
    assert gravest([None, None]) is None


@given(st.lists(st.sampled_from(["gas", "oil", "the", "shall", "not", "each", "party"]), max_size=12),
       st.data())  # fmt: skip
def test_what_decides_a_duty_is_substantive_wherever_it_is_put_in(
    words: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(words)))
    weighty = data.draw(st.sampled_from(["not", "may", "only", "unless"]))

    found = classify(" ".join(words), " ".join([*words[:at], weighty, *words[at:]]))

    assert found is not None and found.kind == "substantive"
    assert "decide duties" in str(found.reason)


@pytest.mark.parametrize(
    ("old", "new"),
    [("paris/2015-12-04-draft.md", "paris/2015-12-12-adopted.md"),
     ("grundgesetz/gg-2012-07-02.md", "grundgesetz/gg-2018-11-08.md")],
)  # fmt: skip
def test_of_real_drafts_every_change_has_a_class_and_the_light_ones_are_light(old: str, new: str) -> None:
    before, after = (read_file(Path(corpus("texts", *name.split("/")))) for name in (old, new))
    rows = [row for row in compare(before, after).rows if row.step.kind == "stays" and row.changed]
    pairs = [(reject(row.segments), accept(row.segments)) for row in rows]
    context = Context.of(pairs, [one.words for one in after.paragraphs])

    found = [(classify(was, now, context), was, now) for was, now in pairs]

    assert len(found) > 15
    for judged, was, now in found:
        assert judged is not None and judged.kind in CLASSES
        if judged.kind == "typographic":
            assert letters(was) == letters(now)
        if judged.kind == "linguistic":
            assert abs(len(was.split()) - len(now.split())) <= 3


def letters(text: str) -> str:
    """The letters of a text, all small."""
    return "".join(filter(str.isalnum, text.casefold()))


def test_the_share_of_changed_words_is_that_of_both_texts() -> None:
    assert share(0, 0, 0, 0) == 0
    assert share(19, 19, 100, 100) == pytest.approx(0.19)
    assert share(100, 100, 100, 100) == 1
    assert share(0, 100, 0, 100) == 1


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("Цены природного газа растут.", "Цены природного топлива растут.", "terminology"),
        ("Цены голубого топлива растут.", "Цены природного газа растут.", "terminology"),
        ("Цены природного газа растут.", "Цены природного газа падают.", "substantive"),
        ("Цены природного газа растут.", "Тарифы природного газа растут.", "substantive"),
        ("Цены природного газа не растут.", "Цены природного топлива растут.", "substantive"),
    ],
)
def test_a_word_of_an_agreed_term_that_went_or_came_is_terminology(old: str, new: str, kind: str) -> None:
    context = Context.of([(old, new)], terms=["природный газ"])

    judged = classify(old, new, context)

    assert judged is not None and judged.kind == kind
    assert ("природный газ" in str(judged.reason)) == (kind == "terminology")
    assert classify(old, new).kind == "substantive"  # type: ignore[union-attr]
