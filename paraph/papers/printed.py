"""How is a comparison of two documents printed?"""

from collections.abc import Iterator

from paraph.papers.comparison import Comparison, Row
from paraph.papers.documents import Paragraph as Read
from paraph.papers.docx.redlining import language_of
from paraph.papers.labels import label
from paraph.papers.paper import Block, Cell, Look, Paper, Paragraph, Run, Style, Table

_LOOKS: dict[str, Look] = {"same": "", "deleted": "deleted", "inserted": "inserted"}


def comparison_paper(found: Comparison, title: str) -> Paper:
    """The whole text with what was struck and added, tables as tables, notes behind."""
    language = language_of(found.new)
    counts = found.counts
    said = (
        "old",
        "new",
        "changed",
        "inserted",
        "deleted",
        "moved",
        "renumbered",
        "words deleted",
        "words inserted",
    )
    blocks: list[Block] = [
        Paragraph("title", (Run(title),)),
        Paragraph("small", (Run(label(language, "changes", *(counts[name] for name in said))),)),
    ]
    for block in found.blocks:
        if isinstance(block, Row):
            blocks.append(_paragraph(found, block, language))
        else:
            rows = tuple(tuple(_cell(found, cell, language) for cell in line.cells) for line in block)
            blocks.append(Table((1,) * len(rows[0]), rows, head=0))
    for row in found.notes:
        one = _paragraph(found, row, language)
        blocks.append(Paragraph("small", one.runs))
    return Paper(title, language, tuple(blocks), title, counted=label(language, "page").replace("%d", "{}"))


def _cell(found: Comparison, rows: tuple[Row, ...], language: str) -> Cell:
    return tuple(Paragraph("cell", tuple(_runs(row, language))) for row in rows)


def _paragraph(found: Comparison, row: Row, language: str) -> Paragraph:
    one = found.new.paragraphs[row.step.new[0]] if row.step.new else found.old.paragraphs[row.step.old[0]]
    return Paragraph(_style(one), tuple(_runs(row, language)), level=min(max(one.level, 1), 6))


def _style(one: Read) -> Style:
    return "heading" if one.kind in ("heading", "article") else "text"


def _runs(row: Row, language: str) -> Iterator[Run]:
    """Number and words, with their changes; what moved says so."""
    kind = row.step.kind
    if kind in ("comes", "leaves"):
        yield Run(f"[{label(language, 'moved_here' if kind == 'comes' else 'moved_away')}", "quiet")
    before, after = row.numbers
    if kind in ("deleted", "leaves"):
        yield from [Run(f"{before} ", "deleted")] if before else []
    elif before == after:
        yield from [Run(f"{after} ", "strong")] if after else []
    else:
        yield from [Run(f"{before} ", "deleted")] if before else []
        yield from [Run(f"{after} ", "inserted")] if after else []
    for one in row.segments:
        text = one.text.replace(
            "\n", "¶" if one.kind == "deleted" else "¶\n" if one.kind == "inserted" else "\n"
        )
        yield Run(text, _LOOKS[one.kind])
    if kind in ("comes", "leaves"):
        yield Run("]", "quiet")
