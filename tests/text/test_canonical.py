"""The one way to write words, and what is refused."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.text.canonical import canonical, looks_alike, skeleton
from paraph.text.errors import TextRefused

CORPUS = Path(os.environ.get("PARAPH_CORPUS") or Path(__file__).parents[3] / "shared")
ALPHABET = st.characters(codec="utf-8", exclude_categories=["Cs"])


@pytest.mark.parametrize(
    ("given_words", "kept"),
    [
        ("  a\u00a0 b\tc ", "a b c"),
        ("one \r\n\r\n two", "one\ntwo"),
        ("10\u00b2", "10\u00b2"),
        ("SARS-вирус, 5G-сети, м²", "SARS-вирус, 5G-сети, м²"),
        ("Ў ў І і № « » –", "Ў ў І і № « » –"),
        ("и\u0306", "й"),
        ("12\u2007345\u202f6", "12 345 6"),
    ],
)
def test_words_have_one_form(given_words: str, kept: str) -> None:
    assert canonical(given_words) == kept


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("a\u200bb", "invisible"),
        ("a\u00adb", "invisible"),
        ("a\u202eb", "bidi"),
        ("a\ufe0f", "variation"),
        ("\ue000", "private"),
        ("\U000e0fff", "unassigned"),
        ("\u0378", "unassigned"),
        ("a\x07", "control"),
        ("a\u0301\u0302\u0303\u0304\u0305", "marks"),
        ("Стaтья", "mixed"),
        (b"\xff", "encoding"),
    ],
)
def test_what_could_deceive_is_refused_by_name(words: str | bytes, kind: str) -> None:
    with pytest.raises(TextRefused) as refused:
        canonical(words)

    assert refused.value.kind == kind
    assert str(refused.value)


def test_a_word_of_two_alphabets_is_refused_with_the_word_that_was_meant() -> None:
    with pytest.raises(TextRefused) as refused:
        canonical("Новая стaтья договора")

    assert refused.value.fix == "Новая статья договора"


def test_letters_of_a_later_unicode_are_refused_whatever_the_interpreter_knows() -> None:
    with pytest.raises(TextRefused):
        canonical("\u1c89")  # Cyrillic capital letter Tje, of Unicode 16


@given(st.text(ALPHABET, max_size=80))
def test_the_form_of_the_form_is_itself(words: str) -> None:
    try:
        once = canonical(words)
    except TextRefused:
        return

    assert canonical(once) == once


def test_words_that_look_the_same_and_are_not_are_told_apart() -> None:
    assert looks_alike("Сор", "Cop")
    assert not looks_alike("Сор", "Сор")
    assert skeleton("«а»") == skeleton('"a"')


@pytest.mark.corpus
def test_real_drafts_keep_their_form() -> None:
    folder = CORPUS / "texts"
    if not folder.exists():
        pytest.skip(f"the corpus is not there: {folder}")
    kept = 0
    for path in sorted(folder.rglob("*.txt"))[:40]:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()[:400]:
            try:
                once = canonical(line)
            except TextRefused:
                continue
            assert canonical(once) == once
            kept += bool(once)
    assert kept > 100
