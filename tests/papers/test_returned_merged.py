"""Merged cells: what one cell says of several rows is said of each, whatever file the table stands in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from paraph.acts import subject
from paraph.papers import measures
from paraph.papers.documents import Change, cell_of
from paraph.papers.errors import PaperRefused
from paraph.papers.files import as_json, read_file
from paraph.papers.returned import merged
from paraph.papers.returned.merged import spread
from paraph.papers.settled import settled
from tests.papers.test_measures import checked, met, written  # noqa: F401 - a fixture
from tests.papers.test_returned import agreed, read, recorded
from tests.papers.word_files import p, word_file
from tests.parties import Parties

Cell = tuple[str, int, int]  # words, how many rows, how many columns
PLAN: dict[tuple[int, int], Cell] = {
    (1, 1): ("№", 2, 1), (1, 2): ("Мероприятие", 2, 1), (1, 3): ("Ответственные исполнители", 1, 2),
    (1, 5): ("Срок", 2, 1), (2, 3): ("BY", 1, 1), (2, 4): ("RU", 1, 1),
    (3, 1): ("1", 1, 1), (3, 2): ("Открыть биржу.", 1, 1), (3, 3): ("Минфин", 1, 1), (3, 4): ("Минэк", 2, 1),
    (3, 5): ("31.12.2022", 2, 1),
    (4, 1): ("2", 1, 1), (4, 2): ("Провести аудит счетов.", 1, 1), (4, 3): ("Минюст", 1, 1),
    (5, 1): ("3", 2, 1), (5, 2): ("Создать реестр поставок.", 2, 1), (5, 3): ("Минэнерго", 1, 1),
    (5, 4): ("Минпром", 2, 1), (5, 5): ("30.06.2023", 2, 1), (6, 3): ("Минтранс", 1, 1),
    (7, 1): ("II. Прочее", 1, 5),
}  # fmt: skip


@pytest.fixture
def parties() -> Parties:
    """Two parties with a road map that has none of these measures."""
    return agreed(Parties.make("BY", "RU"))


def in_word(path: Path, plan: Mapping[tuple[int, int], Cell]) -> Path:
    """The plan as Word merges cells: those that go on stand in their rows, and are empty."""
    rows = []
    for row in range(1, 8):
        cells, column = [], 1
        while column <= 5:
            said = plan.get((row, column))
            above = next(
                (r for r in range(row - 1, 0, -1) if plan.get((r, column), ("", 0, 0))[1] > row - r), 0
            )
            width = said[2] if said else plan[above, column][2] if above else 1
            merge = '<w:vMerge w:val="restart"/>' if said and said[1] > 1 else "<w:vMerge/>" if above else ""
            span = f'<w:gridSpan w:val="{width}"/>' if width > 1 else ""
            cells.append(f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{p(said[0]) if said else '<w:p/>'}</w:tc>")
            column += width
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return word_file(path, f"<w:tbl>{''.join(rows)}</w:tbl><w:p/>")


def in_a_workbook(path: Path, plan: Mapping[tuple[int, int], Cell]) -> Path:
    """The plan as a second engine merges cells."""
    book = openpyxl.Workbook()
    for (row, column), (words, height, width) in plan.items():
        book.worksheets[0].cell(row, column).value = words
        if height * width > 1:
            book.worksheets[0].merge_cells(None, row, column, row + height - 1, column + width - 1)
    book.save(path)
    return path


def in_akoma_ntoso(path: Path, plan: Mapping[tuple[int, int], Cell]) -> Path:
    """The plan as HTML merges cells: those that go on are left out."""
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td rowspan="{height}" colspan="{width}"><p>{words}</p></td>'
            for (row, _column), (words, height, width) in sorted(plan.items())
            if row == at
        )
        + "</tr>"
        for at in range(1, 8)
    )
    space = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
    path.write_text(
        f'<akomaNtoso xmlns="{space}"><doc name="plan"><mainBody><table>{rows}</table></mainBody></doc>'
        "</akomaNtoso>"
    )
    return path


KINDS = {".docx": in_word, ".xlsx": in_a_workbook, ".akn": in_akoma_ntoso}


@pytest.mark.parametrize("kind", KINDS)
def test_a_merged_cell_speaks_for_each_of_its_rows(parties: Parties, tmp_path: Path, kind: str) -> None:
    document = spread(read_file(KINDS[kind](tmp_path / f"plan{kind}", PLAN), "marked"))

    found = read(parties, document, tmp_path)

    (outline,) = found.candidates
    recorded(parties, found)
    said: dict[str, dict[str, Any]] = {}
    for act in outline.acts[:-1]:
        one = subject(act.subject)
        said.setdefault(act.subject.rpartition("/")[0], {})[one.cell] = act.content
    assert [one["action"]["words"]["ru"] for one in said.values()] == [
        "Открыть биржу.", "Провести аудит счетов.", "Создать реестр поставок.",
    ]  # fmt: skip
    assert [one["deadline"]["date"] for one in said.values()] == ["2022-12-31", "2022-12-31", "2023-06-30"]
    assert [one["bodies"]["bodies"] for one in said.values()] == [
        {"BY": [{"ru": "Минфин"}], "RU": [{"ru": "Минэк"}]},
        {"BY": [{"ru": "Минюст"}], "RU": [{"ru": "Минэк"}]},
        {"BY": [{"ru": "Минэнерго"}, {"ru": "Минтранс"}], "RU": [{"ru": "Минпром"}]},
    ]
    assert [one.text for one in found.troubles] == ["II. Прочее"]
    assert read(parties, document, tmp_path).candidates == []


def test_the_three_kinds_of_files_have_the_same_cells(tmp_path: Path) -> None:
    documents = [read_file(write(tmp_path / f"plan{kind}", PLAN)) for kind, write in KINDS.items()]

    word, workbook, akn = ([(one.place, one.text) for one in document.paragraphs] for document in documents)
    assert word == workbook == akn
    merged = [as_json(document)["merged"] for document in documents]
    assert merged[0] == merged[1] == merged[2]
    assert merged[0]["table 1, row 1, column 3"] == [1, 2]
    assert merged[0]["table 1, row 5, column 5"] == [2, 1]


def test_what_is_put_into_an_inserted_row_goes_with_it(tmp_path: Path) -> None:
    change = Change("inserted", "Novik")
    document = read_file(in_word(tmp_path / "plan.docx", PLAN), "marked")
    rows = tuple(
        replace(one, row=change if one.place.startswith("table 1, row 4,") else None)
        for one in document.paragraphs
    )

    rejected = settled(spread(replace(document, paragraphs=rows)), lambda _change: False)

    assert not any("row 4," in one.place for one in rejected.paragraphs)
    assert sum("row 3," in one.place for one in rejected.paragraphs) == 5


@pytest.mark.parametrize("kind", [".docx", ".akn"])
def test_a_cell_as_wide_as_no_table_is_bounded(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"wide{kind}"
    if kind == ".docx":
        wide = f'<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>{p("a")}</w:tc>'
        row = f'<w:tr><w:trPr><w:gridBefore w:val="999999999"/></w:trPr>{wide * 40}</w:tr>'
        word_file(path, f"<w:tbl>{row}</w:tbl><w:p/>")
    else:
        in_akoma_ntoso(path, {(1, column): ("a", 1, 999) for column in range(40)})

    document = read_file(path)

    columns = [cell[2] for one in document.paragraphs if (cell := cell_of(one.place))]
    assert len(columns) == len(set(columns)) == 40
    assert max(columns) < 500


def test_merged_cells_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = read_file(in_a_workbook(tmp_path / "plan.xlsx", PLAN))
    monkeypatch.setattr(merged, "MOST", 3)

    with pytest.raises(PaperRefused, match="reach over more than 3 rows"):
        spread(document)


def test_a_table_of_ours_with_a_merged_deadline_has_it_in_each_row(met: Parties, tmp_path: Path) -> None:  # noqa: F811
    book = written(met)
    place = book.places["deadline"]
    book.put(3, "deadline", "15.01.2023")
    book.sheet.merge_cells(None, 3, place, 5, place)

    found = checked(met, book.save(tmp_path / "a.xlsx"))

    assert [(one.row, one.cell, one.content) for one in found.changes] == [
        (row, "deadline", {"date": "2023-01-15"}) for row in (3, 4, 5)
    ]
    assert found.troubles == []


def test_merged_cells_of_a_table_of_ours_are_bounded(
    met: Parties,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = written(met)
    book.sheet.merge_cells(None, 3, 4, 5, 4)
    monkeypatch.setattr(measures, "MERGED", 1)

    with pytest.raises(PaperRefused, match="reach over more than 1 rows"):
        checked(met, book.save(tmp_path / "a.xlsx"))
