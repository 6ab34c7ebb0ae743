"""What is a document, whatever file it came in?

Paragraphs in reading order, each with its number apart from its words, and a report of what the file
held besides. Words are folded: one space for any run of spaces, a line feed for a line break.
"""

import re
from typing import Any, Literal, TypeAlias

import msgspec

from paraph.sentences import Sentence

Kind: TypeAlias = Literal["heading", "article", "item", "text"]


_WORD = (
    r"Article|Art\.?|Section|Sec\.?|Chapter|Part|Title|Annex|Appendix|Schedule|Rule|Clause|Paragraph|Item|Protocol|"
    r"Статья|Ст\.|Раздел|Глава|Часть|Приложение|Пункт|Подпункт|Правило|Протокол|Артыкул|Раздзел|Частка|Дадатак|"
    r"Artikel|Abschnitt|Kapitel|Anhang|Anlage|Titre|Chapitre|Annexe"
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
_CELL = re.compile(r"table (\d+), row (\d+), column (\d+)")
_BIS = r"(?: ?(?:bis|ter|quater|quinquies|sexies|septies|octies)\b)?"
_COUNT = r"(?:№ ?)?(?:\d{1,4}(?:[.\-]\d{1,3})*[a-zа-я]?|[IVXLC]{1,7}|[A-ZА-Я])"
_TYPED = re.compile(
    rf"(?:\d{{1,4}}(?:\.\d{{1,3}})+(?:[.)]|(?= [A-ZА-ЯЁ«“„\"\[(]|$))"  # 1.2 Title
    rf"|\d{{1,3}}[a-z]?{_BIS}[.)](?!\d)"  # 1.  2)  3 bis.
    rf"|\((?:\d{{1,3}}[a-z]?|[a-zа-я]{{1,2}}|[ivxlc]{{1,6}}|[IVXLC]{{1,6}}){_BIS}\)"  # (a)
    rf"|§§? ?\d{{1,4}}[a-z]?\.?"  # § 3
    rf"|(?i:{_WORD}) {_COUNT}(?![\w’'-]){_BIS}[.:)]?"  # Article 5 bis.
    rf"|[IVXLC]{{1,7}}[.)]|[A-ZА-Яa-zа-я][.)](?=[ ]|$)|[ivx]{{1,5}}[.)]"  # IV.  a)
    rf"|[•·▪◦–—-](?= ))(?=\s|$|[—–:])"
)


class Change(msgspec.Struct, frozen=True, gc=False):
    """A tracked change: what somebody did, who, and when he or she says."""

    kind: Literal["inserted", "deleted", "moved here", "moved away"]
    author: str
    date: str = ""


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A run of a paragraph's words, as marked and as hidden as it stands in the file."""

    text: str
    change: Change | None = None
    hidden: bool = False


class Paragraph(msgspec.Struct, frozen=True, gc=False):
    """One paragraph; `number` and `words` are what it says, the rest is how it says it."""

    words: str
    number: str = ""
    typed: bool = False  # the number stands in the text and is not computed
    kind: Kind = "text"
    level: int = 0  # of a heading or an item, from 1
    style: str = ""
    place: str = ""  # nothing in the body; else "table 1, row 2, column 3", "footnote 4", "text box"
    pieces: tuple[Piece, ...] = ()  # with its typed number; joined they are the text
    mark: Change | None = None  # of its end, which may part or join paragraphs
    row: Change | None = None  # of the table row that it stands in
    notes: tuple[str, ...] = ()  # the places of the notes called in it
    calls: tuple[int, ...] = ()  # after how many letters of the words each note is called
    key: str = ""  # its permanent id, where the document names one: it is the same whatever its words
    made_of: tuple[int, ...] = ()  # the places of those that it was made of, once changes are settled
    again: bool = False  # it stands in a cell above that reaches over several rows, and was put here as well

    @property
    def text(self) -> str:
        """Number and words as one line."""
        return " ".join(part for part in (self.number, self.words) if part)

    @property
    def stood(self) -> bool:
        """Whether something of it was in the text before anybody tracked a change."""
        return any(one.change is None or one.change.kind in ("deleted", "moved away") for one in self.pieces)

    @property
    def stands(self) -> bool:
        """Whether something of it is in the text once every change is accepted."""
        return any(one.change is None or one.change.kind in ("inserted", "moved here") for one in self.pieces)


class Comment(msgspec.Struct, frozen=True, gc=False):
    """What somebody wrote beside the text, and the words that it hangs on."""

    id: str
    author: str
    date: str
    words: str
    anchor: str
    paragraph: int | None  # where the anchor begins

    @property
    def line(self) -> str:
        """The words with who says them, where they do not begin with that."""
        named = not self.author or self.words.startswith(self.author)
        return self.words if named else f"{self.author}: {self.words}"


class Report(msgspec.Struct):
    """What was read of a file, what was not, and what a reader should look at."""

    read: dict[str, int] = {}
    skipped: dict[str, int] = {}
    flags: list[Sentence] = []

    def count(self, what: str, number: int = 1) -> None:
        """Note something that was read."""
        if number:
            self.read[what] = self.read.get(what, 0) + number

    def skip(self, what: str, number: int = 1) -> None:
        """Note something that was not read."""
        if number:
            self.skipped[what] = self.skipped.get(what, 0) + number

    def flag(self, template: str, **params: Any) -> None:
        """Note something to look at, once: a sentence to translate, and its parts."""
        sentence = Sentence(template, params)
        if sentence not in self.flags:
            self.flags.append(sentence)

    @property
    def notable(self) -> bool:
        """Whether there is more to say than how many paragraphs were read."""
        return bool(
            self.skipped or self.flags or self.read.keys() - {"paragraphs", "empty paragraphs", "tables"}
        )

    def lines(self) -> list[str]:
        """The report as sentences."""
        counted = "; ".join(f"{what}: {number}" for what, number in self.read.items())
        missed = "; ".join(f"{what}: {number}" for what, number in self.skipped.items())
        return [f"Read: {counted or 'nothing'}.", f"Not read: {missed or 'nothing'}.", *map(str, self.flags)]


class Made(msgspec.Struct, frozen=True):
    """What a document of ours says of itself, where its format has a place for that."""

    programme: str  # prog
    heads: dict[str, int]  # the sizes of the logs that it was written from
    languages: tuple[str, ...]  # that it holds, authentic ones first


class Document(msgspec.Struct, frozen=True):
    """A document as it was read."""

    paragraphs: tuple[Paragraph, ...]
    comments: tuple[Comment, ...] = ()
    report: Report = msgspec.field(default_factory=Report)
    made: Made | None = None
    spans: dict[str, tuple[int, int]] = {}
    # place of a cell in a table -> over how many rows and columns it reaches, where that is more than one


def remarks_at(document: Document) -> dict[int, list[Comment]]:
    """Place of a paragraph -> what is said beside it: reserves on a paper of ours, comments in a file."""
    found: dict[int, list[Comment]] = {}
    for one in document.comments:
        if one.paragraph is not None:
            found.setdefault(one.paragraph, []).append(one)
    return found


def without_controls(text: str, report: Report) -> str:
    """Words without characters that steer a terminal and say nothing; a replacement stands for each."""
    text, count = _CONTROLS.subn("\N{REPLACEMENT CHARACTER}", text)
    report.skip("control characters", count)
    return text


def folded(text: str) -> str:
    """The words with one space for any run of spaces, none at line breaks and ends."""
    if _evenly_spaced(text):
        return text.strip(" ")
    if "\n" not in text:
        return " ".join(text.split())
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip("\n")


def _evenly_spaced(text: str) -> bool:
    """Whether nothing in it is white but single spaces, as in most that is read."""
    if "  " in text:
        return False
    if text.isascii():
        return "\t" not in text and "\x1f" not in text and text.splitlines() == [text]
    return text.isprintable()  # of all that is white only the space is


def cell_of(place: str) -> tuple[int, int, int] | None:
    """The table, row and column that a place lies in, from 1, the outermost ones; None outside of tables."""
    found = _CELL.match(place)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def cell_at(table: int, row: int, column: int) -> str:
    """The place of a cell outside of other tables; all from 1."""
    return f"table {table}, row {row}, column {column}"


def number_in(text: str, number: str = "", place: str = "") -> tuple[str, str]:
    """The number of a folded text and the words after it: the number that is known, else one as typed."""
    if number and text.startswith(number):
        return number, text[len(number) :].lstrip(" .\n")
    return typed_number(text, place)


def typed_number(text: str, place: str = "") -> tuple[str, str]:
    """
    The number that a folded text begins with, as typed, and the words after it.

    Args:
        text: folded.
        place: of the paragraph; behind the first column of a table 12.5 or 12.5 MW is a figure, no number.
    """
    found = _TYPED.match(text)
    if found is None:
        return "", text
    number, words = found[0], text[found.end() :].lstrip(" \n")
    cell = cell_of(place) if place else None
    if cell and cell[2] > 1 and number[0].isdigit() and (not words or number[-1].isdigit()):
        return "", text
    return number, words


def kind_of(number: str) -> Kind:
    """Whether a number makes an article or an item."""
    if not number:
        return "text"
    return (
        "article" if number[0].isupper() and number.partition(" ")[0].isalpha() and " " in number else "item"
    )
