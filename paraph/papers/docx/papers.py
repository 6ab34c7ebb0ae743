"""How does a paper become a Word file?

Numbers are counting fields and references are fields that lead to them, so Word keeps them right when a
delegation inserts a provision. Changes stand in the name of the party that proposes them. A bookmark at its
number and a content control around it say which provision a paragraph is: one of them outlives most edits.
"""

import hashlib
import re
from collections.abc import Iterator

from paraph.papers.docx.styles import LANGUAGES
from paraph.papers.docx.writing import (
    LONG,
    WIDTH,
    Book,
    Cell,
    computed,
    control,
    escaped,
    paragraph,
    run,
    table,
)
from paraph.papers.paper import Paper, Paragraph, Run, Table

_STYLES = {
    "title": "Title", "subtitle": "Subtitle", "mark": "Mark", "provision": "Provision", "text": "",
    "cell": "Cell", "cellhead": "CellHead", "small": "Small",
}  # fmt: skip
_LOOKS = {"strong": "<w:b/>", "quiet": "<w:i/>", "struck": "<w:strike/>", "added": '<w:u w:val="single"/>'}
_NUMBER = re.compile(r"(M?)(\d+(?:\.\d+)*|[IVXLC]+)")


def paper_docx(paper: Paper, *, tracking: bool = True) -> bytes:
    """
    The paper as a Word file.

    Args:
        paper: what stands on it.
        tracking: whether Word tracks what its readers change, so that a returned file shows it.
    """
    return _Drawer(paper, tracking).book.bytes()


class _Drawer:
    """One pass over a paper."""

    def __init__(self, paper: Paper, tracking: bool) -> None:
        self.paper = paper
        self.book = Book(paper.language, paper.wide, escaped(paper.foot), tracking)
        self.numbered = {one.key for one in _paragraphs(paper) if one.key and one.number}
        self.known: set[str] = set()
        self.held: set[str] = set()  # ids that a content control carries
        for block in paper.blocks:
            if isinstance(block, Table):
                self.book.add(self._table(block))
            else:
                self.book.add(self._paragraph(block))

    def _table(self, block: Table) -> str:
        whole = LONG if self.paper.wide else WIDTH
        widths = [whole * share // sum(block.shares) for share in block.shares]
        rows = [
            ([Cell("".join(self._paragraph(one) for one in cell)) for cell in row], "") for row in block.rows
        ]
        return table(rows, widths, head=block.head, plain=block.plain)

    def _paragraph(self, one: Paragraph) -> str:
        style = f"Heading{one.level}" if one.style == "heading" else _STYLES[one.style]
        apart = ". " if one.style == "heading" else " " if one.style == "cellhead" else "\t"
        step = ""
        if one.style == "provision" and one.level > 2:
            step = f'<w:ind w:left="{425 * one.level}" w:hanging="850"/>'
        number = self._number(one) + run(apart) if one.number else ""
        inside = "".join(self._run(part, one) for part in one.runs)
        for remark in one.remarks:
            inside = self.book.comment(remark.author, remark.words, inside)
        if not one.key or one.key in self.held:
            return paragraph(number + inside, style, properties=step)
        self.held.add(one.key)
        if one.key not in self.numbered:
            number = self._marked(one.key, "")
        held = control(self.book.marks.next(), bookmark(one.key), number + inside)
        return paragraph(held, style, properties=step)

    # ------------------------------------------------------------ numbers

    def _number(self, one: Paragraph) -> str:
        """The number as fields that count, in a bookmark to which references lead."""
        shown = "".join(self._counted(one.number)) or run(one.number)
        if not one.key or one.key in self.known:
            return shown if one.key not in self.known else run(one.number)
        self.known.add(one.key)
        return self._marked(one.key, shown)

    def _marked(self, key: str, runs: str) -> str:
        """Runs in the bookmark of a provision."""
        at = self.book.marks.next()
        return f'<w:bookmarkStart w:id="{at}" w:name="{bookmark(key)}"/>{runs}<w:bookmarkEnd w:id="{at}"/>'

    def _counted(self, number: str) -> Iterator[str]:
        found = _NUMBER.fullmatch(number)
        if found is None:
            return
        if found[1]:
            yield run("M") + computed("SEQ measure", found[2])
            return
        if not found[2][0].isdigit():
            yield computed("SEQ level1 \\* ROMAN", found[2])
            return
        parts = found[2].split(".")
        for level, part in enumerate(parts[:-1], 1):
            yield computed(f"SEQ level{level} \\c", part) + run(".")
        again = " \\r 1" if len(parts) > 1 and parts[-1] == "1" else ""
        yield computed(f"SEQ level{len(parts)}{again}", parts[-1])

    # ------------------------------------------------------------ words

    def _run(self, part: Run, one: Paragraph) -> str:
        look = _LOOKS.get(part.look, "")
        if one.language and one.language != self.paper.language:
            look += f'<w:lang w:val="{LANGUAGES.get(one.language, one.language)}"/>'
        if part.target in self.numbered:
            inside = computed(f"REF {bookmark(part.target)} \\h", part.text, look)
        else:
            inside = run(part.text, look, deleted=part.look == "deleted")
        if part.look in ("deleted", "inserted"):
            inside = self.book.marks.around("del" if part.look == "deleted" else "ins", part.author, inside)
        return inside + (self.book.note([(run(part.note), "")]) if part.note else "")


def _paragraphs(paper: Paper) -> Iterator[Paragraph]:
    """All of a paper, those in tables too."""
    for block in paper.blocks:
        if isinstance(block, Table):
            yield from (one for row in block.rows for cell in row for one in cell)
        else:
            yield block


def bookmark(key: str) -> str:
    """The name of a bookmark; Word does not list what begins with a low line."""
    return f"_P{hashlib.sha256(key.encode()).hexdigest()[:16]}"
