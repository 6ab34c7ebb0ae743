"""Plans of measures as ministries send them: what stands in their tables becomes measures, or is named."""

import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from paraph.acts import subject
from paraph.papers.deadlines import deadline_in
from paraph.papers.files import read_file
from paraph.papers.returned import Returned, Upload, known, returned
from paraph.papers.returned.merged import spread
from paraph.papers.returned.named import parties_of
from paraph.state import roadmaps
from paraph.state.programme import Programme
from tests.papers.word_files import ins, p, word_file
from tests.parties import Parties

Cell = str | tuple[str, int, int]  # words, columns and rows that it takes
NAMES = {
    "BY": {"en": "Belarus", "ru": "Республика Беларусь"},
    "RU": {"en": "Russia", "ru": "Российская Федерация"},
}
ONE, OLD = "provision:gas/one", "measure:gas/m1"
TRANSIT = {"ru": "Транзит газа свободен.", "en": "Transit of gas is free."}
METHOD = {"ru": "Утвердить методику расчёта тарифа на транспортировку газа", "en": "Adopt the tariff method"}


@pytest.fixture
def parties() -> Parties:
    """Belarus and Russia with a road map of one provision and one measure, in Russian and English."""
    made = Parties.meet("BY", "RU", authentic=("ru", "en"), working=())
    made.charter = replace(
        made.charter, parties=[replace(one, name=NAMES[one.code]) for one in made.charter.parties]
    )
    for code in made.nodes:
        made.open(code)
    made.begin()
    made.agree("card:gas", {"number": 1, "title": {"ru": "Карта", "en": "Map"}})
    made.agree("outline:gas", {"items": [[1, ONE], [1, OLD]]})
    made.agree(ONE, {"words": TRANSIT})
    made.agree(f"{OLD}/action", {"words": METHOD})
    bodies = {"BY": [{"ru": "Минэнерго", "en": "Energy"}], "RU": [{"ru": "ФАС России", "en": "FAS"}]}
    made.agree(f"{OLD}/bodies", {"bodies": bodies})
    made.agree(f"{OLD}/deadline", {"date": "2021-12-31"})
    return made


def table(*rows: list[Cell], change: str = "") -> str:
    """A table as Word keeps it: a cell that goes on below stands in each of its rows, and is empty."""
    below: dict[int, tuple[int, int]] = {}  # column -> rows that still go on, width
    lines = ""
    for row in rows:
        cells, column, given = "", 0, iter(row)
        while True:
            words, width, merge = "", 1, ""
            if column in below:
                left, width = below.pop(column)
                below |= {column: (left - 1, width)} if left > 1 else {}
                merge = "<w:vMerge/>"
            elif (one := next(given, None)) is None:
                break
            else:
                words, width, height = (one, 1, 1) if isinstance(one, str) else one
                if height > 1:
                    below[column], merge = (height - 1, width), '<w:vMerge w:val="restart"/>'
            span = f'<w:gridSpan w:val="{width}"/>' if width > 1 else ""
            inside = "".join(
                p(ins(line) if change and row is rows[-1] else line) for line in words.split("\n")
            )
            cells += f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{inside}</w:tc>"
            column += width
        mark = f"<w:trPr>{change}</w:trPr>" if change and row is rows[-1] else ""
        lines += f"<w:tr>{mark}{cells}</w:tr>"
    return f"<w:tbl>{lines}</w:tbl>"


def proposed(parties: Parties, path: Path, language: str = "ru", **who: str) -> Returned:
    """What a file of the Russian side proposes to the Belarusian one; `who` are authors in it."""
    programme = parties.programme("BY")
    given = Upload(spread(read_file(path, "marked")), language, "RU", who, {}, None, None, "plan")
    return returned(programme, programme, "gas", "BY", given)


def measures(found: Returned) -> list[dict[str, Any]]:
    """Each new measure: cell -> its words, its bodies by party, or its day."""
    said: dict[str, dict[str, Any]] = {}
    for act in (act for one in found.candidates for act in one.acts):
        if (cell := subject(act.subject).cell) and not act.subject.startswith(OLD):
            said.setdefault(act.subject.rpartition("/")[0], {})[cell] = _plain(act.content)
    return list(said.values())


def _plain(content: dict[str, Any]) -> Any:
    if "bodies" in content:
        names = content["bodies"].items()
        return {party: [one.get("ru") or one["en"] for one in bodies] for party, bodies in names}
    words = next(iter(content["words"].values())) if "words" in content else content["date"]
    target = [content[part] for part in ("target", "unit") if part in content]
    return (words, *target) if target else words


def looked_at(found: Returned) -> list[str]:
    """What is named: how the sentence begins, and about what."""
    return [f"{str(one.sentence)[:24]} | {one.text[:40]}" for one in found.troubles]


def test_a_plan_of_a_ministry_with_heads_in_two_rows_sections_and_merged_deadlines(
    parties: Parties, tmp_path: Path
) -> None:
    body = p("План мероприятий («дорожная карта»)") + table(
        [("№ п/п", 1, 2), ("Наименование мероприятия", 1, 2), ("Ответственные исполнители", 2, 1),
         ("Срок реализации", 1, 2), ("Ожидаемый результат", 1, 2), ("Примечание", 1, 2)],
        ["от Республики Беларусь", "от Российской Федерации"],
        ["1", "2", "3", "4", "5", "6", "7"],
        [("I. Косвенные налоги", 7, 1)],
        ["1.1.", "Разработка проекта соглашения", "МНС,\nМинфин", "ФНС России", ("IV квартал 2021 г.", 1, 2),
         "проект соглашения", ""],
        ["1.2.", "Проведение внутригосударственных процедур", "МИД", "МИД России", "соглашение", ""],
        ["II.", ("Налоговое администрирование", 6, 1)],
        ["2.1.", "Обмен сведениями о плательщиках", "МНС", "ФНС России", "постоянно", "отчёт", ""],
        ["2.2.", "Согласование перечня товаров", "МНС; ГТК", "ФНС России; ФТС России", "2022 – 2023 годы",
         "перечень", "по согласованию"],
    )  # fmt: skip

    found = proposed(parties, word_file(tmp_path / "plan.docx", body))

    assert measures(found) == [
        {"action": "Разработка проекта соглашения", "bodies": {"BY": ["МНС", "Минфин"], "RU": ["ФНС России"]},
         "deadline": "2021-12-31", "completion": "проект соглашения"},
        {"action": "Проведение внутригосударственных процедур",
         "bodies": {"BY": ["МИД"], "RU": ["МИД России"]}, "deadline": "2021-12-31",
         "completion": "соглашение"},
        {"action": "Обмен сведениями о плательщиках", "bodies": {"BY": ["МНС"], "RU": ["ФНС России"]},
         "completion": "отчёт"},
        {"action": "Согласование перечня товаров",
         "bodies": {"BY": ["МНС", "ГТК"], "RU": ["ФНС России", "ФТС России"]}, "deadline": "2023-12-31",
         "completion": "перечень"},
    ]  # fmt: skip
    assert found.candidates[-1].after.startswith(
        "Разработка проекта соглашения · BY: МНС; Минфин; RU: ФНС России · IV квартал 2021 г."
    )
    assert looked_at(found) == [
        "This row says nothing of | I. Косвенные налоги",
        "This row says nothing of | II. · Налоговое администрирование",
        "The head of this column  | Примечание",
        "This names no day, or co | постоянно · Обмен сведениями о плательщи",
    ]


def test_a_second_table_without_heads_goes_on_with_those_of_the_first(
    parties: Parties, tmp_path: Path
) -> None:
    body = (
        p("1. Рынок газа")
        + table(
            ["№", "Мероприятие", "Ответственные исполнители", "Срок исполнения", "Примечание"],
            ["1", METHOD["ru"], "Минэнерго, ФАС России", "30.06.2022", ""],
        )
        + p("2. Рынок нефти")
        + table(
            ["2", "Создать общую товарную биржу", "Минэнерго, ФАС России", "31.12.2022", ""],
            ["3", "Согласовать правила доступа к нефтепроводам", "Стороны", "I–II кварталы 2023 г.", ""],
        )
        + p("3. Справочно")
        + table(["Добыча", "2021", "2022", "2023"], ["нефти, млн т", "1,7", "1,8", "1,9"])
    )

    found = proposed(parties, word_file(tmp_path / "plan.docx", body))

    (old,) = [one for one in found.candidates if one.about == f"{OLD}/deadline"]
    assert old.acts[0].content == {"date": "2022-06-30"}
    assert measures(found) == [
        {"action": "Создать общую товарную биржу", "bodies": {"BY": ["Минэнерго"], "RU": ["ФАС России"]},
         "deadline": "2022-12-31"},
        {"action": "Согласовать правила доступа к нефтепроводам", "deadline": "2023-06-30"},
    ]  # fmt: skip
    assert looked_at(found) == [
        "Table 2 has no heads; it | 2",
        "No head of table 3 says  | Добыча",
        "Write the bodies of each | Стороны · Согласовать правила доступа к ",
    ]


@pytest.mark.parametrize(
    ("words", "bodies"),
    [
        ("от Республики Беларусь: Минпром; Минэк;\nот Российской Федерации: Минпромторг России",
         {"BY": ["Минпром", "Минэк"], "RU": ["Минпромторг России"]}),
        ("Белорусская Сторона – Минпром\nРоссийская Сторона – Минпромторг России",
         {"BY": ["Минпром"], "RU": ["Минпромторг России"]}),
        ("Республика Беларусь\nМинпром\nРоссийская Федерация\nМинпромторг России",
         {"BY": ["Минпром"], "RU": ["Минпромторг России"]}),
        ("Минпром (Республика Беларусь), Минпромторг (Российская Федерация)",
         {"BY": ["Минпром"], "RU": ["Минпромторг"]}),
        ("Минпром Республики Беларусь, Минпромторг России",
         {"BY": ["Минпром Республики Беларусь"], "RU": ["Минпромторг России"]}),
        ("For Belarus: Ministry of Industry; for the Russian Federation: Minpromtorg",
         {"BY": ["Ministry of Industry"], "RU": ["Minpromtorg"]}),
        ("Ministry of Energy of Belarus; Russia: FAS", None),
        ("Минпром, Минпромторг России", None),
        ("Минпром и Минпромторг России", None),
        ("Совет Беларуси и России", None),
    ],
)  # fmt: skip
def test_bodies_are_of_the_party_that_the_words_around_them_name(
    parties: Parties, tmp_path: Path, words: str, bodies: dict[str, list[str]] | None
) -> None:
    body = table(["Мероприятие", "Ответственные исполнители"], ["Ввести единые правила", words])

    found = proposed(parties, word_file(tmp_path / "plan.docx", body))

    assert measures(found) == [{"action": "Ввести единые правила"} | ({"bodies": bodies} if bodies else {})]
    assert ("Write the bodies" in " ".join(looked_at(found))) is (bodies is None)
    guessed = [str(said) for said in found.candidates[-1].sentences if "is taken as a body" in str(said)]
    assert bool(guessed) is ("Минпром Республики" in words)


def test_an_english_action_plan_names_parties_in_its_heads(parties: Parties, tmp_path: Path) -> None:
    body = p("Annex. Action plan") + table(
        ["No.", "Action", "Lead authority (Republic of Belarus)", "Lead authority – Russian Federation",
         "Time frame", "Expected outcome", "Performance indicator"],
        ["1", "Adopt the tariff method", "Energy", "FAS", "Q3 2022", "resolution", ""],
        ["2", "Open the exchange to suppliers\n– of gas;\n– of oil", "Trade", "Gazprom; Customs",
         "July–December 2022", "trading rules", "deals: 12 per year"],
    )  # fmt: skip

    found = proposed(parties, word_file(tmp_path / "plan.docx", body), "en")

    assert {one.about for one in found.candidates if one.about.startswith(OLD)} == {
        f"{OLD}/deadline", f"{OLD}/completion",
    }  # fmt: skip
    assert measures(found) == [
        {"action": "Open the exchange to suppliers\n– of gas;\n– of oil",
         "bodies": {"BY": ["Trade"], "RU": ["Gazprom", "Customs"]}, "deadline": "2022-12-31",
         "completion": "trading rules", "indicator": ("deals", "12", "per year")},
    ]  # fmt: skip
    assert looked_at(found) == []


@pytest.mark.parametrize(
    ("heads", "bodies"),
    [
        (["Белорусская Сторона", "Российская Сторона"], {"BY": ["Минпром"], "RU": ["Минпромторг"]}),
        (["Ответственные", "Российская Сторона"], None),
    ],
)
def test_the_column_of_a_party_holds_its_bodies_unless_another_one_does(
    parties: Parties, tmp_path: Path, heads: list[Cell], bodies: dict[str, list[str]] | None
) -> None:
    body = table(["Мероприятие", *heads], ["Ввести правила", "Минпром", "Минпромторг"])

    found = proposed(parties, word_file(tmp_path / "plan.docx", body))

    assert measures(found) == [{"action": "Ввести правила"} | ({"bodies": bodies} if bodies else {})]
    assert ("The head of this column  | Российская Сторона" in looked_at(found)) is (bodies is None)


CHAPTERS: list[list[Cell]] = [
    ["Measures", "Responsible bodies, Belarus", "Responsible bodies, Russia", "Deadline"],
    [("Chapter I. Taxes", 4, 1)],
    ["Draft a common code", "Taxes", "Federal Tax Service", "31 December 2022"],
    [("Chapter II. Customs", 3, 1), ""],
    ["Sign the code", "Customs", "Federal Customs Service", "1 July 2023"],
]


@pytest.mark.parametrize("kind", [".docx", ".xlsx"])
def test_a_title_over_several_columns_is_no_measure(parties: Parties, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"plan{kind}"
    if kind == ".docx":
        word_file(path, table(*CHAPTERS))
    else:
        book = openpyxl.Workbook()
        for at, row in enumerate(CHAPTERS, 1):
            column = 1
            for cell in row:
                words, width = (cell, 1) if isinstance(cell, str) else cell[:2]
                book.worksheets[0].cell(at, column).value = words
                if width > 1:
                    book.worksheets[0].merge_cells(None, at, column, at, column + width - 1)
                column += width
        book.save(path)

    found = proposed(parties, path, "en")

    assert [one["action"] for one in measures(found)] == ["Draft a common code", "Sign the code"]
    assert looked_at(found) == [
        "This row says nothing of | Chapter I. Taxes", "This row says nothing of | Chapter II. Customs",
    ]  # fmt: skip


@pytest.mark.parametrize("merged", [True, False])
def test_the_end_of_a_time_in_two_columns_is_the_deadline(
    parties: Parties, tmp_path: Path, merged: bool
) -> None:
    tall = 2 if merged else 1
    first: list[Cell] = [("№", 1, tall), ("Мероприятие", 1, tall), ("Сроки", 2, 1),
                         ("Исполнители от Белорусской Стороны", 1, tall), ("Показатель", 3, 1)]  # fmt: skip
    second: list[Cell] = ["начало", "окончание", "наименование", "единица измерения", "значение"]
    if not merged:
        second = ["", "", "", "окончание", "", "показатель", "единица измерения", "значение"]
    row: list[Cell] = [
        "1", "Построить узел учёта", "01.01.2022", "31.12.2022", "Белтопгаз", "число узлов", "ед.", "4",
    ]  # fmt: skip

    found = proposed(parties, word_file(tmp_path / "plan.docx", table(first, second, row)))

    assert measures(found) == [
        {"action": "Построить узел учёта", "bodies": {"BY": ["Белтопгаз"]},
         "indicator": ("число узлов", "4", "ед.")} | ({"deadline": "2022-12-31"} if merged else {}),
    ]  # fmt: skip
    said = " ".join(looked_at(found))
    assert ("Сроки · начало" in said) is merged
    assert ("names no day" in said) is not merged


def test_titles_above_the_heads_are_no_heads(parties: Parties, tmp_path: Path) -> None:
    body = table(
        [("Приложение к программе", 4, 1)],
        ["№ п/п", "Содержание мероприятий", "Ответственный за исполнение", "Контрольный срок"],
        ["1.", "Создать рабочую группу", "RU: Минтранс России; BY: Минтранс", "15 марта 2022 г."],
    )

    found = proposed(parties, word_file(tmp_path / "plan.docx", body))

    assert measures(found) == [
        {"action": "Создать рабочую группу", "bodies": {"RU": ["Минтранс России"], "BY": ["Минтранс"]},
         "deadline": "2022-03-15"},
    ]  # fmt: skip
    assert looked_at(found) == []


HEADS: dict[str, list[Cell]] = {
    "ru": ["№ п/п", "Наименование мероприятия", "Белорусская Сторона", "Российская Сторона", "Срок", "Форма"],
    "en": ["No.", "Measure", "Belarusian side", "Russian side", "Time frame", "Expected outcome"],
}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_measures_of_the_demo_in_the_order_and_the_heads_of_others_are_found_again(
    demo: Programme, tmp_path: Path, language: str
) -> None:
    found_in = {}
    for one in roadmaps.road_maps(demo):
        said: dict[str, dict[str, str]] = {}
        for subject_ in known(demo, one.id, language):
            if subject_.cell and len(subject_.wordings) == 1:
                said.setdefault(subject_.item, {})[subject_.cell] = subject_.wordings[0].words
        plan: list[list[Cell]] = []
        moved = set()
        for at, (item, cells) in enumerate(sorted(said.items(), reverse=True), 1):
            if "action" not in cells or "deadline" not in cells:
                continue
            bodies = dict(line.split(": ", 1) for line in cells.get("bodies", "").splitlines())
            if at % 3 == 0:
                moved.add(f"{item}/deadline")
            day = "31.12.2029" if at % 3 == 0 else cells["deadline"]
            plan.append([str(at), cells["action"], bodies.get("BY", ""), bodies.get("RU", ""), day,
                         cells.get("completion", "")])  # fmt: skip
        if plan:
            path = word_file(tmp_path / "plan.docx", p("План") + table(HEADS[language], *plan))
            given = Upload(spread(read_file(path, "marked")), language, "RU", {}, {}, None, None, "plan")
            found = returned(demo, demo, one.id, "BY", given)
            assert {about.about for about in found.candidates} == moved
            assert found.troubles == []
            found_in[one.id] = len(plan)

    assert sum(found_in.values()) > 50 and len(found_in) >= 8


def test_a_table_that_is_not_read_is_named(parties: Parties, tmp_path: Path) -> None:
    body = table(["Что сделать", "Кто", "К какому дню"], ["Создать рабочую группу", "Минтранс", "15.03.2022"])

    found = proposed(parties, word_file(tmp_path / "plan.docx", body))

    assert found.candidates == []
    (trouble,) = found.troubles
    assert str(trouble.sentence).endswith("call that column “Мероприятие”.") and trouble.text == "Что сделать"


def test_a_draft_with_provisions_and_an_annex_is_mapped_to_both(parties: Parties, tmp_path: Path) -> None:
    row = '<w:ins w:id="9" w:author="Novik" w:date="2021-02-23T00:00:00Z"/>'
    body = (
        p("1. Транзит газа свободен до 2030 года.")
        + p("Приложение. План мероприятий")
        + table(
            ["№", "Мероприятие", "Срок"],
            ["1", METHOD["ru"], "31.12.2022"],
            ["2", "Открыть биржу", "01.07.2023"],
            change=row,
        )
    ).replace('w:author="RU"', 'w:author="Novik"')

    found = proposed(parties, word_file(tmp_path / "draft.docx", body), Novik="BY")

    told = {(one.party, one.about, one.kind) for one in found.candidates}
    assert told == {
        ("RU", ONE, "words"), ("RU", f"{OLD}/deadline", "words"), ("BY", "outline:gas", "outline"),
    }  # fmt: skip
    assert measures(found) == [{"action": "Открыть биржу", "deadline": "2023-07-01"}]


def test_a_plan_alone_says_nothing_of_provisions(parties: Parties, tmp_path: Path) -> None:
    section, *more = [f"provision:gas/p{at}" for at in range(5)]
    items = [[1, ONE], [1, section], *([2, about] for about in more), [1, OLD]]
    parties.agree("outline:gas", {"items": items})
    heading = {"ru": "Сближение законодательства", "en": "Convergence of law"}
    parties.agree(section, {"words": {}, "heading": heading})
    for about in more:
        parties.agree(about, {"words": {"ru": f"Слова {about}.", "en": f"Words {about}."}})
    title = p("План мероприятий") + p("по гармонизации налогового законодательства")
    body = title + table(["№", "Мероприятие"], ["1", "Открыть биржу"])

    found = proposed(parties, word_file(tmp_path / "plan.docx", body))

    assert len(measures(found)) == 1
    assert looked_at(found) == []


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("Белорусская Сторона", "BY"), ("от Республики Беларусь", "BY"), ("Belarusian side", "BY"),
        ("RU", "RU"), ("of the Russian Federation", "RU"), ("Россия", "RU"),
        ("российской стороны", "RU"), ("Республика Казахстан", ""), ("Стороны", ""),
        ("ФНС России", ""), ("Беларусь и Россия", ""),
        ("", ""), ("Федерация", ""), ("Россельхознадзор", ""), ("ru", ""),
    ],
)  # fmt: skip
def test_a_party_is_known_in_whatever_case_its_name_stands(parties: Parties, text: str, party: str) -> None:
    assert parties_of(parties.charter.parties).named(text) == party


def test_names_that_two_parties_share_name_neither(parties: Parties) -> None:
    both = [
        replace(one, name={"en": f"Republic of {end} Korea"})
        for one, end in zip(parties.charter.parties, ("Northern", "Southern"), strict=True)
    ]

    assert [parties_of(both).named(text) for text in ("Korea", "Southern Korea", "Northern")] == [
        "",
        "",
        "BY",
    ]


@pytest.mark.parametrize(
    "words", ["слово ", "a – ", "a (b ( ", "a (b) ", ": ", "a: ", "ab\n", "слово, ", " ( ", "и Я", " "]
)
def test_a_cell_made_to_take_long_takes_no_time(parties: Parties, words: str) -> None:
    text = f"a{words * (32_767 // len(words))}России"
    known = parties_of(parties.charter.parties)
    begun = time.process_time()

    known.labelled(text)
    known.ending(text)
    with pytest.raises(ValueError, match=".*"):
        deadline_in(text)

    assert time.process_time() - begun < 1
