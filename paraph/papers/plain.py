"""What does a file of plain text or Markdown say?

Blank lines part paragraphs. In Markdown a heading, an item of a list and a row of a table stand for
themselves; in plain text every line does, unless the file is wrapped: blank lines, and no line that is long.
"""

import re
from pathlib import Path

from paraph.papers.documents import Document, Paragraph, Report, folded, kind_of, typed_number
from paraph.papers.errors import PaperRefused
from paraph.sentences import _

FILE = 64 << 20  # bytes
_WRAPPED = 120  # characters; a longer line was not wrapped by hand
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_OWN_LINE = re.compile(r"\s*(?:[-*+]\s|#{1,6}\s|\||>|\d+[.)]\s)")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$|[\s|:-]+$")


def read_plain(path: Path) -> Document:
    """The paragraphs of a file of text, Markdown where its name ends in .md."""
    if path.stat().st_size > FILE:
        raise PaperRefused("large", _("The file is larger than %(most)s MB."), most=FILE >> 20)
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise PaperRefused("encoding", _("The file is not written in UTF-8.")) from error
    if "\x00" in text:
        raise PaperRefused("kind", _("The file is no text."))
    return document_of(text, markdown=path.suffix.lower() in (".md", ".markdown"))


def document_of(text: str, *, markdown: bool = False) -> Document:
    """The paragraphs of a text."""
    report, paragraphs = Report(), []
    for block in _blocks(text, markdown):
        heading = _HEADING.match(block) if markdown else None
        number, words = typed_number(folded(heading[2] if heading else block))
        if number or words:
            kind = "heading" if heading else kind_of(number)
            level = len(heading[1]) if heading else 0
            paragraphs.append(Paragraph(words, number, bool(number), kind, level))
    report.count("paragraphs", len(paragraphs))
    return Document(tuple(paragraphs), (), report)


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
