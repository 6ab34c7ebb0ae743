"""Deadlines in words: a period means its last day, and what could mean two days is named."""

import pytest

from paraph.papers.deadlines import deadline_in

QUARTER = "2022-12-31"


@pytest.mark.parametrize(
    "words",
    ["31 December 2022", "31 декабря 2022 г.", "31 декабря 2022 года", "December 31, 2022", "31.12.2022",
     "31.12.2022 г.", "2022-12-31", "«31» декабря 2022 г.", "31st of December 2022", "by 31 December 2022",
     "не позднее 31 декабря 2022 г.", "до 31 декабря 2022 г. включительно", "к 31.12.2022",
     "31.12.22", "31/12/2022", "12/31/2022"],
)  # fmt: skip
def test_a_day_is_that_day_and_needs_no_word(words: str) -> None:
    found = deadline_in(words)

    assert (found.date, found.how) == ("2022-12-31", None)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        *((words, "2022-12-31") for words in (
            "IV квартал 2022 г.", "4 квартал 2022", "4-й квартал 2022 года", "4 кв. 2022 г.", "IV кв. 2022",
            "в IV квартале 2022 года", "в течение IV квартала 2022 г.", "до конца IV квартала 2022 г.",
            "четвёртый квартал 2022 года", "III–IV кварталы 2022 г.", "не позднее IV квартала 2022 г.",
            "Q4 2022", "Q4/2022", "4Q 2022", "2022 Q4", "fourth quarter of 2022", "the 4th quarter of 2022",
            "end of Q4 2022", "Quarter IV, 2022", "II полугодие 2022 г.", "второе полугодие 2022 года",
            "во втором полугодии 2022 г.", "second half of 2022", "H2 2022", "2022", "2022 г.", "2022 год",
            "в 2022 году", "в течение 2022 года", "до конца 2022 г.", "к концу 2022 года", "конец 2022 года",
            "2021–2022 годы", "в 2021-2022 гг.", "by the end of 2022", "end of 2022", "end-2022",
            "during 2022", "December 2022", "декабрь 2022 г.", "в декабре 2022 года", "12.2022",
            "до конца декабря 2022 г.", "by the end of December 2022",
        )),
        *((words, "2022-06-30") for words in (
            "I полугодие 2022", "1-е полугодие 2022 г.", "первое полугодие 2022 года", "first half of 2022",
            "H1 2022", "II квартал 2022 г.", "Q2 2022", "І–ІІ квартал 2022 г.", "июнь 2022",
        )),
        *((words, "2022-06-30") for words in (
            "январь–июнь 2022 г.", "с января по июнь 2022 года", "с 1 января по 30 июня 2022 г.",
            "01.01.2022 – 30.06.2022", "01.01–30.06.2022", "I квартал – II квартал 2022 г.",
            "в течение января – июня 2022 г.", "July 2021 – June 2022", "from January to June 2022",
        )),
        ("с 2021 по 2023 год", "2023-12-31"), ("1-й квартал 2022 – 3-й квартал 2022", "2022-09-30"),
        ("February 2024", "2024-02-29"), ("I квартал 2023 года", "2023-03-31"),
    ],
)  # fmt: skip
def test_a_time_is_its_last_day_and_that_is_said(words: str, day: str) -> None:
    found = deadline_in(words)

    assert found.date == day
    assert found.how is not None
    assert found.how.template.endswith("the last day of that period.")
    assert found.how.params == {"words": words, "date": day}


@pytest.mark.parametrize(
    ("words", "day", "says"),
    [
        ("до 1 июля 2022 г.", "2022-07-01", "where the day before is meant"),
        ("until 1 July 2022", "2022-07-01", "where the day before is meant"),
        ("before 1 July 2022", "2022-06-30", "the day before."),
    ],
)
def test_on_which_side_of_a_day_it_was_read_is_said(words: str, day: str, says: str) -> None:
    found = deadline_in(words)

    assert found.date == day
    assert says in str(found.how)


@pytest.mark.parametrize(
    "words",
    ["", "soon", "постоянно", "ежегодно", "IV квартал", "декабрь", "до декабря 2022 г.", "by December 2022",
     "by 2022", "до 2022 года", "by Q4 2022", "до IV квартала 2022 г.", "31 June 2022", "13.2022",
     "V квартал 2022", "III полугодие 2022", "IV–II кварталы 2022 г.", "2023–2022 годы", "22.07",
     "через 6 месяцев после вступления в силу", "1 июля 2022 г.; 1 июля 2023 г.", "4 кв. 22", "20222",
     "01/02/2022", "с 1 января 2022 г.", "с 2022 до 2024", "31.12.2022 – 01.07.2022", "июнь – январь 2022 г.",
     "1 July and 31 December 2022", "32.12.22", "с 2021 г. по мере готовности"],
)  # fmt: skip
def test_what_means_no_day_or_one_of_two_is_not_guessed(words: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        deadline_in(words)
