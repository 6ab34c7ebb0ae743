"""Numbers and dates of two languages: the same in whatever way they are written, or told."""

import pytest

from paraph.text.figures import differences, figures


def values(text: str, language: str = "en") -> list[tuple[str, str]]:
    """Kind and value of every figure in digits."""
    return [(one.kind, one.value) for one in figures(text, language) if not one.spelled]


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("on 23 February 2021", "23 февраля 2021 года"),
        ("on February 23, 2021", "23.02.2021"),
        ("by 31 May 2023", "до 31 мая 2023 г."),
        ("1,200 tonnes", "1 200 тонн"),
        ("1.2 thousand tonnes", "1,2 тыс. тонн"),
        ("1200 tonnes", "1,2 тысячи тонн"),
        ("2.5 million", "2,5 млн"),
        ("3 billion", "3 млрд"),
        ("12.5 per cent", "12,5 %"),
        ("5%", "5 процентов"),
        ("Article 12 and paragraph 2.1", "статья 12 и пункт 2.1"),
        ("in the 1st quarter", "в 1-м квартале"),
        ("within 3 months", "в течение трёх месяцев"),
        ("within three months", "в течение 3 месяцев"),
        ("twenty-five days", "25 дней"),
        ("one hundred and twenty days", "120 дней"),
        ("121 days", "сто двадцать один день"),
        ("The two Parties meet within 3 months", "Стороны встречаются в течение трёх месяцев"),
        ("one of the 2 Parties", "одна из двух Сторон"),
        ("5G networks of 10 km²", "5G-сети на 10 км²"),
    ],
)
def test_what_is_written_otherwise_and_means_the_same_agrees(english: str, russian: str) -> None:
    assert differences({"en": english, "ru": russian}) == []
    assert values(english) or values(russian, "ru")


@pytest.mark.parametrize(
    ("english", "russian", "lacking"),
    [
        ("within 12 months", "в течение 21 месяца", {("ru", "12"), ("en", "21")}),
        ("by 23 February 2021", "до 23 февраля 2022 года", {("ru", "2021-02-23"), ("en", "2022-02-23")}),
        ("1,200 tonnes", "1,200 тонны", {("ru", "1200"), ("en", "1.2")}),
        ("5 per cent of 10", "5 от 10", {("ru", "5"), ("en", "5")}),
        ("Article 12", "статья 13", {("ru", "12"), ("en", "13")}),
        ("prices rise", "цены растут на 3 %", {("en", "3")}),
        ("within twelve months", "в течение двадцати одного месяца", {("ru", "12"), ("en", "21")}),
        ("within twenty-one months", "в течение 12 месяцев", {("ru", "21"), ("en", "12")}),
        ("two or three members", "два или четыре члена", {("ru", "3"), ("en", "4")}),
    ],
)
def test_what_differs_is_found_on_the_side_that_lacks_it(
    english: str, russian: str, lacking: set[tuple[str, str]]
) -> None:
    found = differences({"en": english, "ru": russian})

    assert {(one.lacking, one.figure.value) for one in found} == lacking


def test_a_figure_is_found_where_it_stands() -> None:
    (one,) = figures("Цены растут на 12,5 % в год.", "ru")

    assert (one.text, one.place) == ("12,5 %", 15)


def test_every_month_is_read_in_three_languages() -> None:
    for at, (english, russian, belarusian) in enumerate(
        [
            ("January", "января", "студзеня"), ("February", "февраля", "лютага"),
            ("March", "марта", "сакавіка"), ("April", "апреля", "красавіка"),
            ("May", "мая", "мая"), ("June", "июня", "чэрвеня"), ("July", "июля", "ліпеня"),
            ("August", "августа", "жніўня"), ("September", "сентября", "верасня"),
            ("October", "октября", "кастрычніка"), ("November", "ноября", "лістапада"),
            ("December", "декабря", "снежня"),
        ],
        1,
    ):  # fmt: skip
        expected = [("date", f"2021-{at:02}-05")]
        assert values(f"5 {english} 2021") == expected
        assert values(f"5 {russian} 2021 года", "ru") == values(f"5 {belarusian} 2021", "be") == expected
