"""Is a file another one than its name says, and how is it to be given instead?"""

from pathlib import Path

from paraph.papers.errors import PaperRefused
from paraph.sentences import _

_BEGIN = 128  # bytes that tell what a file is
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
_PAGES = (b"<html", b"<!doctype html")


def refuse_mistaken(path: Path, *, texts: bool) -> None:
    """
    Refuse a file that is empty, or of a kind that is not read under any name.

    Args:
        path: the file.
        texts: whether its name says that it is plain text, in which a web page may be quoted.

    Raises:
        PaperRefused: with what to do.
    """
    with path.open("rb") as file:
        begin = file.read(_BEGIN)
    if not begin:
        raise PaperRefused("empty", _("The file is empty; ask for it again."))
    if begin.startswith(b"{\\rtf"):
        raise PaperRefused("other", _("The file is RTF; open it in Word and save it as .docx."))
    if begin.startswith(b"%PDF"):
        raise PaperRefused(
            "other",
            _("The file is a PDF, which keeps no paragraphs; ask for the Word file it was made from."),
        )
    if begin.startswith(b"PK") and _OPEN_DOCUMENT in begin:
        raise PaperRefused("other", _("The file is an OpenDocument; open it in Word and save it as .docx."))
    if not texts and begin.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        raise PaperRefused("other", _("The file is a web page; open it in Word and save it as .docx."))
