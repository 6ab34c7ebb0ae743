"""How is a Word document written, so that it says what it is given and nothing else?

The XML is composed as text and every word in it escaped. A file holds no properties, no revision ids, no
names but those given, no dates but one given; the same document is the same bytes.
"""

import io
import zipfile
from collections.abc import Sequence
from functools import cache
from typing import Literal

import msgspec

from paraph.papers.docx.styles import LANGUAGES, styles_part

Fate = Literal["ins", "del", "moveFrom", "moveTo"]

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPACES = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"'
_LATER = (  # what older programs may leave out
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" mc:Ignorable="w15"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
_UNSAID = "1970-01-01T00:00:00Z"  # the format wants a date on the range of a move; no reader shows it
_CONTROLS = bytes({*range(32)} - {9, 10})
_CLEANED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_WORDS, _DELETED = ((f'<w:{name} xml:space="preserve">', f"</w:{name}>") for name in ("t", "delText"))
_SIGNS = {"\n": "<w:br/>", "\t": "<w:tab/>", "\u2011": "<w:noBreakHyphen/>"}
PAGE = (11_906, 16_838)  # A4, twentieths of a point
MARGINS = (1_134, 851, 1_134, 1_701)  # top, right, bottom, left: 20, 15, 20 and 30 mm
WIDTH = PAGE[0] - MARGINS[1] - MARGINS[3]
LONG = PAGE[1] - 2 * MARGINS[0]  # of a page that lies on its side


def escaped(text: str) -> str:
    """Words as they stand between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@cache
def _quoted(text: str) -> str:
    """Words as the value of an attribute."""
    inside = escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{inside}"'


@cache
def _said(author: str, date: str) -> str:
    """Who made a change, and when if that is to be told."""
    return f" w:author={_quoted(author)}" + (f" w:date={_quoted(date)}" if date else "")


def run(text: str, properties: str = "", *, deleted: bool = False) -> str:
    """A run of words; line feeds are line breaks."""
    if not text:
        return ""
    begin, end = _DELETED if deleted else _WORDS
    inside = f"{begin}{escaped(text)}{end}"
    for letter, sign in _SIGNS.items():
        if letter in text:
            inside = inside.replace(letter, f"{end}{sign}{begin}").replace(begin + end, "")
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{look}{inside}</w:r>"


def tabbed(number: str, *, deleted: bool = False) -> str:
    """A run of the number of a paragraph, and the tab behind it."""
    begin, end = _DELETED if deleted else _WORDS
    return f"<w:r>{begin}{escaped(number)}{end}<w:tab/></w:r>"


def paragraph(inside: str, style: str = "", *, mark: str = "", properties: str = "") -> str:
    """
    A paragraph.

    Args:
        inside: its runs.
        style: the id of its style; the ordinary one where it is left out.
        mark: the change of its end, as `Marks.mark` gives it.
        properties: what its style does not say, in the order of the format.
    """
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    changed = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    look = f"<w:pPr>{named}{properties}{changed}</w:pPr>" if named or properties or changed else ""
    return f"<w:p>{look}{inside}</w:p>"


def computed(instruction: str, shown: str, properties: str = "") -> str:
    """A field, with what it shows until Word computes it anew."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    ends = [f'<w:r>{look}<w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    said = f'<w:r>{look}<w:instrText xml:space="preserve"> {escaped(instruction)} </w:instrText></w:r>'
    return ends[0] + said + ends[1] + run(shown, properties) + ends[2]


def control(key: int, tag: str, inside: str) -> str:
    """
    The runs of a paragraph in a content control that Word does not show; edits inside leave its tag.

    Around whole paragraphs it would do the same in Word, but LibreOffice then shows what fields compute.
    """
    look = f'<w:tag w:val={_quoted(tag)}/><w:id w:val="{key}"/><w15:appearance w15:val="hidden"/>'
    return f"<w:sdt><w:sdtPr>{look}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


class Cell(msgspec.Struct, frozen=True):
    """A cell of a table: its paragraphs, the columns that it spans, and how it is merged below."""

    inside: str
    span: int = 1
    merge: Literal["", "restart", "continue"] = ""


def table(
    rows: Sequence[tuple[Sequence[Cell], str]], widths: Sequence[int], *, head: int = 0, plain: bool = False
) -> str:
    """
    A table over the whole width.

    Args:
        rows: the cells of each row, and the change of the row, as `Marks.mark` gives it.
        widths: of the columns, in twentieths of a point.
        head: how many rows stand again on each page.
        plain: whether it has no lines.
    """
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    written = []
    for at, (cells, change) in enumerate(rows):
        repeated = "<w:tblHeader/>" if at < head else ""
        look = f"<w:trPr><w:cantSplit/>{repeated}{change}</w:trPr>"
        column, inside = 0, ""
        for cell in cells:
            width = sum(widths[column : column + cell.span])
            span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
            span += f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
            inside += f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}</w:tcPr>'
            inside += f"{cell.inside or '<w:p/>'}</w:tc>"
            column += cell.span
        written.append(f"<w:tr>{look}{inside}</w:tr>")
    style = "Plain" if plain else "Ruled"
    wide = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    look = f'<w:tblStyle w:val="{style}"/>{wide}<w:tblLayout w:type="fixed"/>'
    return f"<w:tbl><w:tblPr>{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(written)}</w:tbl>"


class Marks(msgspec.Struct):
    """The tracked changes of a file: every one with an id of its own, an author, and a date only if given."""

    date: str = ""
    _last: int = 0

    def next(self) -> int:
        """An id that nothing else in the file has."""
        self._last += 1
        return self._last

    def around(self, fate: Fate, author: str, runs: str) -> str:
        """These runs as inserted, deleted or moved."""
        if not runs:
            return ""
        return f'<w:{fate} w:id="{self.next()}"{_said(author, self.date)}>{runs}</w:{fate}>'

    def mark(self, fate: Fate, author: str) -> str:
        """The change of a paragraph's end or of a row."""
        return f'<w:{fate} w:id="{self.next()}"{_said(author, self.date)}/>'

    def ranged(self, fate: Literal["moveFrom", "moveTo"], name: str, author: str) -> tuple[str, str]:
        """The begin and end of one side of a move; both sides have one name."""
        key, date = self.next(), self.date or _UNSAID
        said = f'w:id="{key}" w:author={_quoted(author)} w:date={_quoted(date)} w:name={_quoted(name)}'
        return f"<w:{fate}RangeStart {said}/>", f'<w:{fate}RangeEnd w:id="{key}"/>'


class Book(msgspec.Struct):
    """A document while it is composed: what stands beside its body, and how its pages look."""

    language: str = "en"
    wide: bool = False  # the page lies on its side
    footer: str = ""  # words at the foot of each page, before its number
    tracking: bool = False  # whether further changes are tracked
    marks: Marks = msgspec.field(default_factory=Marks)
    body: list[str] = []
    notes: dict[str, list[str]] = msgspec.field(default_factory=lambda: {"footnote": [], "endnote": []})
    comments: list[str] = []

    def add(self, *blocks: str) -> None:
        """Put blocks at the end of the body; two tables in a row do not run into each other."""
        for block in blocks:
            if self.body and block.startswith("<w:tbl>") and self.body[-1].endswith("</w:tbl>"):
                self.body.append("<w:p/>")
            self.body.append(block)

    def note(self, paragraphs: Sequence[tuple[str, str]], kind: str = "footnote") -> str:
        """
        A note, and the run that calls it.

        Args:
            paragraphs: the runs of each, and the change of its end.
            kind: `footnote` or `endnote`.
        """
        number = len(self.notes[kind]) + 1
        style = f"{kind.title()}Text"
        look = f'<w:rStyle w:val="{kind.title()}Reference"/>'
        written = []
        for at, (inside, mark) in enumerate(paragraphs or [("", "")]):
            sign = f"<w:r><w:rPr>{look}</w:rPr><w:{kind}Ref/></w:r>{run(' ')}" if not at else ""
            written.append(paragraph(sign + inside, style, mark=mark))
        self.notes[kind].append(f'<w:{kind} w:id="{number}">{"".join(written)}</w:{kind}>')
        return f'<w:r><w:rPr>{look}</w:rPr><w:{kind}Reference w:id="{number}"/></w:r>'

    def comment(self, author: str, words: str, anchored: str) -> str:
        """The runs with a comment on them."""
        key = len(self.comments)
        text = "".join(paragraph(run(line), "CommentText") for line in words.split("\n"))
        initials = "".join(word[0] for word in author.split()[:3])
        self.comments.append(
            f'<w:comment w:id="{key}"{_said(author, self.marks.date)} w:initials={_quoted(initials)}>'
            f"{text}</w:comment>"
        )
        look = '<w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>'
        sign = f'<w:r>{look}<w:commentReference w:id="{key}"/></w:r>'
        return f'<w:commentRangeStart w:id="{key}"/>{anchored}<w:commentRangeEnd w:id="{key}"/>{sign}'

    # ------------------------------------------------------------ the file

    def bytes(self) -> bytes:
        """The file."""
        parts = {
            "word/styles.xml": styles_part(self.language),
            "word/settings.xml": self._settings(),
        }
        parts |= self._note_parts()
        if self.comments:
            parts["word/comments.xml"] = f"<w:comments {_SPACES}>{''.join(self.comments)}</w:comments>"
        parts["word/footer.xml"] = self._footer()
        named = {name.removeprefix("word/"): _kind_of(name) for name in parts}
        references = {name: f"r{at}" for at, name in enumerate(named, 1)}
        body = "".join(self.body)
        if not self.body or self.body[-1].endswith("</w:tbl>"):
            body += "<w:p/>"
        document = (
            f"<w:document {_SPACES} {_LATER}><w:body>{body}{self._section(references['footer.xml'])}"
            f"</w:body></w:document>"
        )
        relations = "".join(
            f'<Relationship Id="{references[name]}" Type="{_OFFICE}/{kind}" Target="{name}"/>'
            for name, kind in named.items()
        )
        types = "".join(
            f'<Override PartName="/{name}" ContentType="{_KIND}{_kind_of(name)}+xml"/>' for name in parts
        )
        return _zipped(
            {
                "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
                f'<Default Extension="rels" ContentType="{_RELATIONS}"/>'
                f'<Default Extension="xml" ContentType="application/xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{_KIND}document.main+xml"/>'
                f"{types}</Types>",
                "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
                f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
                "word/document.xml": document,
                "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
                f"{relations}</Relationships>",
                **parts,
            }
        )

    def _section(self, footer: str) -> str:
        size = (PAGE[1], PAGE[0]) if self.wide else PAGE
        turned = ' w:orient="landscape"' if self.wide else ""
        top, right, bottom, left = (MARGINS[0],) * 4 if self.wide else MARGINS
        return (
            f'<w:sectPr><w:footerReference w:type="default" r:id="{footer}"/>'
            f'<w:pgSz w:w="{size[0]}" w:h="{size[1]}"{turned}/><w:pgMar w:top="{top}" w:right="{right}" '
            f'w:bottom="{bottom}" w:left="{left}" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
        )

    def _settings(self) -> str:
        tracking = "<w:trackRevisions/>" if self.tracking else ""
        beside = "".join(
            f'<w:{kind}Pr><w:{kind} w:id="-1"/><w:{kind} w:id="0"/></w:{kind}Pr>'
            for kind, notes in self.notes.items()
            if notes
        )
        return (
            f'<w:settings {_SPACES}><w:zoom w:percent="100"/>{tracking}'
            f'<w:defaultTabStop w:val="709"/>{beside}'
            '<w:compat><w:compatSetting w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
            f'<w:themeFontLang w:val="{LANGUAGES.get(self.language, "en-GB")}"/></w:settings>'
        )

    def _note_parts(self) -> dict[str, str]:
        found = {}
        for kind, notes in self.notes.items():
            if notes:
                first = "".join(
                    f'<w:{kind} w:type="{name}" w:id="{at}"><w:p><w:r><w:{name}/></w:r></w:p></w:{kind}>'
                    for at, name in ((-1, "separator"), (0, "continuationSeparator"))
                )
                found[f"word/{kind}s.xml"] = f"<w:{kind}s {_SPACES}>{first}{''.join(notes)}</w:{kind}s>"
        return found

    def _footer(self) -> str:
        words = run(f"{self.footer}\t") if self.footer else ""
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{LONG if self.wide else WIDTH}"/></w:tabs>'
        inside = paragraph(words + computed("PAGE", "1"), "Footer", properties=tab if self.footer else "")
        return f"<w:ftr {_SPACES}>{inside}</w:ftr>"


def _kind_of(name: str) -> str:
    """What kind of part it is, from its name."""
    return name.rpartition("/")[2].removesuffix(".xml")


def _zipped(parts: dict[str, str]) -> bytes:
    """The parts in one ZIP that tells no time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name)  # of 1 January 1980
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, _encoded(_HEAD + text), compresslevel=2)
    return out.getvalue()


def _encoded(part: str) -> bytes:
    """The bytes of a part; a space stands for each character that XML cannot hold, ? for half of one."""
    sound = part.replace("\ufffe", " ").replace("\uffff", " ")
    return sound.encode(errors="replace").translate(_CLEANED)
