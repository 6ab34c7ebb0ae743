"""What can be said of a file that came back?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from paraph.acts import Propose
from paraph.papers.comparison import Row
from paraph.papers.documents import Document, Paragraph
from paraph.papers.sent import Origin
from paraph.sentences import Sentence

NEW, NOT = "new", "-"  # what a paragraph can be mapped to besides a subject
Kind = Literal["words", "translation", "new", "outline"]
By = Literal[
    "key", "words", "person", "order", "sent", "row"
]  # how a target is known; "row" goes where its row goes


def whole_of(heading: str, words: str) -> str:
    """Heading and words as a paper says them."""
    return f"{heading}. {words}" if heading and words else heading or words


@dataclass(frozen=True, slots=True)
class Wording:
    """One proposal on the table, as a reader sees it in one language."""

    proposal: str
    parties: tuple[str, ...]
    heading: str
    words: str  # numbers of provisions in the place of references
    references: tuple[tuple[int, int, str], ...] = ()  # where such a number stands, and what it stands for

    @property
    def whole(self) -> str:
        """Heading and words as a paper says them."""
        return whole_of(self.heading, self.words)


@dataclass(frozen=True, slots=True)
class Known:
    """A subject of the road map with its wordings: the agreed one first."""

    about: str
    item: str
    number: str
    section: bool
    wordings: tuple[Wording, ...]

    @property
    def cell(self) -> str:
        """Which cell of a measure it is; "" of a provision."""
        return self.about.rpartition("/")[2] if self.item.startswith("measure:") else ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be put forward from the file."""

    key: str  # the same whenever the file is looked at again
    party: str
    kind: Kind
    about: str
    number: str
    before: str
    after: str
    acts: tuple[Propose, ...]
    sentences: tuple[Sentence, ...] = ()  # what to know before it is sent
    alike: bool = False
    wanted: bool = True  # whether it is chosen at first


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something of the file that becomes no proposal, and why."""

    about: str  # a subject, or ""
    number: str
    sentence: Sentence
    text: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One paragraph of the file and what it was taken for."""

    place: int  # in the document as it was read
    paragraph: Paragraph
    target: str  # a subject, NEW or NOT
    by: By


@dataclass(slots=True)
class Returned:
    """What a file says of a road map."""

    mapped: list[Mapped] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    unchanged: int = 0
    unmarked: list[Row] = field(default_factory=list)  # against what was sent, where that is known
    foreign: bool = False  # it is in another language than what was sent


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, and what a person said of it."""

    document: Document  # read as marked
    language: str
    sender: str  # the party whose the words are that nobody marked
    authors: Mapping[str, str]  # author of tracked changes -> party; "" where they are nobody's
    chosen: Mapping[int, str]  # place -> target, where the person mapped otherwise
    origin: Origin | None = None
    sent: Document | None = None  # as it left, where that is known
    name: str = ""  # tells one file from another; ids of what is new in it follow from it
    file: str = ""  # what the file was called
    beside: Mapping[str, tuple[Document, Document | None]] = field(default_factory=dict)
    # the same file read in its other languages, and as it left
