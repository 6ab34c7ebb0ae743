"""How does a paper become a PDF that archives take?

Typst draws it from data: no word of a text is ever read as markup. The file is tagged, embeds its fonts, says
that it is PDF/A-2b, and carries no author, no program of its reader and no time of writing.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from paraph.papers.paper import Cell, Paper, Paragraph, Run, Table
from paraph.papers.shapes import heights

ROOM = Path(__file__).parent
STANDARD: Literal["a-2b"] = "a-2b"


def paper_pdf(paper: Paper) -> bytes:
    """The paper as PDF."""
    data = json.dumps(_paper(paper), ensure_ascii=False)
    found = _compiler().compile(
        format="pdf", sys_inputs={"paper": data}, pdf_standards=[STANDARD], timestamp=0, pdf_tags=True
    )
    assert isinstance(found, bytes)
    return found


@cache
def _compiler() -> typst.Compiler:
    """The template with the fonts of this folder; no font of the machine is used."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(ROOM / "fonts")])
    return typst.Compiler(str(ROOM / "paper.typ"), root=str(ROOM), font_paths=fonts)


def _paper(paper: Paper) -> dict[str, Any]:
    centred = any(
        isinstance(one, Paragraph) and one.style == "heading" and one.number for one in paper.blocks
    )
    return {
        "title": paper.title,
        "language": paper.language,
        "foot": paper.foot,
        "wide": paper.wide,
        "counted": paper.counted,
        "date": [int(part) for part in paper.date.split("-")],
        "centred": centred,
        "blocks": [_table(one) if isinstance(one, Table) else _paragraph(one) for one in paper.blocks],
    }


def _table(one: Table) -> dict[str, Any]:
    if one.shapes:
        shown = heights(one.shapes)
        rows = [
            [_cell(row[s.column], s.width, high) for s, high in cells]
            for row, cells in zip(one.rows, shown, strict=True)
        ]
    else:
        rows = [[_cell(cell) for cell in row] for row in one.rows]
    return {"rows": rows, "shares": list(one.shares), "head": one.head, "plain": one.plain}


def _cell(inside: Cell, width: int = 1, height: int = 1) -> dict[str, Any]:
    """A cell, with the columns and rows that it takes."""
    return {"inside": [_paragraph(one) for one in inside], "wide": width, "tall": height}


def _paragraph(one: Paragraph) -> dict[str, Any]:
    found = {
        "style": one.style,
        "level": one.level,
        "number": one.number,
        "key": one.key,
        "language": one.language,
        "remarks": [remark.words for remark in one.remarks],
    }
    return {key: value for key, value in found.items() if value} | {"runs": [_run(run) for run in one.runs]}


def _run(one: Run) -> dict[str, Any]:
    found: dict[str, Any] = {"text": one.text, "look": one.look, "target": one.target, "note": one.note}
    return {key: value for key, value in found.items() if value}
