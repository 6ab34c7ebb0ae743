"""Which files are read, and how is one of another kind to be given instead?"""

from collections.abc import Collection
from pathlib import Path

import msgspec

from paraph.papers.errors import PaperRefused
from paraph.sentences import _

# Endings: what they are read as.
WORD = (".docx", ".doc")  # what is .docx inside is read under the old name, too
SHEETS = (".xlsx",)
AKOMA_NTOSO = (".akn", ".xml")
TEXTS = (".md", ".markdown", ".txt", "")
DOCUMENTS = (*WORD, *SHEETS, *AKOMA_NTOSO, *TEXTS)

_BEGIN = 128  # bytes that tell what a file is
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how files of old programs begin, whatever they hold
_HELD = 16 << 20  # bytes of such a file that are searched for what it holds
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."


def _stream(name: str) -> bytes:
    """The name of a stream as a file of an old program keeps it."""
    return name.encode("utf-16-le")


_TO_WORD = _("The file is %(name)s; open it in Word and save it as .docx.")
_TO_EXCEL = _("The file is %(name)s; open it in Excel and save it as .xlsx.")


class _Known(msgspec.Struct, frozen=True):
    """A kind of file that is not read: by what is it known, and what is to be done?"""

    sentence: str
    ends: tuple[str, ...] = ()
    begins: tuple[bytes, ...] = ()
    holds: bytes = b""  # near its beginning, or anywhere in a file of an old program
    name: str = ""  # in the sentence; its ending where left out
    kind: str = "other"
    sheet: bool = False  # a spreadsheet program has it


_PDF = _("The file is a PDF, which keeps no paragraphs; ask for the Word file it was made from.")
_PAGE = _("The file is a web page; open it in Word and save it as .docx.")
_PICTURE = _("The file is a picture, whose words are not read; ask for the Word file, or type them.")
_SLIDES = _("The file is a presentation; copy its words into Word and save them as .docx.")
_LETTER = _("The file is an e-mail; save the document that is attached to it, and give that.")
_PACKED = _("The file is an archive, or signed as a whole; take the document out of it, and give that.")
_LOCKED = _("The file is encrypted; save it without a password.")
_OLD_WORD = _("The file is in Word's old format; save it as .docx.")
_OLD_EXCEL = _("The file is in Excel's old format; save it as .xlsx.")
_OLD = _Known(_OLD_WORD, (".doc", ".dot"), holds=_stream("WordDocument"), kind="old")
_KNOWN = (
    _Known(_LOCKED, holds=_stream("EncryptedPackage"), kind="encrypted", sheet=True),
    _Known(_LETTER, (".eml", ".msg"), holds=_stream("__substg1.0")),
    _Known(_SLIDES, (".ppt",), holds=_stream("PowerPoint Document")),
    _Known(_SLIDES, (".pptx", ".odp"), holds=_OPEN_DOCUMENT + b"presentation"),
    _Known(_OLD_EXCEL, (".xls", ".xlt"), holds=_stream("Workbook"), kind="old", sheet=True),
    _OLD,
    _Known(_TO_EXCEL, (".ods", ".ots", ".fods"), holds=_OPEN_DOCUMENT + b"spreadsheet",
           name="OpenDocument", sheet=True),
    _Known(_TO_WORD, (".odt", ".ott", ".fodt"), holds=_OPEN_DOCUMENT, name="OpenDocument"),
    _Known(_TO_EXCEL, (".csv", ".tsv", ".xlsb", ".xltx"), sheet=True),
    _Known(_TO_WORD, (".rtf",), (b"{\\rtf",), name="RTF"),
    _Known(_TO_WORD, (".dotx", ".pages", ".wps", ".wpd")),
    _Known(_PDF, (".pdf", ".xps", ".djvu"), (b"%PDF",)),
    _Known(_PAGE, (".html", ".htm", ".mht", ".mhtml"), (b"<html", b"<!doctype html")),
    _Known(_PICTURE, (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".heic", ".webp"),
           (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8")),
    _Known(_PACKED, (".zip", ".rar", ".7z", ".p7m", ".p7s", ".sig", ".asice"), (b"Rar!", b"7z\xbc\xaf")),
    _Known(_("The file holds macros; save it as .docx without them."), (".docm", ".dotm"), kind="macro"),
    _Known(_("The file holds macros; save it as .xlsx without them."), (".xlsm", ".xltm"), kind="macro",
           sheet=True),
)  # fmt: skip
NO_SHEET = _("The file is no Excel workbook; give one that is saved as .xlsx.")
_UNKNOWN = _("Files that end in %(kind)s are not read; save it as one of these: %(kinds)s.")


def refuse_mistaken(path: Path, takes: Collection[str] = DOCUMENTS) -> None:
    """
    Refuse a file that is empty, of a kind that is not read under any name, or not taken here.

    Args:
        path: the file; no more than its first bytes is looked at.
        takes: the endings of what is taken.

    Raises:
        PaperRefused: with what to do.
    """
    ending = path.suffix.lower()
    with path.open("rb") as file:
        begin = file.read(_BEGIN)
        held = begin + file.read(_HELD) if begin.startswith(_OLE) else b""
    if not begin:
        raise PaperRefused("empty", _("The file is empty; ask for it again."))
    found = _by_content(begin, held, ending)
    if found is None and ending in takes and not held:
        return
    found = found or next((one for one in _KNOWN if ending in one.ends), _OLD if held else None)
    if not set(takes).intersection(WORD) and not (found and found.sheet):
        raise PaperRefused("kind", NO_SHEET)
    if found is None:
        kinds = ", ".join(one for one in takes if one)
        raise PaperRefused("kind", _UNKNOWN, kind=ending or "–", kinds=kinds)
    named = {"name": found.name or ending[1:].upper()} if "%(name)s" in found.sentence else {}
    raise PaperRefused(found.kind, found.sentence, **named)


def _by_content(begin: bytes, held: bytes, ending: str) -> _Known | None:
    """The kind that the bytes of a file are of, whatever its name; those that its name fits come first."""
    plain = begin.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for one in sorted(_KNOWN, key=lambda one: ending not in one.ends):
        if one.sentence == _PAGE and ending in TEXTS:
            continue  # a text may quote a page
        if one.holds and one.holds in (held or begin):
            return one
        if one.begins and (begin.startswith(one.begins) or plain.startswith(one.begins)):
            return one
    return None
