"""Tables come back: positions of the parties, two languages side by side, measures of ours and of others."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from paraph.acts import Propose, TakeStance, name_of, proposal_id
from paraph.papers.documents import Document, Paragraph
from paraph.papers.docx.reading import read_docx
from paraph.papers.files import read_file
from paraph.papers.kinds import outgoing
from paraph.papers.measures import write_measures
from paraph.papers.returned import NOT, Returned, Upload, returned
from paraph.papers.returned.merged import spread
from paraph.papers.roadmaps import Wanted
from paraph.papers.sent import as_sent, origin
from tests.papers.test_measures import Book
from tests.papers.test_measures import agreed as met_parties
from tests.papers.test_returned import (
    MEASURE,
    agreed,
    edited,
    paper,
    read,
    recorded,
    tracked,
    typed,
    words_of,
)
from tests.papers.test_returned_ids import two_tongues  # noqa: F401 - a fixture
from tests.papers.test_roadmap_papers import ONE, TWO, content
from tests.parties import Parties


@pytest.fixture
def parties() -> Parties:
    """Two parties with the road map that is sent."""
    return agreed(Parties.make("BY", "RU"))


@pytest.fixture
def rivals() -> Parties:
    """Two parties that differ on a provision with a heading and on a deadline."""
    made = Parties.make("BY", "RU")
    made.road_map("gas")
    for party, words, day in (
        ("BY", "Цены растут медленно.", "2022-12-31"),
        ("RU", "Цены растут быстро.", "2023-12-31"),
    ):
        for about, said in (
            (ONE, content(words, "Цены")),
            (f"{MEASURE}/deadline", {"date": day}),
        ):
            made.act(party, Propose(about, said), TakeStance(proposal_id(about, said), "accepts"))
    outline = {"items": [[1, ONE], [1, TWO], [1, MEASURE]]}
    former = proposal_id(ONE, content("Слова один."))
    for party in ("BY", "RU"):
        accepted = TakeStance(proposal_id("outline:gas", outline), "accepts")
        made.act(party, Propose("outline:gas", outline), accepted)
        if former in made.programme("BY").proposals:
            made.act(party, TakeStance(former, "declines"))
    made.exchange()
    return made


def cell(words: str, new: str, *, nth: int = 0) -> Callable[[str], str]:
    """Somebody typed other words into the nth cell that has some."""

    def change(part: str) -> str:
        at = [found.start() for found in re.finditer(re.escape(words), part)][nth]
        return part[:at] + new + part[at + len(words) :]

    return change


def compromise(row: str, words: str) -> Callable[[str], str]:
    """Somebody typed a compromise into the last cell of the row that holds some words."""

    def change(part: str) -> str:
        end = part.index("</w:tr>", part.index(row))
        at = part.rindex("</w:p>", 0, end)
        return f"{part[:at]}<w:r><w:t>{words}</w:t></w:r>{part[at:]}"

    return change


# ---------------------------------------------------------------- positions of the parties


def test_words_in_the_own_column_are_the_partys_and_replace_its_own(rivals: Parties, tmp_path: Path) -> None:
    data = edited(paper(rivals, "columns"), typed("растут быстро", "растут очень быстро"))

    found = read(rivals, data, tmp_path)

    (one,) = found.candidates
    theirs = proposal_id(ONE, content("Цены растут быстро.", "Цены"))
    assert (one.party, one.about, one.acts[0].replaces) == ("RU", ONE, theirs)
    assert one.acts[0].content == content("Цены растут очень быстро.", "Цены")
    assert found.troubles == []
    recorded(rivals, found)


def test_a_compromise_is_proposed_by_who_wrote_it(rivals: Parties, tmp_path: Path) -> None:
    data = edited(
        paper(rivals, "columns"),
        compromise("растут медленно", "Цены растут."),
        compromise("31 декабря 2022", "30 июня 2023"),
    )

    found = read(rivals, data, tmp_path)

    assert [(one.party, one.about, one.after) for one in found.candidates] == [
        ("RU", ONE, "Цены. Цены растут."),
        ("RU", f"{MEASURE}/deadline", "30 июня 2023"),
    ]
    assert found.candidates[1].acts[0].content == {"date": "2023-06-30"}
    recorded(rivals, found)


def test_words_changed_in_another_partys_column_say_so(rivals: Parties, tmp_path: Path) -> None:
    data = edited(paper(rivals, "columns"), tracked("медленно", "умеренно", "Иванов"))

    (one,) = read(rivals, data, tmp_path, "BY", {"Иванов": "RU"}).candidates

    assert (one.party, words_of(one)) == ("RU", "Цены растут умеренно.")
    assert "column of BY" in str(one.sentences[0])


def test_words_changed_in_both_parties_brackets_are_both_put_forward(rivals: Parties, tmp_path: Path) -> None:
    data = edited(paper(rivals), typed("медленно", "умеренно"), typed("быстро", "стремительно"))

    mine, theirs = sorted(read(rivals, data, tmp_path).candidates, key=words_of, reverse=True)

    assert words_of(theirs) == "Цены растут стремительно." and theirs.sentences == ()
    assert words_of(mine) == "Цены растут умеренно."
    assert [str(sentence) for sentence in mine.sentences] == ["The words stood in the brackets of BY."]


def test_words_changed_outside_of_brackets_are_the_senders_alone(rivals: Parties, tmp_path: Path) -> None:
    (one,) = read(rivals, edited(paper(rivals), typed("Цены растут", "Сборы растут")), tmp_path).candidates

    assert words_of(one) == "Сборы растут быстро."


def test_a_row_that_is_left_out_deletes_nothing(rivals: Parties, tmp_path: Path) -> None:
    def without_row(part: str) -> str:
        begin = part.rindex("<w:tr>", 0, part.index("медленно"))
        end = part.index("</w:tr>", begin) + len("</w:tr>")
        return part[:begin] + part[end:]

    found = read(rivals, edited(paper(rivals, "columns"), without_row), tmp_path)

    assert found.candidates == []


# ---------------------------------------------------------------- two languages


def both_languages(parties: Parties, tmp_path: Path, *changes: Callable[[str], str]) -> Returned:
    """What the paper in two languages proposes when it comes back."""
    programme = parties.programme("BY")
    path = tmp_path / "languages.docx"
    path.write_bytes(edited(outgoing("languages", "docx", Wanted(programme, "gas", "ru")).data, *changes))
    document = read_docx(path, "marked")
    where = origin(programme, document)
    assert where is not None and where.kind == "languages"
    given = Upload(document, "ru", "RU", {}, {}, where, as_sent(programme, "gas", where), "upload")
    return returned(programme, programme, "gas", "BY", given)


def test_two_languages_side_by_side_become_one_proposal(two_tongues: Parties, tmp_path: Path) -> None:  # noqa: F811
    found = both_languages(
        two_tongues,
        tmp_path,
        typed("свободен до 2025", "свободен до 2030"),
        typed("free until 2025", "free until 2030"),
        typed("Sign the protocol", "Sign the minutes"),
    )

    assert [(one.party, one.about, one.acts[0].content["words"]) for one in found.candidates] == [
        ("RU", TWO, {"ru": "Транзит свободен до 2030 года.", "en": "Transit is free until 2030."}),
        ("RU", f"{MEASURE}/action", {"en": "Sign the minutes.", "ru": "Подписать протокол."}),
    ]
    assert found.troubles == []
    assert {one.target for one in found.mapped if "free until 2030" in one.paragraph.words} == {TWO}
    two_tongues.exchange()
    recorded(two_tongues, found)


def test_a_column_is_known_by_the_usual_names_of_its_language_and_those_of_our_older_papers(
    two_tongues: Parties,  # noqa: F811
    tmp_path: Path,
) -> None:
    found = both_languages(
        two_tongues,
        tmp_path,
        typed(">English<", ">English language<"),
        typed(">Русский<", ">На русском языке<"),
        typed("свободен до 2025", "свободен до 2030"),
        typed("free until 2025", "free until 2030"),
    )

    (one,) = found.candidates
    assert sorted(one.acts[0].content["words"]) == ["en", "ru"]


def test_a_column_beside_the_languages_whose_head_is_not_known_is_named(
    two_tongues: Parties,  # noqa: F811
    tmp_path: Path,
) -> None:
    found = both_languages(two_tongues, tmp_path, typed(">English<", ">Anglais<"))

    (one,) = found.troubles
    assert one.text == "Anglais" and "head of this column is not known" in str(one.sentence)


def test_numbers_that_differ_between_the_columns_are_told(two_tongues: Parties, tmp_path: Path) -> None:  # noqa: F811
    (one,) = both_languages(two_tongues, tmp_path, typed("free until 2025", "free until 2030")).candidates

    assert any("2030" in str(sentence) for sentence in one.sentences)


# ---------------------------------------------------------------- measures


def test_bodies_that_changed_become_a_proposal_and_the_others_keep_their_names(
    parties: Parties, tmp_path: Path
) -> None:
    named = [{"ru": "Минэнерго", "en": "MinEnergy"}, {"ru": "Банк, филиал", "en": "Bank"}]
    parties.agree(f"{MEASURE}/bodies", {"bodies": {"BY": named}})
    data = edited(paper(parties, "clean"), typed("Банк, филиал", "Банк, филиал; Минфин; RU: Минэк"))

    found = read(parties, data, tmp_path)

    (one,) = found.candidates
    assert (one.about, found.troubles) == (f"{MEASURE}/bodies", [])
    assert one.acts[0].content == {"bodies": {"BY": [*named, {"ru": "Минфин"}], "RU": [{"ru": "Минэк"}]}}
    recorded(parties, found)


def test_a_comma_in_the_name_of_a_new_body_parts_nothing_and_is_told(
    parties: Parties, tmp_path: Path
) -> None:
    new = "Министерство энергетики, промышленности и связи"

    found = read(parties, edited(paper(parties, "clean"), typed("Минэнерго", f"{new}; Минэнерго")), tmp_path)

    (one,) = found.candidates
    assert one.acts[0].content == {"bodies": {"BY": [{"ru": new}, {"ru": "Минэнерго"}]}}
    assert any(new in str(sentence) and "semicolon" in str(sentence) for sentence in one.sentences)


def test_a_list_of_known_bodies_with_commas_is_a_list(parties: Parties, tmp_path: Path) -> None:
    named = [{"ru": "Минэнерго"}, {"ru": "Банк, филиал"}]
    parties.agree(f"{MEASURE}/bodies", {"bodies": {"BY": named}})
    data = edited(paper(parties, "clean"), typed("Минэнерго; Банк, филиал", "Банк, филиал, Минэнерго"))

    (one,) = read(parties, data, tmp_path).candidates

    assert one.acts[0].content == {"bodies": {"BY": named[::-1]}}


def test_bodies_that_are_known_need_no_code_and_keep_their_names_in_other_languages(
    parties: Parties, tmp_path: Path
) -> None:
    named = {"BY": [{"ru": "Минэнерго", "en": "MinEnergy"}], "RU": [{"ru": "Минэк", "en": "MinEc"}]}
    parties.agree(f"{MEASURE}/bodies", {"bodies": named})

    found = read(
        parties,
        table_of(
            ("Мероприятие", "Исполнители"),
            ("Открыть биржу.", "Минэк, Минэнерго"),
            ("Закрыть биржу.", "Минэк; Минсвязи"),
        ),
        tmp_path,
    )

    bodies = [act.content["bodies"] for act in found.candidates[0].acts if act.subject.endswith("/bodies")]
    assert bodies == [named]
    assert [one.text for one in found.troubles] == ["Минэк; Минсвязи · Закрыть биржу."]


def test_bodies_without_the_code_of_a_party_are_named_with_what_to_write(
    parties: Parties, tmp_path: Path
) -> None:
    found = read(parties, edited(paper(parties), typed("BY: Минэнерго", "Минфин")), tmp_path)

    assert found.candidates == []
    (trouble,) = found.troubles
    assert (trouble.about, "behind its code" in str(trouble.sentence)) == (f"{MEASURE}/bodies", True)


@pytest.mark.parametrize(
    ("shown", "after"),
    [
        ("Доля рынка: 15 %", ("Доля рынка", "15")),
        ("Часть рынка: 12 %", ("Часть рынка", "12")),
        ("Доля рынка: –", ("Доля рынка", "")),
    ],
)
def test_an_indicator_is_read_with_its_target_and_unit(
    parties: Parties, tmp_path: Path, shown: str, after: tuple[str, str]
) -> None:
    about = f"{MEASURE}/indicator"
    said = {"words": {"ru": "Доля рынка"}, "target": "12", "unit": "%", "source": "Белстат"}
    parties.agree(about, said)

    found = read(parties, edited(paper(parties, "clean"), typed("Доля рынка: 12 %", shown)), tmp_path)

    (one,) = found.candidates
    words, target = after
    content = {**said, "words": {"ru": words}, "target": target}
    if not target:
        del content["target"], content["unit"]
    assert (one.about, one.acts[0].content) == (about, content)
    recorded(parties, found)


@pytest.mark.parametrize(
    ("row", "content"),
    [
        (("Сделки", "", "", "Росстат"), {"source": "Росстат"}),
        (("Сделки", "", "млн т", "Росстат"), {"unit": "млн т", "source": "Росстат"}),
        (("Сделки", "", "млн т", ""), {"unit": "млн т"}),
        (("Сделки", "12", "млн т", "Росстат"), {"target": "12", "unit": "млн т", "source": "Росстат"}),
        (("Сделки", "", "", ""), {}),
    ],
)
def test_unit_and_source_of_an_indicator_are_taken_without_a_target(
    parties: Parties, tmp_path: Path, row: tuple[str, ...], content: dict[str, str]
) -> None:
    plan = table_of(
        ("Мероприятие", "Показатель", "Целевое значение", "Единица", "Источник"), ("Открыть биржу.", *row)
    )

    found = read(parties, plan, tmp_path)

    (outline,) = found.candidates
    (said,) = [act.content for act in outline.acts if act.subject.endswith("/indicator")]
    assert said == {"words": {"ru": "Сделки"}, **content}
    assert found.troubles == []
    recorded(parties, found)


def table_of(*rows: tuple[str, ...]) -> Document:
    """A document of another hand that is one table."""
    return Document(
        tuple(
            Paragraph(words, place=f"table 1, row {at}, column {column}")
            for at, row in enumerate(rows, 1)
            for column, words in enumerate(row, 1)
            if words
        )
    )


def test_a_table_of_another_hand_is_mapped_by_words_then_by_number(parties: Parties, tmp_path: Path) -> None:
    other = "measure:gas/m2"
    items = [[1, about] for about in (ONE, TWO, "provision:gas/three", MEASURE, other)]
    contents: dict[str, dict[str, Any]] = {
        "outline:gas": {"items": items},
        f"{other}/action": {"words": {"ru": "Создать общий рынок газа."}},
        f"{other}/deadline": {"date": "2024-01-01"},
    }
    stances = [TakeStance(proposal_id(about, said), "accepts") for about, said in contents.items()]
    parties.act("BY", *(Propose(about, said) for about, said in contents.items()), *stances)
    parties.exchange()
    parties.act("RU", *stances)
    parties.exchange()

    found = read(
        parties,
        table_of(
            ("№ п/п", "Срок", "Мероприятие"),
            ("1.", "01.06.2024", "Создать общий рынок газа."),
            ("2.", "31 декабря 2022", "Отменить все сборы."),
            ("3.", "2025-01-01", "Открыть биржу в Минске."),
        ),
        tmp_path,
    )

    (deadline,) = [one for one in found.candidates if one.about == f"{other}/deadline"]
    assert deadline.acts[0].content == {"date": "2024-06-01"}
    assert not any(one.about == f"{MEASURE}/deadline" for one in found.candidates)
    outline = found.candidates[-1]
    assert [act.content.get("words", {}).get("ru") for act in outline.acts] == [
        "Отменить все сборы.", None, "Открыть биржу в Минске.", None, None,
    ]  # fmt: skip


def test_a_number_finds_the_measure_whose_words_are_all_new(parties: Parties, tmp_path: Path) -> None:
    found = read(
        parties, table_of(("№", "Мероприятие", "Срок"), ("M1", "Отменить сборы.", "31.12.2022")), tmp_path
    )

    assert [(one.about, words_of(one)) for one in found.candidates] == [
        (f"{MEASURE}/action", "Отменить сборы.")
    ]


def test_a_row_more_in_two_languages_is_a_new_provision_in_both(two_tongues: Parties, tmp_path: Path) -> None:  # noqa: F811
    def more(part: str) -> str:
        end = part.index("</w:tr>", part.index("free until")) + len("</w:tr>")
        cells = ("+", "Счета проверяются.", "Accounts are audited.")
        row = "".join(f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>" for words in cells)
        return f"{part[:end]}<w:tr>{row}</w:tr>{part[end:]}"

    (one,) = both_languages(two_tongues, tmp_path, more).candidates

    new, outline = one.acts
    assert new.content == {"words": {"ru": "Счета проверяются.", "en": "Accounts are audited."}}
    assert [item for _level, item in outline.content["items"]][1:3] == [TWO, new.subject]


HEADS = ("№ п/п", "Мероприятия", "Ответственные исполнители", "Срок исполнения", "Результат", "Показатель")
PLAN = table_of(
    ("План мероприятий",),
    HEADS,
    ("1", "2", "3", "4", "5", "6"),
    ("1", "Подписать протокол.", "BY: Минэнерго", "31.12.2022"),
    (
        "2",
        "Открыть биржу.",
        "BY: Минфин; RU: Минэк, Центробанк",
        "1 июля 2023 г.",
        "биржа",
        "Сделки: 12 млн т",
    ),
    ("3", "Провести [аудит] [проверку] счетов.", "Минфин", "скоро"),
    ("", "", "RU: Минэк"),
)


def test_rows_of_a_plan_that_we_do_not_have_become_new_measures(parties: Parties, tmp_path: Path) -> None:
    found = read(parties, PLAN, tmp_path)

    (outline,) = [one for one in found.candidates if one.kind == "outline"]
    assert {act.received_from for act in outline.acts} == {"RU"}
    programme = recorded(parties, found)
    items = [item for _level, item in programme.outline_items(name_of(outline.acts[-1]))]
    new = items[items.index(MEASURE) + 1 :]
    assert len(new) == 2
    first, second = new
    said = {act.subject: act.content for act in outline.acts}
    assert said[f"{first}/action"] == {"words": {"ru": "Открыть биржу."}}
    assert said[f"{first}/bodies"] == {
        "bodies": {"BY": [{"ru": "Минфин"}], "RU": [{"ru": "Минэк, Центробанк"}]}
    }
    assert said[f"{first}/deadline"] == {"date": "2023-07-01"}
    assert said[f"{first}/completion"] == {"words": {"ru": "биржа"}}
    assert said[f"{first}/indicator"] == {"words": {"ru": "Сделки"}, "target": "12", "unit": "млн т"}
    actions = [act.content["words"]["ru"] for act in outline.acts if act.subject == f"{second}/action"]
    assert actions == ["Провести аудит счетов.", "Провести проверку счетов."]
    troubles = {one.text: str(one.sentence) for one in found.troubles}
    assert "behind its code" in troubles["Минфин · Провести [аудит] [проверку] счетов."]
    assert "names no day" in troubles["скоро · Провести [аудит] [проверку] счетов."]
    assert "nothing of what is to be done" in troubles["RU: Минэк"]


@pytest.mark.parametrize("suffix", [".md", ".xlsx"])
def test_a_deadline_in_words_of_a_plan_from_elsewhere_is_a_day(
    parties: Parties, tmp_path: Path, suffix: str
) -> None:
    rows = [
        ("Measure", "Due date"),
        ("Open an exchange.", "IV квартал 2022 г."),
        ("Audit.", "by December 2022"),
    ]
    path = tmp_path / f"plan{suffix}"
    if suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(path)
    else:
        path.write_text("\n".join(f"| {' | '.join(row)} |" for row in rows))

    found = read(parties, read_file(path), tmp_path)

    (outline,) = [one for one in found.candidates if one.kind == "outline"]
    days = [act.content for act in outline.acts if act.subject.endswith("/deadline")]
    assert days == [{"date": "2022-12-31"}]
    assert "“IV квартал 2022 г.” is read as 2022-12-31, the last day of that period." in map(
        str, outline.sentences
    )
    assert [one.text for one in found.troubles] == ["by December 2022 · Audit."]


@pytest.mark.parametrize("number", ["№", "№ п/п", "No.", "п/п", "Number", ""])
def test_a_column_of_which_nothing_is_taken_is_named_but_for_the_numbers(
    parties: Parties, tmp_path: Path, number: str
) -> None:
    plan = table_of(
        (number, "Мероприятие", "Форма", "Финансирование", ""),
        ("1", "Открыть биржу.", "акт", "бюджет", "см. письмо"),
        ("2.", "Провести аудит.", "доклад", "не требуется", ""),
    )

    found = read(parties, plan, tmp_path)

    (outline,) = found.candidates
    assert [act.subject.rpartition("/")[2] for act in outline.acts[:-1]] == ["action", "completion"] * 2
    assert [(one.text, one.sentence.params["count"]) for one in found.troubles] == [
        ("Финансирование", 2), ("см. письмо", 1),
    ]  # fmt: skip


def test_the_same_plan_again_proposes_nothing(parties: Parties, tmp_path: Path) -> None:
    recorded(parties, read(parties, PLAN, tmp_path))

    assert read(parties, PLAN, tmp_path).candidates == []


def test_a_row_is_mapped_by_its_action_as_a_person_says(parties: Parties, tmp_path: Path) -> None:
    where = [(at, one.words) for at, one in enumerate(PLAN.paragraphs)]
    (second,) = [at for at, words in where if words == "Открыть биржу."]
    (third,) = [at for at, words in where if words.startswith("Провести")]

    found = read(parties, PLAN, tmp_path, chosen={second: f"{MEASURE}/action", third: NOT})

    assert {one.about for one in found.candidates} >= {f"{MEASURE}/action", f"{MEASURE}/deadline"}
    assert not any(
        "Провести" in one.after or "Открыть" in one.after and one.kind == "outline"
        for one in found.candidates
    )


def test_a_row_that_somebody_added_to_our_table_is_a_new_measure_of_its_author(
    parties: Parties, tmp_path: Path
) -> None:
    def more(part: str) -> str:
        end = part.index("</w:tr>", part.index("Подписать протокол")) + len("</w:tr>")
        by = 'w:author="Novik" w:date="2021-03-01T10:00:00Z"'
        run = f'<w:ins w:id="951" {by}><w:r><w:t>{{}}</w:t></w:r></w:ins>'
        cells = ("", "Открыть биржу.", "BY: Минфин", "1 июля 2023 г.", "", "")
        row = "".join(f"<w:tc><w:p>{run.format(words) if words else ''}</w:p></w:tc>" for words in cells)
        mark = f'<w:trPr><w:ins w:id="950" {by}/></w:trPr>'
        return f"{part[:end]}<w:tr>{mark}{row}</w:tr>{part[end:]}"

    data = edited(paper(parties, "clean"), more)

    first, again = (read(parties, data, tmp_path, "RU", {"Novik": "BY"}) for _twice in range(2))

    (one,) = first.candidates
    assert (one.party, one.kind, [act.received_from for act in one.acts]) == ("BY", "outline", [""] * 4)
    assert one.after == "Открыть биржу. · BY: Минфин · 1 июля 2023 г."
    assert first.unmarked == [] and first.troubles == []
    recorded(parties, first)
    assert [c.acts for c in again.candidates] == [one.acts]
    assert read(parties, data, tmp_path, "RU", {"Novik": "BY"}).candidates == []


# ---------------------------------------------------------------- our table for agencies


def test_our_table_for_agencies_proposes_what_changed_in_it_and_no_row_twice(tmp_path: Path) -> None:
    made = met_parties(Parties.make())
    path, name = tmp_path / "table.xlsx", f"id {made.charter.prog}"
    path.write_bytes(write_measures(made.programme(), "BY", ["gas"], "en"))
    book = Book(path.read_bytes())
    rows = [{key: book.get(row, key) for key in book.places} for row in (3, 4)]
    for row, values in ((6, rows[1]), (7, rows[0] | {name: None, "action ru": "Создать реестр"})):
        for key, value in values.items():
            book.put(row, key, value)
    book.put(3, "target", 25)

    def proposed(path: Path) -> Returned:
        programme, document = made.programme(), spread(read_file(path, "marked"))
        return returned(programme, programme, "gas", "BY", Upload(document, "ru", "BY", {}, {}))

    same, found = proposed(path), proposed(book.save(tmp_path / "came.xlsx"))

    assert (same.candidates, same.troubles) == ([], [])
    target, outline = (one for one in found.candidates if one.kind != "translation")
    assert target.acts[0].content["target"] == "25" and target.number == "M1"
    assert outline.acts[0].content == {"words": {"ru": "Создать реестр"}}
    assert [str(one.sentence) for one in found.troubles] == [
        "The measure stands in the table twice; only the first row counts."
    ]
