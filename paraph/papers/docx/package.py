"""What does an office file hold, and is it safe to look?

An office file is a ZIP of parts that name each other by relations. It comes from anybody, so everything
is bounded before it is unpacked, and whatever two programs could read differently is refused.
"""

import posixpath
import re
import zipfile
from pathlib import Path

import msgspec
from lxml import etree

from paraph.papers.bounded_xml import XML, parse, too_much
from paraph.papers.errors import PaperRefused
from paraph.sentences import _

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

FILE = 64 << 20  # bytes of a file
PARTS = 4_000
UNPACKED = 512 << 20  # bytes of all parts together, as declared
_OWN_DRIVE = re.compile(r"(?:file:///)?[A-Za-z]:[\\/]|[^:\\/]+$")


class Relation(msgspec.Struct, frozen=True):
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
        except MemoryError:
            raise
        except Exception as error:  # zlib and lzma have errors of their own
            raise _damaged() from error

    def tree(self, name: str) -> etree._Element:
        """The XML of a part, parsed within bounds."""
        info = self.parts[name]
        if info.file_size > XML:
            raise too_much(name)
        try:
            with self.zip.open(info) as part:
                return parse(part, name)
        except (PaperRefused, MemoryError):
            raise
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
        """The name of the main part of a document or a workbook."""
        if "[Content_Types].xml" not in self.parts:
            raise _not_word()
        for one in self.tree("[Content_Types].xml"):
            if "macroenabled" in one.get("ContentType", "").lower():
                raise _macros()
        for relation in self.relations().values():
            if relation.kind == "officeDocument" and relation.target in self.parts:
                return relation.target
        raise _not_word()


def _not_a_zip(path: Path) -> PaperRefused:
    with path.open("rb") as file:
        if file.read(2) == b"PK":
            return PaperRefused("truncated", _("The file is cut off; ask for it again."))
    return _not_word()


def _not_word() -> PaperRefused:
    return PaperRefused("kind", _("The file is no Word document; open it in Word and save it as .docx."))


def _damaged() -> PaperRefused:
    return PaperRefused("damaged", _("The file is damaged; ask for it again."))


def _macros() -> PaperRefused:
    return PaperRefused("macro", _("The file holds macros; save it as .docx without them."))
