"""What does an office file hold, and is it safe to look?

An office file is a ZIP of parts that name each other by relations. It comes from anybody, so everything
is bounded before it is unpacked, and whatever two programs could read differently is refused.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from paraph.papers.errors import PaperRefused
from paraph.sentences import _

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

FILE = 64 << 20  # bytes of a file
PARTS = 4_000
UNPACKED = 512 << 20  # bytes of all parts together, as declared
XML = 32 << 20  # bytes of one part of XML; a page of Word takes 10 to 30 kB
ELEMENTS = 600_000  # in one part; libxml2 takes about 200 bytes for each
_CHUNK = 1 << 18
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
_OWN_DRIVE = re.compile(r"(?:file:///)?[A-Za-z]:[\\/]|[^:\\/]+$")


@dataclass(frozen=True, slots=True)
class Relation:
    """How one part names another: the last word of the type, and the name of the part or an address."""

    kind: str
    target: str
    external: bool


class Package:
    """An office file that passed all checks that need no unpacking; parts are read when asked for."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > FILE:
            raise PaperRefused("large", _("The file is larger than %(most)s MB."), most=FILE >> 20)
        try:
            self.zip = zipfile.ZipFile(path)
            infos = self.zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise _not_a_zip(path) from error
        try:
            self._check(infos)
        except BaseException:
            self.zip.close()
            raise
        self.parts = {info.filename: info for info in infos}

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_caught: object) -> None:
        self.zip.close()

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        if len(infos) > PARTS or sum(info.file_size for info in infos) > UNPACKED:
            raise PaperRefused("bomb", _("The file would unpack to far more than a document holds."))
        seen = set()
        for info in infos:
            name = info.filename.lower().lstrip("/")
            if name in seen:
                raise PaperRefused(
                    "duplicate",
                    _("The file holds two parts named %(part)s; which one counts is anybody's guess."),
                    part=info.filename,
                )
            seen.add(name)
            if "\\" in name or ".." in name.split("/"):
                raise PaperRefused("name", _("The file holds a part with a false name, %(part)s."), part=name)
            if info.flag_bits & 1:
                raise PaperRefused("encrypted", _("The file is encrypted; save it without a password."))
            if posixpath.basename(name) in ("vbaproject.bin", "vbadata.xml"):
                raise _macros()

    def names(self, kind: str = "") -> list[str]:
        """The names of all parts, or of those in a folder of this name."""
        return [name for name in self.parts if not kind or f"/{kind}/" in f"/{name}"]

    def data(self, name: str) -> bytes:
        """The bytes of a part."""
        try:
            return self.zip.read(self.parts[name])
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise _damaged() from error
        except Exception as error:  # zlib and lzma have errors of their own
            raise _damaged() from error

    def tree(self, name: str) -> etree._Element:
        """The XML of a part, parsed in portions; no document type, no entity, no address is followed."""
        info = self.parts[name]
        if info.file_size > XML:
            raise _too_much(name)
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        elements, end = 0, b""
        try:
            with self.zip.open(info) as part:
                while portion := part.read(_CHUNK):
                    if not end:
                        _check_encoding(name, portion)
                    elements += portion.count(b"<") - portion.count(b"</")
                    if elements > ELEMENTS:
                        raise _too_much(name)
                    if _DOCTYPE.search(end + portion):
                        raise PaperRefused(
                            "doctype",
                            _("The part %(part)s declares a document type, which Word never writes."),
                            part=name,
                        )
                    end = portion[-10:]
                    parser.feed(portion)
            return parser.close()
        except PaperRefused:
            raise
        except etree.XMLSyntaxError as error:
            if "depth" in str(error).lower():
                raise too_deep() from error
            raise PaperRefused("xml", _("The part %(part)s is not well-formed XML."), part=name) from error
        except Exception as error:  # what zipfile, zlib and lzma say of damaged bytes
            raise _damaged() from error

    def relations(self, name: str = "") -> dict[str, Relation]:
        """How a part, or the package, names others, by id."""
        folder, base = posixpath.split(name)
        source = posixpath.join(folder, "_rels", f"{base}.rels")
        if source not in self.parts:
            return {}
        found = {}
        for one in self.tree(source).iter(_RELATION):
            kind, target = one.get("Type", "").rpartition("/")[2], one.get("Target", "")
            external = one.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            elif kind == "attachedTemplate" and not _OWN_DRIVE.match(target):
                raise PaperRefused(
                    "template", _("The file loads a template from %(address)s."), address=target
                )
            found[one.get("Id", "")] = Relation(kind, target, external)
        return found

    def document(self) -> str:
        """The name of the main part of a Word document."""
        if "[Content_Types].xml" not in self.parts:
            raise _not_word()
        for one in self.tree("[Content_Types].xml"):
            if "macroenabled" in one.get("ContentType", "").lower():
                raise _macros()
        for relation in self.relations().values():
            if relation.kind == "officeDocument" and relation.target in self.parts:
                return relation.target
        raise _not_word()


def _check_encoding(name: str, begin: bytes) -> None:
    declared = _DECLARED.match(begin.removeprefix(b"\xef\xbb\xbf"))
    named = declared[1].decode("latin-1").lower() if declared else "utf-8"
    if named not in ("utf-8", "utf8", "us-ascii", "ascii") or begin[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise PaperRefused("encoding", _("The part %(part)s is not written in UTF-8."), part=name)


def _not_a_zip(path: Path) -> PaperRefused:
    with path.open("rb") as file:
        begin = file.read(8)
        if begin == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            if "EncryptedPackage".encode("utf-16-le") in file.read(1 << 20):
                return PaperRefused("encrypted", _("The file is encrypted; save it without a password."))
            return PaperRefused("old", _("The file is in Word's old format; save it as .docx."))
    if begin[:2] == b"PK":
        return PaperRefused("truncated", _("The file is cut off; ask for it again."))
    return _not_word()


def _not_word() -> PaperRefused:
    return PaperRefused("kind", _("The file is no Word document."))


def _damaged() -> PaperRefused:
    return PaperRefused("damaged", _("The file is damaged; ask for it again."))


def _macros() -> PaperRefused:
    return PaperRefused("macro", _("The file holds macros; save it as .docx without them."))


def _too_much(name: str) -> PaperRefused:
    return PaperRefused("bomb", _("The part %(part)s is larger than any document needs."), part=name)


def too_deep() -> PaperRefused:
    """The refusal of a file whose elements stand in each other without end."""
    return PaperRefused("depth", _("The file nests its parts deeper than any document does."))
