"""A table of measures goes to agencies and comes back: only what they changed is proposed."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from paraph.acts import CELLS, Propose, Report, TakeStance, proposal_id
from paraph.papers.errors import PaperRefused
from paraph.papers.measures import Found, Table, check, reports, write_measures
from paraph.papers.xlsx.reading import read_xlsx
from paraph.sentences import Sentence
from tests.parties import Parties

CONTENTS: dict[str, dict[str, Any]] = {
    "action": {"words": {"ru": "Подписать протокол"}},
    "bodies": {
        "bodies": {"BY": [{"ru": "Минэнерго", "en": "Energy"}], "RU": [{"ru": "Газпром", "en": "Gazprom"}]}
    },
    "deadline": {"date": "2021-12-31"},
    "completion": {"words": {"ru": "протокол подписан"}},
    "indicator": {"words": {"ru": "поставка"}, "unit": "bcm", "target": "20"},
}
MEASURES = [f"measure:gas/m{at}" for at in (1, 2, 3)]


@pytest.fixture
def met() -> Parties:
    """A road map with three measures, all agreed."""
    return agreed(Parties.make())


def agreed(made: Parties) -> Parties:
    """The road map with its measures, proposed and accepted in one go."""
    contents: dict[str, dict[str, Any]] = {
        "card:gas": {"number": 1, "title": {"ru": "Газ"}},
        "outline:gas": {"items": [[1, one] for one in MEASURES]},
    }
    contents |= {f"{one}/{cell}": CONTENTS[cell] for one in MEASURES for cell in CELLS}
    accepted = [TakeStance(proposal_id(about, content), "accepts") for about, content in contents.items()]
    made.act("BY", *(Propose(about, content) for about, content in contents.items()), *accepted)
    made.exchange()
    made.act("RU", *accepted)
    made.exchange()
    return made


class Book:
    """The table in a second engine, as somebody opens it."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(data))
        self.sheet = self.book.worksheets[0]
        self.places = {cell.value: cell.column for cell in self.sheet[1]}

    def put(self, row: int, key: str, value: Any) -> None:
        """Write a cell; rows of measures begin with 3."""
        self.sheet.cell(row, self.places[key]).value = value

    def get(self, row: int, key: str) -> Any:
        """Read a cell."""
        return self.sheet.cell(row, self.places[key]).value

    def save(self, path: Path) -> Path:
        """Save it as that engine does: shared strings, other styles."""
        self.book.save(path)
        return path


def written(met: Parties, party: str = "BY") -> Book:
    """The table for a party's agencies."""
    return Book(write_measures(met.programme(party), party, ["gas"], "en"))


def checked(met: Parties, path: Path, party: str = "BY") -> Found:
    """What a table that came back changes."""
    programme = met.programme(party)
    table = Table(programme, read_xlsx(path))
    return check(programme, party, table, table.rows, reports(programme, party), set())


def send(met: Parties, found: Found, party: str = "BY") -> None:
    """Record all changes, as the delegate who uploads does."""
    for change in found.changes:
        met.act(party, change.act())


def test_a_table_that_nobody_changed_changes_nothing(met: Parties, tmp_path: Path) -> None:
    for path in (tmp_path / "own.xlsx", written(met).save(tmp_path / "other.xlsx")):
        if not path.exists():
            path.write_bytes(write_measures(met.programme(), "BY", ["gas"], "en"))

        found = checked(met, path)

        assert (found.changes, found.troubles, found.rows, found.unchanged) == ([], [], 3, 3)


def test_a_second_engine_sees_hidden_columns_and_dates_and_nothing_that_keeps_it_from_sorting(
    met: Parties,
) -> None:
    book = written(met)

    assert book.get(2, "action ru") == "Action, ru"
    assert book.get(3, "deadline").date().isoformat() == "2021-12-31"
    assert book.get(3, f"id {met.charter.prog}") == "measure:gas/m1"
    assert not book.sheet.protection.sheet  # rows with a locked cell are not sorted
    assert book.sheet.row_dimensions[1].hidden
    assert book.sheet.column_dimensions["A"].hidden


def test_every_changed_cell_becomes_a_proposal_and_a_second_upload_nothing(
    met: Parties, tmp_path: Path
) -> None:
    book = written(met)
    book.put(3, "action ru", "Подписать  новый протокол")
    book.put(3, "bodies BY ru", "Минэнерго\nМинфин")
    book.put(3, "bodies BY en", "Energy\nFinance")
    book.put(4, "deadline", "15.01.2022")
    book.put(4, "target", 25)
    book.put(5, "status", "under way")
    book.put(5, "report ru", "Проект готов.")
    path = book.save(tmp_path / "a.xlsx")

    found = checked(met, path)

    assert [(one.row, one.cell) for one in found.changes] == [
        (3, "action"), (3, "bodies"), (4, "deadline"), (4, "indicator"), (5, "report"),
    ]  # fmt: skip
    assert found.troubles == []
    assert [one.content for one in found.changes] == [
        {"words": {"ru": "Подписать новый протокол"}},
        {"bodies": {"BY": [{"ru": "Минэнерго", "en": "Energy"}, {"ru": "Минфин", "en": "Finance"}],
                    "RU": [{"ru": "Газпром", "en": "Gazprom"}]}},
        {"date": "2022-01-15"},
        {"words": {"ru": "поставка"}, "unit": "bcm", "target": "25"},
        {"status": "under_way", "words": {"ru": "Проект готов."}},
    ]  # fmt: skip
    send(met, found)
    again = checked(met, path)
    assert (again.changes, again.troubles, again.unchanged) == ([], [], 3)
    assert met.programme().voids == {}
    fresh = written(met)
    assert fresh.get(3, "action ru") == "Подписать протокол"  # agreed words stand until others are agreed
    assert fresh.get(5, "status") == "under way"


def test_bodies_behind_a_semicolon_are_several_and_have_to_be_as_many_in_each_language(
    met: Parties, tmp_path: Path
) -> None:
    book = written(met)
    for row in (3, 4):
        book.put(row, "bodies BY ru", "Минэнерго; Минфин;")
    book.put(3, "bodies BY en", "Energy\nFinance")

    found = checked(met, book.save(tmp_path / "a.xlsx"))

    (one,) = found.changes
    assert one.content["bodies"]["BY"] == [
        {"ru": "Минэнерго", "en": "Energy"}, {"ru": "Минфин", "en": "Finance"},
    ]  # fmt: skip
    (trouble,) = found.troubles
    assert trouble.row == 4 and "not as many bodies" in str(trouble.sentence)


def test_rows_sorted_without_their_hidden_columns_are_not_taken(met: Parties, tmp_path: Path) -> None:
    book = written(met)
    seen = [key for key in book.places if not key.startswith(("id ", "base "))]
    rows = [{key: book.get(row, key) for key in seen} for row in (3, 4, 5)]
    for row, values in zip((5, 4, 3), rows, strict=True):
        for key in seen:
            book.put(row, key, values[key])

    found = checked(met, book.save(tmp_path / "a.xlsx"))

    assert [one.row for one in found.troubles] == [3, 5] and found.changes == []
    assert "sorted without the hidden columns" in str(found.troubles[0].sentence)


def test_a_table_that_was_downloaded_before_rows_said_where_they_stand_is_read(
    met: Parties, tmp_path: Path
) -> None:
    book = written(met)
    book.sheet.delete_cols(book.places["base row"])
    book.put(4, "target", 25)

    found = checked(met, book.save(tmp_path / "a.xlsx"))

    assert ([(one.row, one.cell) for one in found.changes], found.troubles) == ([(4, "indicator")], [])


def test_rows_above_the_heads_and_a_column_more_do_no_harm_and_the_column_is_named(
    met: Parties, tmp_path: Path
) -> None:
    book = written(met)
    book.put(3, "action ru", "Подписать новый протокол")
    book.sheet.insert_cols(5)
    book.sheet.cell(2, 5).value = "Замечания"
    book.sheet.cell(4, 5).value = "проверить"
    book.sheet.insert_rows(1, 2)
    book.sheet["B1"] = "Приложение к письму № 12"

    path = book.save(tmp_path / "a.xlsx")
    table = Table(met.programme(), read_xlsx(path))

    assert [(one.row, one.column, one.head) for one in table.beside] == [(4, "E", "Замечания")]
    assert [(one.row, one.cell) for one in checked(met, path).changes] == [(5, "action")]


def test_words_agreed_otherwise_meanwhile_are_named_and_not_overwritten(met: Parties, tmp_path: Path) -> None:
    book = written(met)
    book.put(3, "action ru", "Слова ведомства")
    book.put(4, "completion ru", "отчёт")
    path = book.save(tmp_path / "a.xlsx")
    met.agree("measure:gas/m1/action", {"words": {"ru": "Иные согласованные слова"}})

    found = checked(met, path)

    assert [(one.row, one.cell) for one in found.changes] == [(4, "completion")]
    (trouble,) = found.troubles
    assert (trouble.row, trouble.column, trouble.kind) == (3, "D", "stale")
    assert "Other words came" in str(trouble.sentence)


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [("IV квартал 2023 г.", "2023-12-31"), ("I полугодие 2022", "2022-06-30"), (2023, "2023-12-31"),
     ("Q4 2022", "2022-12-31"), ("до 1 июля 2022 г.", "2022-07-01")],
)  # fmt: skip
def test_a_deadline_in_words_is_a_day_and_how_it_was_read_is_said(
    met: Parties, tmp_path: Path, written_as: Any, read_as: str
) -> None:
    book = written(met)
    book.put(4, "deadline", written_as)

    found = checked(met, book.save(tmp_path / "a.xlsx"))

    (one,) = found.changes
    assert one.how is not None and found.troubles == []
    assert (one.cell, one.content, one.after) == ("deadline", {"date": read_as}, {"deadline": read_as})
    assert str(Sentence(*one.how)).startswith(f"“{written_as}” is read as {read_as}")


def test_a_deadline_in_words_that_means_the_same_day_changes_nothing(met: Parties, tmp_path: Path) -> None:
    book = written(met)
    book.put(3, "deadline", "IV квартал 2021 года")

    found = checked(met, book.save(tmp_path / "a.xlsx"))

    assert (found.changes, found.troubles) == ([], [])


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("deadline", "скоро", "“скоро” names no day"),
        ("deadline", -4, "“-4.0” names no day"),
        ("deadline", None, "The deadline is gone"),
        ("action ru", None, "The words are gone"),
        ("action ru", "Подписать прoтокол", "mixes Latin and Cyrillic letters; “протокол” is meant"),
        ("bodies BY ru", "Минэнерго\nМинфин", "not as many bodies"),
        ("status", "почти", "“почти” is no status"),
        ("report ru", "Готово.", "Choose a status"),
        ("base action", "0" * 64 + " x", "What the cell showed was changed"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(
    met: Parties, tmp_path: Path, key: str, value: Any, said: str
) -> None:
    book = written(met)
    book.put(4, key, value)
    book.put(5, "action ru", "Верная строка")

    found = checked(met, book.save(tmp_path / "a.xlsx"))

    (trouble,) = found.troubles
    assert (trouble.row, trouble.kind) == (4, "error")
    assert said in str(trouble.sentence)
    assert trouble.column == openpyxl.utils.get_column_letter(
        book.places[key if key != "report ru" else "status"]
    )
    assert [one.row for one in found.changes] == [5]


def test_rows_without_a_known_measure_are_named(met: Parties, tmp_path: Path) -> None:
    book = written(met)
    key = f"id {met.charter.prog}"
    book.put(3, key, None)
    book.put(4, key, "measure:gas/none")
    book.sheet.append([cell.value for cell in book.sheet[5]])

    found = checked(met, book.save(tmp_path / "a.xlsx"))

    assert [(one.row, str(one.sentence)[:24]) for one in found.troubles] == [
        (3, "The row has no permanent"),
        (4, "This programme knows no "),
        (6, "The measure stands in th"),
    ]


def test_rows_and_columns_may_be_sorted_moved_and_taken_out(met: Parties, tmp_path: Path) -> None:
    book = written(met)
    book.put(5, "action ru", "Новые слова")
    book.sheet.move_range("A5:AZ5", rows=10)
    book.sheet.delete_rows(4)
    book.sheet.delete_cols(book.places["completion en"])

    found = checked(met, book.save(tmp_path / "a.xlsx"))

    assert [(one.measure, one.cell) for one in found.changes] == [("measure:gas/m3", "action")]
    assert found.troubles == []


def test_a_translation_alone_is_given_to_the_same_words(met: Parties, tmp_path: Path) -> None:
    book = written(met)
    book.put(3, "action en", "Sign the protocol")
    path = book.save(tmp_path / "a.xlsx")

    found = checked(met, path)

    (change,) = found.changes
    assert change.content == CONTENTS["action"]
    assert change.translations == {"en": {"words": "Sign the protocol"}}
    send(met, found)
    assert checked(met, path).changes == []
    assert written(met).get(3, "action en") == "Sign the protocol"


def test_words_that_the_party_withdrew_are_not_proposed_again(met: Parties, tmp_path: Path) -> None:
    book = written(met)
    book.put(3, "action ru", "Новые слова")
    path = book.save(tmp_path / "a.xlsx")
    send(met, checked(met, path))
    name = proposal_id("measure:gas/m1/action", {"words": {"ru": "Новые слова"}})
    met.act("BY", TakeStance(name, "declines"))

    found = checked(met, path)

    assert found.changes == []
    assert [one.kind for one in found.troubles] == ["known"]


def test_a_report_of_somebody_else_meanwhile_is_not_overwritten(met: Parties, tmp_path: Path) -> None:
    book = written(met)
    book.put(3, "status", "carried out")
    path = book.save(tmp_path / "a.xlsx")
    met.act("BY", Report("measure:gas/m1", "under_way"))

    found = checked(met, path)

    assert found.changes == []
    assert "Another report came" in str(found.troubles[0].sentence)


def test_a_bracketed_cell_shows_the_own_words(met: Parties) -> None:
    met.agree("outline:gas", {"items": [[1, one] for one in (*MEASURES, "measure:gas/m4")]})
    for party, text in (("BY", "Слова Минска"), ("RU", "Слова Москвы")):
        content = {"words": {"ru": text}}
        met.act(party, Propose("measure:gas/m4/action", content))
    met.exchange()

    assert written(met, "BY").get(6, "action ru") == "Слова Минска"
    assert written(met, "RU").get(6, "action ru") == "Слова Москвы"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda book, _met: book.sheet.delete_rows(1), "The hidden row of keys is missing"),
        (lambda book, met: book.put(1, f"id {met.charter.prog}", "id 00"), "another programme"),
        (lambda book, _met: book.sheet.delete_cols(book.places["base action"]), "Hidden columns are missing"),
    ],
    ids=["no keys", "another programme", "no marks"],
)
def test_another_table_is_refused_whole(
    met: Parties, tmp_path: Path, change: Callable[[Book, Parties], None], said: str
) -> None:
    book = written(met)
    change(book, met)

    with pytest.raises(PaperRefused, match=said):
        checked(met, book.save(tmp_path / "a.xlsx"))
