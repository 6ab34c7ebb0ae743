"""What does a spreadsheet say as a document: one table, a paragraph a cell?

A table of measures of ours keeps its permanent ids; its hidden columns and its first row are not read.
"""

from pathlib import Path

from paraph.papers.documents import (
    Document,
    Paragraph,
    Piece,
    Report,
    cell_at,
    folded,
    kind_of,
    typed_number,
    without_controls,
)
from paraph.papers.xlsx.reading import Row, Sheet, read_xlsx
from paraph.papers.xlsx.writing import day_of

_HIDDEN = ("id ", "base ")  # how the keys of columns begin that nobody sees


def read_sheet(path: Path) -> Document:
    """The first sheet of a workbook; PaperRefused says why not."""
    sheet = read_xlsx(path)
    keys = {column: str(key) for column, key in sheet.rows[0].cells.items()} if sheet.rows else {}
    ids = next((column for column, key in keys.items() if key.startswith("id ")), 0)
    hidden = {column for column, key in keys.items() if ids and key.startswith(_HIDDEN)}
    report = Report()
    paragraphs = [
        one
        for row in sheet.rows[bool(ids) :]
        for one in _cells(row, sheet, hidden, str(row.cells.get(ids, "")), report)
    ]
    report.read = {"paragraphs": len(paragraphs), "tables": 1}
    for flag in sheet.flags:
        report.flag(flag)
    spans = {cell_at(1, *where): size for where, size in sheet.spans.items()}
    return Document(tuple(paragraphs), (), report, spans=spans)


def _cells(row: Row, sheet: Sheet, hidden: set[int], key: str, report: Report) -> list[Paragraph]:
    found = []
    for column, value in sorted(row.cells.items()):
        text = folded(without_controls(_text(value, (row.number, column) in sheet.dates), report))
        if text and column not in hidden:
            place = cell_at(1, row.number, column)
            number, words = typed_number(text, place)
            found.append(
                Paragraph(
                    words, number, bool(number), kind_of(number), place=place, pieces=(Piece(text),), key=key
                )
            )
    return found


def _text(value: str | float, is_date: bool) -> str:
    """What people see in a cell: a date as ISO, a whole number without its decimals."""
    if isinstance(value, str):
        return value
    if is_date:
        try:
            return day_of(value).isoformat()
        except (ValueError, OverflowError):
            pass
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
