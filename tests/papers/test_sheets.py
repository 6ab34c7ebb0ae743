"""Spreadsheets from anybody are read cell by cell, or refused whole with the reason."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from paraph.papers.apart import ReadingRoom
from paraph.papers.errors import PaperRefused
from paraph.papers.files import read_file
from paraph.papers.xlsx.reading import Sheet, letters, read_xlsx
from paraph.papers.xlsx.writing import Column, day_of, serial, write_xlsx
from tests.papers.test_hostile import ole
from tests.papers.word_files import p, word_file

Maker = Callable[[Path], object]
COLUMNS = [
    Column("one", "One", open=True),
    Column("two", "Two", hidden=True),
    Column("day", "Day", open=True),
]
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def table(rows: int = 3) -> bytes:
    """A lawful workbook."""
    return write_xlsx(COLUMNS, [(f"text {at}", "", date(2021, 1, 1)) for at in range(rows)], "Measures")


def with_sheet(inside: str, head: str = "") -> Maker:
    """A workbook with this sheet."""

    def make(path: Path) -> None:
        sheet = f"{head}<worksheet {SPACE}><sheetData>{inside}</sheetData></worksheet>".encode()
        with (
            zipfile.ZipFile(BytesIO(table())) as own,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out,
        ):
            for name in own.namelist():
                out.writestr(name, sheet if name.endswith("sheet1.xml") else own.read(name))

    return make


def with_part(name: str, data: bytes = b"x", old: str = "", new: str = "") -> Maker:
    """A lawful workbook with a part more, and words in its list of parts replaced."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(BytesIO(table())) as own, zipfile.ZipFile(path, "w") as out:
            for one in own.namelist():
                out.writestr(one, own.read(one).replace(old.encode(), new.encode()) if old else own.read(one))
            if name:
                out.writestr(name, data)

    return make


FILES: dict[str, tuple[str, Maker]] = {
    "a document type": ("doctype", with_sheet("", "<!DOCTYPE x>")),
    "two parts of one name": ("duplicate", with_part("XL/Workbook.xml")),
    "a bomb of spaces": ("bomb", with_sheet(" " * (40 << 20))),
    "a bomb of cells": ("bomb", with_sheet("<row>" + "<c/>" * 2_000_000 + "</row>")),
    "too many rows": ("large", with_sheet("<row><c><v>1</v></c></row>" * 20_001)),
    "too many columns": ("large", with_sheet('<row><c r="ZZ1"><v>1</v></c></row>')),
    "an endless cell": ("large", with_sheet(f'<row><c t="str"><v>{"x" * 40_000}</v></c></row>')),
    "cells in each other": ("depth", with_sheet("<row>" * 3_000 + "</row>" * 3_000)),
    "macros": ("macro", with_part("xl/vbaProject.bin")),
    "a workbook with macros": ("macro", with_part("", old="sheet.main", new="sheet.macroEnabled.main")),
    "an encrypted file": ("encrypted", lambda path: path.write_bytes(ole("EncryptedPackage"))),
    "the old format": ("old", lambda path: path.write_bytes(ole("Workbook"))),
    "half a file": ("truncated", lambda path: path.write_bytes(table()[: len(table()) // 2])),
    "a string that is not there": ("damaged", with_sheet('<row><c t="s"><v>99</v></c></row>')),
    "a string before the first": ("damaged", with_sheet('<row><c t="s"><v>-1</v></c></row>')),
    "no number": ("damaged", with_sheet("<row><c><v>x</v></c></row>")),
    "rows in disorder": ("damaged", with_sheet('<row r="2"><c><v>1</v></c></row>' * 2)),
    "a document of Word": ("kind", lambda path: word_file(path, p("Prices."))),
    "no office file": ("kind", lambda path: path.write_bytes(b"a;b")),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_a_hostile_workbook_is_refused_with_the_reason_in_little_memory(
    tmp_path: Path, room: ReadingRoom, what: str
) -> None:
    reason, make = FILES[what]
    path = tmp_path / "a.xlsx"
    make(path)

    with pytest.raises(PaperRefused) as refused:
        room.read(Sheet, "sheet", path)

    assert refused.value.kind == reason
    assert str(refused.value).endswith((".", ")."))
    assert room.memory < 150 << 20


def test_what_was_written_is_read_back_and_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(table())

    sheet = read_xlsx(path)

    assert [row.cells for row in sheet.rows[:3]] == [
        {1: "one", 2: "two", 3: "day"},
        {1: "One", 2: "Two", 3: "Day"},
        {1: "text 0", 3: float(serial(date(2021, 1, 1)))},
    ]
    assert day_of(sheet.rows[2].cells[3]) == date(2021, 1, 1)  # type: ignore[arg-type]
    assert table() == table()


def test_a_table_of_20_000_rows_is_read(tmp_path: Path, room: ReadingRoom) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(table(19_998))

    assert len(room.read(Sheet, "sheet", path).rows) == 20_000


def test_formulas_and_further_sheets_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["=1+1", "_x0041_ & <b>", "line\nfeed"])
    book.create_sheet("Other")
    book.save(tmp_path / "a.xlsx")

    sheet = read_xlsx(tmp_path / "a.xlsx")

    assert sheet.flags == ["Only the first sheet is read.", "Formulas are read as their last value."]
    assert sheet.rows[0].cells[3] == "line\nfeed"


def test_what_xml_cannot_hold_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_xlsx(COLUMNS, [("_x0041_ <&> \"'", " two  spaces ", None)], "A/B"))

    assert read_xlsx(path).rows[2].cells == {1: "_x0041_ <&> \"'", 2: " two  spaces "}


def test_columns_are_called_as_people_see_them() -> None:
    assert [letters(at) for at in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


def test_a_sheet_is_read_as_a_document_with_dates_as_people_see_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Action", "Deadline", "Cost"])
    sheet.append(["Sign  it", date(2022, 12, 31), 44926])
    sheet.append(["Pay", 44926, 1.5])
    sheet["B3"].number_format = 'dd.mm.yyyy" г."'
    book.save(tmp_path / "plan.xlsx")

    found = read_file(tmp_path / "plan.xlsx")

    assert [(one.place, one.text) for one in found.paragraphs][3:] == [
        ("table 1, row 2, column 1", "Sign it"),
        ("table 1, row 2, column 2", "2022-12-31"),
        ("table 1, row 2, column 3", "44926"),
        ("table 1, row 3, column 1", "Pay"),
        ("table 1, row 3, column 2", "2022-12-31"),
        ("table 1, row 3, column 3", "1.5"),
    ]
