"""Is a piece of XML from outside safe to parse?

It is parsed in portions. Whatever declares a document type, is not UTF-8, or holds more than any document
needs is refused before it costs anything; no entity and no address is followed.
"""

import re
from typing import IO

from lxml import etree

from paraph.papers.errors import PaperRefused
from paraph.sentences import _

XML = 32 << 20  # bytes of one part of XML; a page of Word takes 10 to 30 kB
ELEMENTS = 600_000  # in one part; libxml2 takes about 200 bytes for each
_CHUNK = 1 << 18
_NO_MEMORY = 2  # libxml2's number for it
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")


def parse(part: IO[bytes], name: str) -> etree._Element:
    """
    The tree of a part.

    Raises:
        PaperRefused: it is not well-formed, could harm, or is too large.
    """
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    elements, size, end = 0, 0, b""
    try:
        while portion := part.read(_CHUNK):
            if not end:
                _check_encoding(name, portion)
            size += len(portion)
            elements += portion.count(b"/")  # one ends each
            if elements > ELEMENTS or size > XML:
                raise too_much(name)
            if (b"!" in portion or b"!" in end) and b"<!" in end + portion and _DOCTYPE.search(end + portion):
                raise PaperRefused(
                    "doctype",
                    _("The part %(part)s declares a document type, which no document needs."),
                    part=name,
                )
            end = portion[-10:]
            parser.feed(portion)
        return parser.close()
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", 0) == _NO_MEMORY:
            raise MemoryError from error
        if "depth" in str(error).lower():
            raise too_deep() from error
        raise PaperRefused("xml", _("The part %(part)s is not well-formed XML."), part=name) from error


def _check_encoding(name: str, begin: bytes) -> None:
    declared = _DECLARED.match(begin.removeprefix(b"\xef\xbb\xbf"))
    named = declared[1].decode("latin-1").lower() if declared else "utf-8"
    if named not in ("utf-8", "utf8", "us-ascii", "ascii") or begin[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise PaperRefused("encoding", _("The part %(part)s is not written in UTF-8."), part=name)


def too_much(name: str) -> PaperRefused:
    """The refusal of a part that is larger than any document needs."""
    return PaperRefused("bomb", _("The part %(part)s is larger than any document needs."), part=name)


def too_deep() -> PaperRefused:
    """The refusal of a file whose elements stand in each other without end."""
    return PaperRefused("depth", _("The file nests its parts deeper than any document does."))
