"""Word files made for a test: a body in short XML, and parts besides where a test wants them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""


def relations(named: Mapping[str, str], mode: str = "") -> str:
    """A part of relations, from the kinds to the targets."""
    lines = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}" {mode}/>'
        for at, (kind, target) in enumerate(named.items())
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{lines}</Relationships>'


def word_file(path: Path, body: str, **parts: str) -> Path:
    """A Word file with this body; `styles`, `numbering`, `footnotes`, `comments` are the insides of parts."""
    named = {kind: f"{kind}.xml" for kind in parts}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", TYPES)
        out.writestr("_rels/.rels", relations({"officeDocument": "word/document.xml"}))
        out.writestr("word/_rels/document.xml.rels", relations(named))
        out.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for kind, inside in parts.items():
            out.writestr(f"word/{kind}.xml", f"<w:{kind} {W}>{inside}</w:{kind}>")
    return path


def p(*runs: str, mark: str = "", properties: str = "") -> str:
    """A paragraph of runs or plain words; `mark` names the change of its end."""
    change = (
        f'<w:rPr><w:{mark} w:id="1" w:author="RU" w:date="2021-02-23T00:00:00Z"/></w:rPr>' if mark else ""
    )
    inside = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{properties}{change}</w:pPr>{inside}</w:p>"


def r(text: str, properties: str = "", name: str = "t") -> str:
    """A run of words."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:{name} xml:space="preserve">{text}</w:{name}></w:r>'


def ins(text: str, author: str = "RU") -> str:
    """Words that somebody inserted."""
    return f'<w:ins w:id="2" w:author="{author}" w:date="2021-02-23T00:00:00Z">{r(text)}</w:ins>'


def dele(text: str, author: str = "RU") -> str:
    """Words that somebody deleted."""
    return f'<w:del w:id="3" w:author="{author}">{r(text, name="delText")}</w:del>'


def table(*rows: tuple[str, ...], change: str = "") -> str:
    """A table; `change` is the XML of what happened to the last row."""
    lines = [
        "<w:tr>" + (f"<w:trPr>{change}</w:trPr>" if change and row is rows[-1] else "")
        + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    ]  # fmt: skip
    return f"<w:tbl>{''.join(lines)}</w:tbl>"
