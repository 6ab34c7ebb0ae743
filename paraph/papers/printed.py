"""How is a comparison of two documents printed?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from paraph.papers.comparison import Comparison, Row
from paraph.papers.documents import Comment, remarks_at
from paraph.papers.documents import Paragraph as Read
from paraph.papers.docx.redlining import language_of
from paraph.papers.labels import label
from paraph.papers.paper import Block, Cell, Look, Paper, Paragraph, Remark, Run, Style, Table
from paraph.papers.redline_page import COUNTED
from paraph.papers.shapes import shapes

Said = Mapping[int, Sequence[Comment]]  # place of a paragraph -> what is said beside it
_LOOKS: dict[str, Look] = {"same": "", "deleted": "deleted", "inserted": "inserted"}


def comparison_paper(found: Comparison, title: str, between: Sequence[str] = (), author: str = "") -> Paper:
    """
    The whole text with what was struck and added, reserves and comments on the new one, notes behind.

    Args:
        found: the comparison.
        title: of the paper.
        between: what the old and the new document are, a line each.
        author: in whose name the changes stand.
    """
    said = remarks_at(found.new)
    language = language_of(found.new if found.new.paragraphs else found.old)
    counts = found.counts
    blocks: list[Block] = [
        Paragraph("title", (Run(title),)),
        *(Paragraph("small", (Run(line),)) for line in between),
        Paragraph("text", (Run(label(language, "changes", *(counts[name] for name in COUNTED))),)),
    ]
    for block in found.blocks:
        if isinstance(block, Row):
            blocks.append(_paragraph(found, block, language, author, said))
        else:
            rows = tuple(tuple(_cell(cell, language, author, said) for cell in line.cells) for line in block)
            merged = tuple(tuple(row) for row in shapes(found, block))
            blocks.append(Table((1,) * len(rows[0]), rows, head=0, shapes=merged))
    for row in found.notes:
        one = _paragraph(found, row, language, author, said)
        blocks.append(replace(one, style="small"))
    return Paper(title, language, tuple(blocks), title, counted=label(language, "page").replace("%d", "{}"))


def _cell(rows: tuple[Row, ...], language: str, author: str, said: Said) -> Cell:
    return tuple(
        Paragraph("cell", tuple(_runs(row, language, author)), remarks=_remarks(row, said)) for row in rows
    )


def _paragraph(found: Comparison, row: Row, language: str, author: str, said: Said) -> Paragraph:
    one = found.new.paragraphs[row.step.new[0]] if row.step.new else found.old.paragraphs[row.step.old[0]]
    runs, level = tuple(_runs(row, language, author)), min(max(one.level, 1), 6)
    return Paragraph(_style(one), runs, level=level, remarks=_remarks(row, said))


def _remarks(row: Row, said: Said) -> tuple[Remark, ...]:
    """What is said beside the paragraphs of a row."""
    places = row.step.new if row.step.kind != "leaves" else ()
    return tuple(Remark(one.author, one.line) for at in places for one in said.get(at, ()))


def _style(one: Read) -> Style:
    return "heading" if one.kind in ("heading", "article") else "text"


def _runs(row: Row, language: str, author: str) -> Iterator[Run]:
    """Number and words, with their changes; what moved says so."""
    kind = row.step.kind
    if kind in ("comes", "leaves"):
        yield Run(f"[{label(language, 'moved_here' if kind == 'comes' else 'moved_away')}", "quiet")
    before, after = row.numbers
    if kind in ("deleted", "leaves"):
        yield from [Run(f"{before} ", "deleted", author)] if before else []
    elif before == after:
        yield from [Run(f"{after} ", "strong")] if after else []
    else:
        yield from [Run(f"{before} ", "deleted", author)] if before else []
        yield from [Run(f"{after} ", "inserted", author)] if after else []
    for one in row.segments:
        text = one.text.replace(
            "\n", "¶" if one.kind == "deleted" else "¶\n" if one.kind == "inserted" else "\n"
        )
        yield Run(text, _LOOKS[one.kind], author if one.kind != "same" else "")
    if kind in ("comes", "leaves"):
        yield Run("]", "quiet")
