"""Which paper of ours is it that came back, and what did it say when it left?

Under its title a paper says what kind it is and how far the record went: enough to write the same file again.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from paraph.papers.akn.reading import read_akn
from paraph.papers.documents import Document
from paraph.papers.docx.papers import bookmark
from paraph.papers.docx.reading import read_docx
from paraph.papers.kinds import outgoing
from paraph.papers.labels import label
from paraph.papers.roadmaps import Wanted
from paraph.state import cuts
from paraph.state.composed import subjects_of
from paraph.state.errors import Refused
from paraph.state.programme import Programme
from paraph.state.roadmaps import RoadMap

COME_BACK = ("clean", "bracketed", "comparison", "columns", "languages")
EXCHANGED = "akn"  # the kind of paper that says itself what it was written from
_HEAD = 12  # paragraphs of a paper among which it says what it is


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file says it was written from."""

    kind: str
    language: str
    cut: cuts.Cut

    @property
    def state(self) -> str:
        """The name of the state of the record."""
        return cuts.name(self.cut)


def origin(programme: Programme, document: Document) -> Origin | None:
    """What a file was written from; None where it is no paper of ours, or of a state that is not held."""
    if document.made is not None:
        mine = document.made.programme == programme.charter.prog
        language = document.made.languages[0] if document.made.languages else ""
        return _origin(programme, EXCHANGED, language, document.made.heads) if mine and language else None
    head = [one.text for one in document.paragraphs[:_HEAD] if not one.place]
    for language in programme.charter.languages:
        kinds = [kind for kind in COME_BACK if label(language, kind) in head]
        for text in head:
            sizes = dict(_entries(language, text))
            if not kinds or not sizes:
                continue
            return _origin(programme, kinds[0], language, sizes)
    return None


def _origin(programme: Programme, kind: str, language: str, sizes: Mapping[str, int]) -> Origin | None:
    cut = {party: sizes.get(party, 0) for party in programme.parties}
    try:
        return Origin(kind, language, cuts.named(programme, cuts.name(cut)))
    except Refused:
        return None


def _entries(language: str, text: str) -> Iterator[tuple[str, int]]:
    """Log -> how many of its entries the line names as known."""
    before = re.escape(label(language, "as_of").partition("%s")[0])
    if re.match(before, text):
        for found in _entry(language).finditer(text):
            yield found[1], int(found[2]) + 1


@cache
def _entry(language: str) -> "re.Pattern[str]":
    template = re.escape(label(language, "entries"))
    return re.compile(template.replace("%s", "([A-Z]{2,8})").replace("%d", r"(\d{1,9})"))


def as_sent(programme: Programme, road_map: str, where: Origin, language: str = "") -> Document:
    """
    The paper as it left, read as marked; PaperRefused where there was no such road map then.

    Args:
        programme: as it is now.
        road_map: the id.
        where: what the file was written from.
        language: in which to read a file of several languages; that of the paper where left out.
    """
    then = cuts.at(programme, where.cut)
    format = "akn" if where.kind == EXCHANGED else "docx"
    file = outgoing(where.kind, format, Wanted(then, road_map, where.language))
    with tempfile.NamedTemporaryFile(suffix=f".{format}") as kept:
        kept.write(file.data)
        kept.flush()
        if format == "akn":
            return read_akn(Path(kept.name), "marked", language or where.language)
        return read_docx(Path(kept.name), "marked")


def subjects_by_key(one: RoadMap) -> dict[str, str]:
    """The bookmark of each item and of each cell of a road map, and its permanent id, -> the id."""
    names = {about for item in one.items for about in (item.id, *subjects_of(item.id))}
    return {key: about for about in names for key in (bookmark(about), about)}
