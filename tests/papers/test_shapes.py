"""Merged cells in a redline: accepted they are those of the new document, rejected those of the old."""

import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from paraph.papers.comparison import compare
from paraph.papers.docx.reading import read_docx
from paraph.papers.docx.redlining import redline_docx
from paraph.papers.docx.settling import Reading
from paraph.papers.pdf.writing import paper_pdf
from paraph.papers.printed import comparison_paper
from paraph.papers.redline_page import as_html
from tests.papers.word_files import p, word_file

Row = list[tuple[str, int, str]]  # words, columns, how it is merged with those above and below
COLUMN = '<w:gridCol w:w="3000"/>'


def plan(path: Path, *rows: Row) -> Path:
    """A Word file with a table between two paragraphs."""
    body = ""
    for row in rows:
        body += "<w:tr>"
        for words, width, merge in row:
            look = f'<w:gridSpan w:val="{width}"/>' if width > 1 else ""
            look += f'<w:vMerge w:val="{merge}"/>' if merge else ""
            body += f"<w:tc><w:tcPr>{look}</w:tcPr>{p(words)}</w:tc>"
        body += "</w:tr>"
    return word_file(
        path, p("Before.") + f"<w:tbl><w:tblGrid>{3 * COLUMN}</w:tblGrid>{body}</w:tbl>" + p("After.")
    )


HEAD: Row = [("Measures of the year", 3, "")]
TAX: Row = [("Tax rules", 1, "restart"), ("draft a common code", 1, ""), ("June", 1, "")]
MORE: Row = [("", 1, "continue"), ("sign the code", 1, ""), ("July", 1, "")]
NEW: Row = [("", 1, "continue"), ("ratify all of it", 1, ""), ("May", 1, "")]
GAS: Row = [("Gas market", 1, ""), ("set the tariffs together", 2, "")]
APART: Row = [("Gas market", 1, ""), ("set the tariffs together", 1, ""), ("at once", 1, "")]
CASES = {
    "another word": ((HEAD, TAX, MORE, GAS), (HEAD, TAX, [*MORE[:2], ("August", 1, "")], GAS)),
    "every word of a row": ((HEAD, TAX, MORE, GAS), (HEAD, TAX, NEW, GAS)),
    "a row more": ((HEAD, TAX, MORE, GAS), (HEAD, TAX, NEW, MORE, GAS)),
    "a row less": ((HEAD, TAX, NEW, MORE, GAS), (HEAD, TAX, MORE, GAS)),
    "a new table": ((), (HEAD, TAX, MORE, GAS)),
}


@pytest.mark.parametrize("case", CASES)
def test_merged_cells_stay_merged_in_a_redline(tmp_path: Path, case: str) -> None:
    old, new = (plan(tmp_path / f"{at}.docx", *rows) for at, rows in enumerate(CASES[case]))
    out = tmp_path / "redline.docx"

    out.write_bytes(redline_docx(compare(read_docx(old), read_docx(new))))

    readings: tuple[tuple[Reading, Path], ...] = (("accepted", new), ("rejected", old))
    for reading, whole in readings:
        found, wanted = read_docx(out, reading), read_docx(whole)
        assert found.spans == wanted.spans
        assert [(one.place, one.words) for one in found.paragraphs] == [
            (one.place, one.words) for one in wanted.paragraphs
        ]


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
@pytest.mark.parametrize("case", ["another word", "a new table"])  # pandoc settles no rows that came or went
def test_another_engine_sees_the_same_merged_cells(tmp_path: Path, case: str) -> None:
    old, new = (plan(tmp_path / f"{at}.docx", *rows) for at, rows in enumerate(CASES[case]))
    out = tmp_path / "redline.docx"
    out.write_bytes(redline_docx(compare(read_docx(old), read_docx(new))))

    def seen(path: Path, reading: str) -> list[str]:
        command = ["pandoc", "-f", "docx", "-t", "html", f"--track-changes={reading}", str(path)]
        page = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return re.findall(r'(?:col|row)span="\d+"|<tr|<td', re.sub("<th(?=[ >])", "<td", page))

    assert seen(out, "accept") == seen(new, "accept")
    if CASES[case][0]:
        assert seen(out, "reject") == seen(old, "reject")


def test_where_cells_were_merged_otherwise_before_they_stand_apart(tmp_path: Path) -> None:
    old, new = plan(tmp_path / "0.docx", HEAD, GAS), plan(tmp_path / "1.docx", HEAD, APART)
    out = tmp_path / "redline.docx"

    out.write_bytes(redline_docx(compare(read_docx(old), read_docx(new))))

    assert read_docx(out).spans == {"table 1, row 1, column 1": (1, 3)}
    assert [one.words for one in read_docx(out).paragraphs][-2:] == ["at once", "After."]


def test_a_page_shows_merged_cells_with_the_rows_that_came_and_went(tmp_path: Path) -> None:
    old, new = (plan(tmp_path / f"{at}.docx", *rows) for at, rows in enumerate(CASES["a row more"]))

    page = as_html(compare(read_docx(old), read_docx(new)), "Plan")

    assert '<td colspan="3"><p' in page and '<td rowspan="3"><p' in page and '<td colspan="2"><p' in page
    assert page.count("<td") == 1 + 3 + 2 + 2 + 2


# ---------------------------------------------------------------- in print


def tagged(path: Path) -> list[tuple[str, int, int]]:
    """The rows and cells of a PDF as its tags name them: the kind, and the columns and rows that it takes."""
    found: list[tuple[str, int, int]] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            if node.S in ("/TR", "/TD", "/TH"):
                said = node.get("/A", pikepdf.Array())
                looks = said if isinstance(said, pikepdf.Array) else [said]
                spans = [
                    max(int(look.get(name, 1)) for look in (*looks, {})) for name in ("/ColSpan", "/RowSpan")
                ]
                found.append((str(node.S), spans[0], spans[1]))
            walk(node.get("/K", pikepdf.Array()))

    with pikepdf.open(path) as pdf:
        walk(pdf.Root.StructTreeRoot.K)
    return found


def printed(folder: Path, old: tuple[Row, ...], new: tuple[Row, ...]) -> Path:
    """The redline of two plans, for print."""
    olds, news = (read_docx(plan(folder / f"{at}.docx", *rows)) for at, rows in enumerate((old, new)))
    path = folder / "redline.pdf"
    path.write_bytes(paper_pdf(comparison_paper(compare(olds, news), "Plan")))
    return path


ONE = ("/TD", 1, 1)
PRINTED = {
    "another word": [[("/TD", 3, 1)], [("/TD", 1, 2), ONE, ONE], [ONE, ONE], [ONE, ("/TD", 2, 1)]],
    "a row more": [[("/TD", 3, 1)], [("/TD", 1, 3), ONE, ONE], [ONE, ONE], [ONE, ONE], [ONE, ("/TD", 2, 1)]],
    "a row less": [[("/TD", 3, 1)], [("/TD", 1, 3), ONE, ONE], [ONE, ONE], [ONE, ONE], [ONE, ("/TD", 2, 1)]],
}


@pytest.mark.parametrize("case", PRINTED)
def test_print_shows_merged_cells_with_the_rows_that_came_and_went(tmp_path: Path, case: str) -> None:
    path = printed(tmp_path, *CASES[case])

    wanted = [one for row in PRINTED[case] for one in (("/TR", 1, 1), *row)]
    assert tagged(path) == wanted


def test_in_print_what_was_merged_otherwise_before_stands_apart(tmp_path: Path) -> None:
    path = printed(tmp_path, (HEAD, GAS), (HEAD, APART))

    assert tagged(path) == [("/TR", 1, 1), ("/TD", 3, 1), ("/TR", 1, 1), ONE, ONE, ONE]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_a_merged_cell_of_a_redline_goes_over_pages_and_no_row_of_it_is_lost(tmp_path: Path) -> None:
    rows: list[Row] = [
        [("", 1, "continue"), (f"measure {n} of all", 1, ""), ("July", 1, "")] for n in range(90)
    ]
    new = [*rows[:40], [("", 1, "continue"), ("a row that came", 1, ""), ("May", 1, "")], *rows[40:]]

    path = printed(tmp_path, (HEAD, TAX, *rows, GAS), (HEAD, TAX, *new, GAS))

    assert ("/TD", 1, 92) in tagged(path)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("\f") > 1
    assert [n for n in range(90) if f"measure {n} of all" not in done.stdout] == []
    assert done.stdout.count("Tax rules") == done.stdout.count("a row that came") == 1
