"""What has changed in a road map between two states of the record, and as which file does that leave?

A text is compared as its paper would say it at the moment: with all wordings in brackets, or the agreed words
alone. Provisions and measures keep their ids, so each is compared with itself whatever became of its words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from paraph.papers import documents, roadmaps
from paraph.papers.check import Outgoing
from paraph.papers.comparison import Comparison, compare
from paraph.papers.documents import Document, Kind
from paraph.papers.docx.redlining import redline_docx
from paraph.papers.errors import PaperRefused
from paraph.papers.labels import label
from paraph.papers.paper import Paper, Paragraph, Style, Table
from paraph.papers.pdf.writing import paper_pdf
from paraph.papers.printed import comparison_paper
from paraph.papers.redline_page import as_html
from paraph.papers.roadmaps import Wanted

Wording = Literal["bracketed", "clean"]
WORDINGS: tuple[Wording, ...] = get_args(Wording)
FileFormat = Literal["docx", "pdf", "html"]
FILES: tuple[FileFormat, ...] = get_args(FileFormat)
_MADE: dict[Wording, Callable[[Wanted], Paper]] = {"bracketed": roadmaps.bracketed, "clean": roadmaps.clean}
_KINDS: dict[Style, Kind] = {"title": "heading", "heading": "heading", "provision": "item", "mark": "text"}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two states of a road map, what they are called, and what has changed between them."""

    title: str
    between: tuple[str, str]  # the old and the new state, in the language of the text
    found: Comparison
    language: str


def compared(old: Wanted, new: Wanted, wording: Wording) -> Compared:
    """
    Compare a road map at two states; where it had not been opened it has no words.

    Raises:
        PaperRefused: neither state has the road map, or the language is none of the programme.
    """
    before, after = _paper(old, wording), _paper(new, wording)
    titled = after or before or _MADE[wording](new)
    language = new.language
    return Compared(
        next(
            block.text for block in titled.blocks if isinstance(block, Paragraph) and block.style == "title"
        ),
        (
            label(language, "old_state", roadmaps.as_of(old.programme, language)),
            label(language, "new_state", roadmaps.as_of(new.programme, language)),
        ),
        compare(document(before), document(after)),
        language,
    )


def _paper(wanted: Wanted, wording: Wording) -> Paper | None:
    try:
        return _MADE[wording](wanted)
    except PaperRefused as refused:
        if refused.kind == "unknown":
            return None
        raise


def document(paper: Paper | None) -> Document:
    """What a paper says, without what it says about itself: the words that another is compared with."""
    read = list(_paragraphs(paper)) if paper else []
    comments = (
        documents.Comment("", remark.author, "", remark.words, block.text, at)
        for at, (block, _one) in enumerate(read)
        for remark in block.remarks
    )
    return Document(tuple(one for _block, one in read), tuple(comments))


def _paragraphs(paper: Paper) -> Iterator[tuple[Paragraph, documents.Paragraph]]:
    """The paragraphs of a paper, each with what a reader finds in it."""
    tables = 0
    for block in paper.blocks:
        if isinstance(block, Table):
            tables += 1
            for at, row in enumerate(block.rows, 1):
                for column, cell in enumerate(row, 1):
                    for one in (one for one in cell if one.text or one.key):
                        yield one, _read(one, "text", f"table {tables}, row {at}, column {column}")
        elif block.style in _KINDS:
            yield block, _read(block, _KINDS[block.style])


def _read(one: Paragraph, kind: Kind, place: str = "") -> documents.Paragraph:
    number = "" if one.number == "+" else one.number
    key = one.key or (one.style if one.style == "title" else "")
    return documents.Paragraph(one.text, number, kind=kind, level=one.level, place=place, key=key)


def outgoing(what: Compared, name: str, format: FileFormat) -> Outgoing:
    """
    The comparison as a file: Word with tracked changes, PDF, or a page.

    Args:
        what: the comparison.
        name: of the file, without its ending.
        format: which file.
    """
    title = f"{what.title}. {label(what.language, 'between_states')}"
    author = label(what.language, "comparison_author")
    paper = comparison_paper(what.found, title, what.between, author)
    if format == "docx":
        data = redline_docx(what.found, author, language=what.language, remarked=True)
    elif format == "pdf":
        data = paper_pdf(paper)
    else:
        data = as_html(what.found, title, what.language, what.between).encode()
    return Outgoing(f"{name}.{format}", data, paper)
