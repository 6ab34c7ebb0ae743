"""What stands on a paper that leaves, whatever file it becomes?

A paper is a list of paragraphs and tables. What a run of words is, a deletion, the number of another
provision, a paragraph with a remark on it, is said here once; Word and print each draw it in their own way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from paraph.papers.shapes import Shape

Look = Literal["", "strong", "quiet", "deleted", "inserted", "struck", "added"]  # the last two are no changes
Style = Literal["title", "subtitle", "mark", "heading", "provision", "text", "cell", "cellhead", "small"]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a party says beside the text: a reserve."""

    author: str
    words: str


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look."""

    text: str
    look: Look = ""
    author: str = ""  # of a deletion or an insertion
    target: str = ""  # the item whose number this is
    note: str = ""  # a footnote behind the words


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `number` stands before the words, and references lead to `key`."""

    style: Style
    runs: tuple[Run, ...]
    number: str = ""
    key: str = ""
    level: int = 1
    language: str = ""
    remarks: tuple[Remark, ...] = ()  # on all of its words

    @property
    def text(self) -> str:
        """The words as one line."""
        return "".join(run.text for run in self.runs)


Cell = tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first `head` rows stand again on each page."""

    shares: tuple[int, ...]  # of the width, column by column
    rows: tuple[tuple[Cell, ...], ...]
    head: int = 1
    plain: bool = False  # without lines
    name: str = ""  # for those who cannot see it
    shapes: tuple[
        tuple["Shape", ...], ...
    ] = ()  # its cells row by row, where some are merged; in print alone


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as a whole."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    foot: str = ""  # at the foot of each page, beside its number
    wide: bool = False  # the page lies on its side
    counted: str = "{} / {}"  # the number of the page and of all pages
    date: str = "1970-01-01"  # of what is said, not of the writing; an archive wants one
    inside: bool = False  # it holds what only one delegation may read


def plain(style: Style, text: str) -> Paragraph:
    """A paragraph of words that all look alike."""
    return Paragraph(style, (Run(text),))


def in_cell(style: Style, text: str) -> Cell:
    """The same, alone in its cell."""
    return (plain(style, text),)


def paragraphs(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """Every paragraph, those in tables too."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for cell in row:
                    yield from cell


def authors(paper: Paper) -> list[str]:
    """In whose name changes and remarks stand."""
    found: dict[str, None] = {}
    for paragraph in paragraphs(paper.blocks):
        found |= dict.fromkeys(run.author for run in paragraph.runs)
        found |= dict.fromkeys(remark.author for remark in paragraph.remarks)
    return sorted(name for name in found if name)
