"""What stands in the cells of a spreadsheet?

The first sheet, cell by cell, as it was kept: nothing is computed, no other file is looked at. Everything
is bounded as in Word documents, by the same package.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from paraph.papers.docx.package import Package
from paraph.papers.errors import PaperRefused
from paraph.papers.mistaken import NO_SHEET, SHEETS, refuse_mistaken
from paraph.sentences import _

ROWS = 20_000
COLUMNS = 200
LETTERS = 32_767  # in one cell; the programs themselves keep no more

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FORMULAS = _("Formulas are read as their last value.")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DATES = {"14", "15", "16", "17", "22"}  # formats of dates that every program knows by number
Tree: TypeAlias = etree._Element


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its cells by column, from 1; what is empty is left out. A number is a float."""

    number: int
    cells: dict[int, str | float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read, and what a reader should look at."""

    rows: tuple[Row, ...]
    flags: list[str] = field(default_factory=list)
    dates: frozenset[tuple[int, int]] = frozenset()  # row and column of numbers that are shown as dates
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    # row and column of a merged cell -> how many rows and columns it takes


def read_xlsx(path: Path) -> Sheet:
    """
    The first sheet of a workbook.

    Raises:
        PaperRefused: the file is none, is damaged, or could harm; nothing was taken.
    """
    refuse_mistaken(path, SHEETS)
    try:
        with Package(path) as package:
            return _Reader(package).sheet
    except PaperRefused as refused:
        if refused.kind == "kind":
            raise _no_workbook() from refused
        if refused.kind == "macro":
            raise PaperRefused(
                "macro", _("The file holds macros; save it as .xlsx without them.")
            ) from refused
        raise


def _no_workbook() -> PaperRefused:
    return PaperRefused("kind", NO_SHEET)


class _Reader:
    """One pass over the sheet."""

    def __init__(self, package: Package) -> None:
        self.flags: list[str] = []
        book = package.document()
        tree = package.tree(book)
        if tree.tag != f"{_S}workbook":
            raise _no_workbook()
        relations = package.relations(book)
        sheets = list(tree.iterfind(f"{_S}sheets/{_S}sheet"))
        names = [value for one in sheets[:1] for key, value in one.attrib.items() if str(key).endswith("}id")]
        target = relations[str(names[0])].target if names and str(names[0]) in relations else ""
        if target not in package.parts:
            raise PaperRefused("kind", _("The workbook has no sheet."))
        if len(sheets) > 1:
            self.flags.append(_("Only the first sheet is read."))
        shared = next((one.target for one in relations.values() if one.kind == "sharedStrings"), "")
        self.strings = self._shared(package.tree(shared)) if shared in package.parts else []
        styles = next((one.target for one in relations.values() if one.kind == "styles"), "")
        self.days = _date_styles(package.tree(styles)) if styles in package.parts else frozenset()
        self.dates: set[tuple[int, int]] = set()
        sheet = package.tree(target)
        rows = tuple(self._rows(sheet))
        self.sheet = Sheet(rows, self.flags, frozenset(self.dates), dict(_merged(sheet)))

    def _shared(self, tree: Tree) -> list[str]:
        return [_said(one) for one in tree.iterchildren(f"{_S}si")]

    def _rows(self, tree: Tree) -> list[Row]:
        found: list[Row] = []
        number = 0
        for row in tree.iterfind(f"{_S}sheetData/{_S}row"):
            number = _number(row.get("r"), number + 1)
            if number > 1_048_576 or (found and number <= found[-1].number):
                raise PaperRefused("damaged", _("The file is damaged; ask for it again."))
            cells = self._cells(row, number)
            if not cells:
                continue
            if len(found) == ROWS:
                raise PaperRefused("large", _("The sheet has more than %(most)s rows."), most=ROWS)
            found.append(Row(number, cells))
        return found

    def _cells(self, row: Tree, number: int) -> dict[int, str | float]:
        found: dict[int, str | float] = {}
        column = 0
        for cell in row.iterchildren(f"{_S}c"):
            column = _column(cell.get("r"), column + 1)
            value = self._value(cell)
            if value is None or value == "":
                continue
            if column > COLUMNS:
                raise PaperRefused("large", _("The sheet has more than %(most)s columns."), most=COLUMNS)
            if isinstance(value, str) and len(value) > LETTERS:
                raise PaperRefused("large", _("A cell holds more than %(most)s letters."), most=LETTERS)
            found[column] = value
            if self.days and isinstance(value, float) and cell.get("s", "") in self.days:
                self.dates.add((number, column))
        return found

    def _value(self, cell: Tree) -> str | float | None:
        kind = cell.get("t", "n")
        if cell.find(f"{_S}f") is not None and _FORMULAS not in self.flags:
            self.flags.append(_FORMULAS)
        if kind == "inlineStr":
            inline = cell.find(f"{_S}is")
            return None if inline is None else _said(inline)
        text = cell.findtext(f"{_S}v")
        if not text:  # a formula that nothing has computed yet
            return None
        try:
            if kind == "s":
                place = int(text)
                if place < 0:
                    raise IndexError
                return self.strings[place]
            if kind == "n":
                return float(text)
        except (ValueError, IndexError) as error:
            raise PaperRefused("damaged", _("The file is damaged; ask for it again.")) from error
        return _unescaped(text) if kind in ("str", "d", "e") else text


def _said(item: Tree) -> str:
    """The letters of a string, of all its runs; readings above words are left out."""
    parts = [item.findtext(f"{_S}t") or ""]
    parts += [run.findtext(f"{_S}t") or "" for run in item.iterchildren(f"{_S}r")]
    return _unescaped("".join(parts))


def _merged(sheet: Tree) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where each merged cell begins, and how many rows and columns it takes."""
    for one in sheet.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
        ends = [_PLACE.fullmatch(end) for end in one.get("ref", "").split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            (row, column), (last, end) = ((int(at[2]), _column(at[0], 0)) for at in ends if at)
            yield (row, column), (max(last - row, 0) + 1, max(end - column, 0) + 1)


def _date_styles(tree: Tree) -> frozenset[str]:
    """The styles of cells that show a number as a date, as cells name them."""
    own = {
        one.get("numFmtId", ""): re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", one.get("formatCode", ""))
        for one in tree.iterfind(f"{_S}numFmts/{_S}numFmt")
    }
    days = {name for name, format in own.items() if set("dDyY") & set(format)} | _DATES
    used = [one.get("numFmtId", "") for one in tree.iterfind(f"{_S}cellXfs/{_S}xf")]
    return frozenset(str(at) for at, name in enumerate(used) if name in days)


def _unescaped(text: str) -> str:
    """Letters that XML cannot hold are written _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _number(given: str | None, otherwise: int) -> int:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 8 else otherwise


def _column(place: str | None, otherwise: int) -> int:
    found = _PLACE.fullmatch(place or "")
    if found is None:
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number


def letters(column: int) -> str:
    """The name of a column as people see it: 28 is AB."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
