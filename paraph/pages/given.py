"""A file that somebody gives on a page: kept until it is read, or refused with what to do."""

import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from django.http import HttpRequest

from paraph.papers.errors import PaperRefused
from paraph.papers.mistaken import DOCUMENTS, refuse_mistaken
from paraph.sentences import _

LARGEST = 16 << 20  # bytes of a file


class Given(NamedTuple):
    """A file: its name, and where its bytes lie until who reads them takes them away."""

    name: str
    path: Path


def given_file(request: HttpRequest, takes: Collection[str] = DOCUMENTS) -> Given:
    """
    The file of a form.

    Args:
        request: its field is called `file`.
        takes: the endings of what is read here.

    Raises:
        PaperRefused: none was chosen, it is too large, or of another kind; nothing is kept.
    """
    file = request.FILES.get("file")
    if file is None:
        raise PaperRefused("none", _("Choose a file."))
    if file.size is None or file.size > LARGEST:
        raise PaperRefused("large", _("The file is larger than %(most)s MB."), most=LARGEST >> 20)
    name = Path(file.name or "").name[:255]
    with tempfile.NamedTemporaryFile(
        prefix="paraph-", suffix=Path(name).suffix.lower()[:16], delete=False
    ) as kept:
        for portion in file.chunks():
            kept.write(portion)
    path = Path(kept.name)
    try:
        refuse_mistaken(path, takes)
    except PaperRefused:
        path.unlink()
        raise
    return Given(name, path)


def accepted(takes: Collection[str] = DOCUMENTS) -> str:
    """What a page offers to choose from: the `accept` of its field."""
    return ",".join(filter(None, takes))
