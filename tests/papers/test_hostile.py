"""Files that could harm are refused, whole, with the reason."""

import io
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from paraph.papers import bounded_xml
from paraph.papers.apart import ReadingRoom
from paraph.papers.documents import Document
from paraph.papers.docx.reading import read_docx
from paraph.papers.errors import PaperRefused
from tests.papers.word_files import TYPES, W, p, relations, word_file

Maker = Callable[[Path], object]


def with_part(name: str, data: str | bytes) -> Maker:
    """A lawful file with one part more."""

    def make(path: Path) -> None:
        word_file(path, p("Prices."))
        with warnings.catch_warnings(), zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as out:
            warnings.simplefilter("ignore")  # two parts of one name are what this is about
            out.writestr(name, data)

    return make


def with_document(xml: bytes) -> Maker:
    """A file whose main part is this XML."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("[Content_Types].xml", TYPES)
            out.writestr("_rels/.rels", relations({"officeDocument": "word/document.xml"}))
            out.writestr("word/document.xml", xml)

    return make


def with_template(address: str) -> Maker:
    """A file that loads a template."""

    def make(path: Path) -> None:
        word_file(path, p("Prices."), settings="")
        with zipfile.ZipFile(path, "a") as out:
            named = relations({"attachedTemplate": address}, 'TargetMode="External"')
            out.writestr("word/_rels/settings.xml.rels", named)

    return make


def damaged(change: Callable[[bytes], bytes]) -> Maker:
    """A lawful file with its bytes changed."""

    def make(path: Path) -> None:
        word_file(path, p("Prices. " * 50))
        path.write_bytes(change(path.read_bytes()))

    return make


def wrapped(inside: str) -> bytes:
    """The main part around this body."""
    return f"<w:document {W}><w:body>{inside}</w:body></w:document>".encode()


def flipped(data: bytes) -> bytes:
    """The bytes with the contents of the main part changed."""
    at = data.index(b"word/document.xml") + 25
    return data[:at] + bytes(255 - byte for byte in data[at : at + 12]) + data[at + 12 :]


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + wrapped(p("&b;"))
NESTED = "<w:sdt><w:sdtContent>" * 900 + p("x") + "</w:sdtContent></w:sdt>" * 900
INLINE = "<w:smartTag>" * 300 + "</w:smartTag>" * 300
DEEPER = "<w:tbl><w:tr><w:tc>" * 5_000 + "</w:tc></w:tr></w:tbl>" * 5_000
FILES: dict[str, tuple[str, Maker]] = {
    "a document type": ("doctype", with_document(LAUGHS)),
    "a document type in UTF-16": ("encoding", with_document(LAUGHS.decode().encode("utf-16"))),
    "a false encoding": ("encoding", with_document(b"<?xml version='1.0' encoding='utf-7'?>" + wrapped(""))),
    "two parts of one name": ("duplicate", with_part("word/document.xml", wrapped(p("Other.")))),
    "two names that differ in case": ("duplicate", with_part("Word/Document.XML", wrapped(p("Other.")))),
    "a way out of the file": ("name", with_part("../../etc/x", b"")),
    "a bomb of spaces": ("bomb", with_document(wrapped(" " * (40 << 20)))),
    "a bomb of elements": ("bomb", with_document(wrapped("<w:p/>" * 2_000_000))),
    "elements to the limit": ("depth", with_document(wrapped(NESTED + "<w:p/>" * 595_000))),
    "many parts": ("bomb", lambda path: many_parts(path)),
    "macros": ("macro", with_part("word/vbaProject.bin", b"x")),
    "a template on another machine": ("template", with_template("https://host.example/t.dotm")),
    "a template on a share": ("template", with_template(r"\\host\share\t.dotm")),
    "controls in each other": ("depth", with_document(wrapped(NESTED))),
    "tags in each other": ("depth", with_document(wrapped(f"<w:p>{INLINE}</w:p>"))),
    "tables in each other": ("depth", with_document(wrapped(DEEPER))),
    "a broken part": ("xml", with_document(wrapped("<w:p>")[:-3])),
    "an encrypted file": ("encrypted", lambda path: path.write_bytes(ole("EncryptedPackage"))),
    "the old format": ("old", lambda path: path.write_bytes(ole("WordDocument"))),
    "half a file": ("truncated", damaged(lambda data: data[: len(data) // 2])),
    "changed bytes": ("damaged", damaged(flipped)),
    "no office file": ("kind", lambda path: path.write_bytes(b"Prices.")),
    "another office file": ("kind", lambda path: zipfile.ZipFile(path, "w").close()),
}


def many_parts(path: Path) -> None:
    """A file of empty parts."""
    with zipfile.ZipFile(path, "w") as out:
        for number in range(5_000):
            out.writestr(f"word/{number}.xml", b"")


def ole(stream: str) -> bytes:
    """The beginning of an OLE file with one stream, as far as it tells the kind."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_016) + stream.encode("utf-16-le") + bytes(512)


@pytest.mark.parametrize("what", FILES)
def test_a_hostile_file_is_refused_with_the_reason_in_little_memory(
    tmp_path: Path, room: ReadingRoom, what: str
) -> None:
    reason, make = FILES[what]
    path = tmp_path / "a.docx"
    make(path)

    with pytest.raises(PaperRefused) as refused:
        room.read(Document, "document", path)

    assert refused.value.kind == reason
    assert str(refused.value).endswith(".") or reason == "template"
    assert room.memory < 150 << 20


@pytest.mark.parametrize("before", range(11))
def test_a_document_type_between_two_portions_is_found(before: int) -> None:
    part = b" " * (bounded_xml._CHUNK - before) + b"<!DOCTYPE a><a/>"

    with pytest.raises(PaperRefused) as refused:
        bounded_xml.parse(io.BytesIO(part), "a.xml")

    assert refused.value.kind == "doctype"


def test_after_all_of_them_the_same_child_still_reads(tmp_path: Path, room: ReadingRoom) -> None:
    children = room.children()

    assert room.read(Document, "document", word_file(tmp_path / "a.docx", p("Gas."))).paragraphs

    assert room.children() == children or not children


def test_a_template_on_the_own_drive_is_named_and_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with_template(r"file:///C:\Templates\Letter.dotx")(path)

    document = read_docx(path)

    assert str(document.report.flags[0]).endswith(r"file:///C:\Templates\Letter.dotx")


def test_a_large_table_is_read(tmp_path: Path) -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in ("M1", "Gas", "2022")) + "</w:tr>"
    path = word_file(tmp_path / "a.docx", f"<w:tbl>{row * 20_000}</w:tbl>")

    assert len(read_docx(path).paragraphs) == 60_000
