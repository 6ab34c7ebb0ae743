"""What is known of a road map when a file about it is read, and what comes of the reading?"""

import re
from dataclasses import dataclass, field

from paraph.papers.documents import Document, Paragraph
from paraph.papers.returned.cells import Known as KnownBodies
from paraph.papers.returned.found import Known, Returned, Trouble, Upload
from paraph.papers.returned.heads import Heads, heads
from paraph.papers.returned.wordings import known, known_bodies
from paraph.papers.sent import EXCHANGED, Origin, as_sent, subjects_by_key
from paraph.sentences import Sentence
from paraph.state import agreement, cuts, roadmaps
from paraph.state.programme import Programme
from paraph.state.roadmaps import RoadMap


@dataclass(frozen=True, slots=True)
class Basis:
    """What a file is read against; `found` grows while it is read."""

    now: Programme
    then: Programme  # as it stood when the file was written from it; the same where that is not known
    map: RoadMap
    me: str  # the party that reads
    given: Upload
    known: dict[str, Known]  # subject -> its wordings then
    keys: dict[str, str]  # what a paper calls a subject by -> the subject
    ours: set[str]  # what stands around the provisions of a paper of ours
    heads: Heads
    bodies: KnownBodies
    left: (
        Document | None
    )  # the paper as it was sent; of words in our brackets without its head, as it would be now
    found: Returned = field(default_factory=Returned)

    @property
    def authentic(self) -> bool:
        """Whether words of the file can be agreed."""
        return self.given.language in self.now.authentic

    @property
    def exchanged(self) -> bool:
        """Whether it is a file that programs exchange."""
        return self.given.origin is not None and self.given.origin.kind == EXCHANGED

    def stale(self, about: str) -> bool:
        """Whether other words came since the file was written."""
        one = self.known.get(about)
        live = {wording.proposal for wording in one.wordings} if one else set()
        return self.given.origin is not None and not set(agreement.live(self.now, about)) <= live

    def trouble(self, one: Known, sentence: Sentence, text: str = "", fix: str = "") -> None:
        """Name something that becomes no proposal, once."""
        found = Trouble(one.about, one.number, sentence, text, fix)
        if found not in self.found.troubles:
            self.found.troubles.append(found)


def basis_of(now: Programme, then: Programme, road_map: str, me: str, given: Upload) -> Basis:
    """What is known before a file is read in one language."""
    one = roadmaps.road_map(now, road_map)
    sent = given.sent.paragraphs if given.sent is not None else ()
    return Basis(
        now, then, one, me, given,
        known={one.about: one for one in known(then, road_map, given.language)},
        keys=subjects_by_key(one),
        ours={one.words for one in sent if not one.key},
        heads=heads(now),
        bodies=known_bodies(now, given.language),
        left=given.sent or _in_our_brackets(now, road_map, given),
    )  # fmt: skip


def _in_our_brackets(now: Programme, road_map: str, given: Upload) -> Document | None:
    """The bracketed text of now, where a file has brackets with the codes of parties and no head of ours."""
    codes = "|".join(map(re.escape, now.parties))
    labelled = re.compile(rf"\[(?:{codes})\*?(?:, (?:{codes})\*?)*: ")
    if not any(labelled.search(one.words) for one in given.document.paragraphs):
        return None
    return as_sent(now, road_map, Origin("bracketed", given.language, cuts.now(now)))


def item_of(about: str) -> str:
    """The item of the outline that a subject belongs to."""
    return about.rsplit("/", 1)[0] if about.startswith("measure:") and about.count("/") > 1 else about


def nobody(one: Paragraph) -> Known:
    """A paragraph that belongs to no subject."""
    return Known("", "", one.number, False, ())
