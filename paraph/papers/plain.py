"""What does a file of plain text or Markdown say?

Blank lines part paragraphs. In Markdown a heading and an item of a list stand for themselves, a table has
cells, and the signs of its looks are no words; in plain text every line stands for itself, unless the file is
wrapped: blank lines, and no line that is long.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from paraph.papers.documents import (
    Document,
    Paragraph,
    Report,
    folded,
    kind_of,
    typed_number,
    without_controls,
)
from paraph.papers.errors import PaperRefused
from paraph.sentences import _

FILE = 64 << 20  # bytes
_WRAPPED = 120  # characters; a longer line was not wrapped by hand
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_OWN_LINE = re.compile(r"\s*(?:[-*+]\s|#{1,6}\s|\||>|\d+[.)]\s)")
_FRONT = re.compile(r"---[ \t]*\n(?:[\w-]+:.*\n|[ \t]+.*\n|\n)*---[ \t]*\n")  # what a site says of the file
_TARGET = re.compile(r"^\[([^\[\]^][^\[\]]*)\]:[ \t]*(?:\w+:|[/.#])\S*.*$", re.MULTILINE)  # [name]: address
_LINK = re.compile(r"\[([^\[\]]*)\](?:\((?:\w+:|[/.#])[^()\s]*\)|\[([^\[\]]*)\])")
_LIST_OF_LOOKS = re.compile(r"\{:[^{}]*\}")
_SIGN = re.compile(r"(?<!\\)(?:\*{1,3}|_{1,3})")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_BAR = "\ufdd0"  # stands for a bar that parts no cells: it is no character
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$|[\s|:-]+$")


def read_plain(path: Path) -> Document:
    """The paragraphs of a file of text, Markdown where its name ends in .md."""
    if path.stat().st_size > FILE:
        raise PaperRefused("large", _("The file is larger than %(most)s MB."), most=FILE >> 20)
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise PaperRefused(
            "encoding",
            _("The file is not written in UTF-8; open it in Word or an editor and save it as UTF-8."),
        ) from error
    if "\x00" in text:
        raise PaperRefused("kind", _("The file is no text."))
    return document_of(text, markdown=path.suffix.lower() in (".md", ".markdown"))


def document_of(text: str, *, markdown: bool = False) -> Document:
    """The paragraphs of a text."""
    report = Report()
    paragraphs: list[Paragraph] = []
    text = without_controls(text, report)
    blocks = _plain_blocks(text, report) if markdown else _blocks(text, markdown)
    tables = row = 0
    for block in blocks:
        if markdown and block.startswith("|"):
            tables, row = tables + (not row), row + 1
            paragraphs += _cells(block, f"table {tables}, row {row}")
            continue
        row = 0
        heading = _HEADING.match(block) if markdown else None
        number, words = typed_number(folded(heading[2] if heading else block))
        if number or words:
            kind = "heading" if heading else kind_of(number)
            level = len(heading[1]) if heading else 0
            paragraphs.append(Paragraph(words, number, bool(number), kind, level))
    report.count("paragraphs", len(paragraphs))
    report.count("tables", tables)
    return Document(tuple(paragraphs), (), report)


def _cells(row: str, place: str) -> Iterator[Paragraph]:
    """The cells of a row of a table in Markdown."""
    for column, cell in enumerate(row.removeprefix("|").removesuffix("|").split("|"), 1):
        words = folded(cell.replace(_BAR, "|"))
        if words:
            where = f"{place}, column {column}"
            number, words = typed_number(words, where)
            yield Paragraph(words, number, bool(number), kind_of(number), place=where)


def _plain_blocks(text: str, report: Report) -> list[str]:
    """The blocks of Markdown without the signs of its looks; what is left out is counted."""
    front = _FRONT.match(text)
    if front:
        report.skip("lines about the file", front[0].count("\n") - 2)
        text = text[front.end() :]
    targets = {name.casefold() for name in _TARGET.findall(text)}
    report.skip("addresses of links", len(targets))
    blocks = []
    for block in _blocks(_TARGET.sub("", text), markdown=True):

        def shown(found: "re.Match[str]") -> str:
            if found[2] is not None and (found[2] or found[1]).casefold() not in targets:
                return found[0]  # two brackets beside each other are alternatives
            report.skip("addresses of links", found[2] is None)
            return found[1]

        line, looks = _LIST_OF_LOOKS.subn("", _LINK.sub(shown, block))
        line, signs = _without_emphasis(line)
        report.skip("signs of Markdown", looks + signs)
        line = re.sub(r"^[*+] ", "- ", line)  # one sign for items of a list
        if line.startswith("|"):
            line = line.replace("\\|", _BAR)
        blocks.append(_ESCAPED.sub(r"\1", line).strip())
    return [block for block in blocks if block]


def _without_emphasis(line: str) -> tuple[str, int]:
    """A line without the signs around words that are emphasised, and how many these were."""
    begun: dict[str, re.Match[str]] = {}
    gone: list[tuple[int, int]] = []
    for one in _SIGN.finditer(line):
        before, after = line[one.start() - 1 : one.start()], line[one.end() : one.end() + 1]
        first = begun.get(one[0])
        if first is not None and not before.isspace() and not (_inside(line, first) and after.isalnum()):
            gone += [begun.pop(one[0]).span(), one.span()]
        elif after.strip() and not (one[0][0] == "_" and before.isalnum()):
            begun[one[0]] = one
    kept, at = "", 0
    for start, stop in sorted(gone):
        kept, at = kept + line[at:start], stop
    return kept + line[at:], len(gone)


def _inside(line: str, sign: "re.Match[str]") -> bool:
    """Whether a sign stands behind a letter or a figure: 2*3*4 emphasises nothing."""
    return line[max(sign.start() - 1, 0) : sign.start()].isalnum()


def _blocks(text: str, markdown: bool) -> list[str]:
    lines = text.splitlines()
    wrapped = markdown or (
        any(not line.strip() for line in lines) and max(map(len, lines), default=0) <= _WRAPPED
    )
    blocks: list[str] = []
    begun = False
    for line in lines:
        if not line.strip() or (markdown and _RULE.match(line)):
            begun = False
            continue
        own = _OWN_LINE.match(line) if markdown else typed_number(line.strip())[0]
        if wrapped and begun and not own:
            blocks[-1] += " " + line.strip()
        else:
            blocks.append(line.strip())
        begun = not (markdown and _HEADING.match(line))
    return blocks
