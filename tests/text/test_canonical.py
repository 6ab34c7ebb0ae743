"""The one way to write words, and what is refused."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.text.canonical import canonical, looks_alike, skeleton
from paraph.text.errors import TextRefused

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
        ("a\n \n\t\nb", "a\nb"),
        ("a\rb\x85c\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("a \n\n b\n", "a\nb"),
        ("", ""),
        ("5 ºС, мⁿ, кΩ, 5-го, Ñandú über", "5 ºС, мⁿ, кΩ, 5-го, Ñandú über"),
        ("ᾂ в тексте".replace("ᾂ", unicodedata.normalize("NFD", "ᾂ")), "ᾂ в тексте"),
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
        ("Стɑтья", "mixed"),
        ("Стａтья", "mixed"),
        ("Ст\U0001d5baтья", "mixed"),
        ("ếя", "mixed"),
        ("a\u02bcя", "mixed"),
        ("\ufeffa", "invisible"),
        ("\ufdd0", "unassigned"),
        ("\ud800", "surrogate"),
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


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("стaтья", "статья"),
        ("Gаzprom", "Gazprom"),
        ("iснуе", "існуе"),
        ("cчëт", "счёт"),
        ("XIХ", "XIX"),
        ("ХVI", "XVI"),
        ("XХ", "XX"),
        ("МCХ", "МСХ"),
        ("Стɑтья", None),
    ],
)
def test_the_word_that_was_meant_is_offered_where_there_is_one(word: str, meant: str | None) -> None:
    with pytest.raises(TextRefused) as refused:
        canonical(f"и {word} –")

    assert refused.value.fix == (f"и {meant} –" if meant else None)


def test_a_refusal_says_on_which_line() -> None:
    with pytest.raises(TextRefused) as refused:
        canonical("One.\nTwo\u200b.")

    assert refused.value.sentence.params == {"code": "U+200B", "place": 9, "line": 2}
    assert refused.value.fix == "One.\nTwo."


def test_too_many_marks_leave_two() -> None:
    with pytest.raises(TextRefused) as refused:
        canonical("x" + "\u0301" * 40)

    assert refused.value.fix == "x\u0301\u0301"


def test_endless_marks_are_refused_at_once() -> None:
    begun = time.process_time()

    with pytest.raises(TextRefused):
        canonical("a" + "\u0301\u0323" * 50_000)

    assert time.process_time() - begun < 2  # composing them takes 20 s


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


@given(st.text(ALPHABET, max_size=40))
def test_composed_or_not_the_verdict_is_one(words: str) -> None:
    def verdict(given_words: str) -> str:
        try:
            return canonical(given_words)
        except TextRefused as refused:
            return f"refused: {refused.kind}"

    assert verdict(unicodedata.normalize("NFC", words)) == verdict(unicodedata.normalize("NFD", words))


@given(st.text(st.sampled_from("aаcсXХIеë \n\u00a0\u200b\u00ad\u0301\ue000яz"), max_size=30))
def test_whoever_takes_every_fix_ends_with_lawful_words_or_without_a_fix(words: str) -> None:
    for _step in range(len(words) + 1):
        try:
            canonical(words)
        except TextRefused as refused:
            if refused.fix is None:
                return
            words = refused.fix
        else:
            return

    pytest.fail("the fixes do not end")


@given(st.text(st.sampled_from("aаcсяёzé\u02bc\u0301ɑ1 -"), max_size=30))
def test_no_word_with_letters_of_both_scripts_passes(words: str) -> None:
    try:
        kept = canonical(words)
    except TextRefused:
        return

    for word in kept.replace("-", " ").replace("1", " ").split():
        assert set(word).isdisjoint("aczéáćɑ") or set(word).isdisjoint("асяё")


def test_words_that_look_the_same_and_are_not_are_told_apart() -> None:
    assert looks_alike("Сор", "Cop")
    assert not looks_alike("Сор", "Сор")
    assert skeleton("«а»") == skeleton('"a"')
    assert looks_alike("счёт ё", "счёт ë")
    assert not looks_alike("мир", "миР")
