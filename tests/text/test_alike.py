"""Words that look like others and are not, and what mends a text."""

import pytest

from paraph.text.alike import alike_words
from paraph.text.canonical import mended, mixed_words


@pytest.mark.parametrize(
    ("words", "others", "found"),
    [
        ("Решение СОР", ["Decision of the COP"], [("СОР", "COP")]),
        ("СОР и COP", [], [("СОР", "COP"), ("COP", "СОР")]),
        ("Решение СОР", ["Решение СОР"], []),
        ("в статье XX", ["в статье ХХ"], [("XX", "ХХ")]),
        ("а потом", ["a decision"], []),  # words of one letter are words of their own
        ("Газ", ["Gas"], []),
    ],
)
def test_a_word_that_looks_like_another_near_it_is_found(
    words: str, others: list[str], found: list[tuple[str, str]]
) -> None:
    assert alike_words(words, others) == found


def test_every_fix_taken_mends_what_software_can_mend() -> None:
    assert mended("Прoтокол\u200b о ценaх") == "Протокол о ценах"
    assert mended("zаж") is None
    assert mended("Газ") == "Газ"


def test_mixed_words_are_named_each_once() -> None:
    assert mixed_words("прoтокол SARS-вирус прoтокол COP КС") == ["прoтокол"]
