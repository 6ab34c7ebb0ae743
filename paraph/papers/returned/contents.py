"""Which content do words of a file make, and which act puts it forward?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from paraph.acts import Propose
from paraph.papers.deadlines import deadline_in
from paraph.papers.returned.basis import Basis
from paraph.papers.returned.cells import bodies_in, commas_in, indicator_in
from paraph.papers.returned.found import Known, Wording, whole_of
from paraph.papers.returned.languages import lacking
from paraph.papers.returned.named import lines_of
from paraph.sentences import Sentence, _
from paraph.state import agreement
from paraph.text.canonical import canonical, mended
from paraph.text.errors import TextRefused

HOW = {
    "deadline": _("This names no day, or could mean one of two; write it as 31 December 2022."),
    "bodies": _("Write the bodies of each party behind its code, as BY: one body; another; RU: a third."),
    "indicator": _("Write what is measured, a colon, and the target with its unit."),
}
WHOLE = _("“%(name)s” is taken as one body; write a semicolon between bodies.")
OWN = _("“%(name)s” is taken as a body of %(party)s.")


@dataclass(frozen=True, slots=True)
class Content:
    """What words make, and what a person should know of how they were read."""

    fields: dict[str, Any]
    notes: tuple[Sentence, ...] = ()


def content_of(
    basis: Basis, one: Known, cell: str, words: str, *, heading: str = "",
    former: Mapping[str, Any] | None = None, where: str = "",
) -> Content | None:  # fmt: skip
    """
    The content that words of a subject make; None where they make none, and why is said.

    Args:
        basis: of the file.
        one: the subject.
        cell: of a measure; "" for a provision.
        words: what stands there.
        heading: of a provision.
        former: the content before.
        where: behind the words, where it is said why they make none.
    """
    whole = whole_of(heading, words)
    try:
        return _content(basis, cell, words, heading, former or {})
    except TextRefused as refused:
        basis.trouble(one, refused.sentence, f"{whole}{where}", mended(whole) or "")
    except ValueError:
        basis.trouble(one, Sentence(HOW[cell]), f"{whole}{where}")
    return None


def _content(basis: Basis, cell: str, words: str, heading: str, former: Mapping[str, Any]) -> Content:
    language = basis.given.language
    if cell == "deadline":
        found = deadline_in(words)
        return Content({"date": found.date}, (found.how,) if found.how else ())
    if cell == "bodies":
        before = former.get("bodies", {})
        parties = basis.heads.parties
        notes: list[Sentence] = []
        try:
            bodies = bodies_in(language, parties.labelled(words), before, basis.now.parties, basis.bodies)
        except ValueError:
            ending = parties.ending(words)
            if not ending:
                raise
            bodies = bodies_in(language, lines_of(ending), before, basis.now.parties, basis.bodies)
            notes += (Sentence(OWN, {"name": name, "party": party}) for party, name in ending)
        notes += (Sentence(WHOLE, {"name": name}) for name in commas_in(bodies, before))
        return Content({"bodies": bodies}, tuple(notes))
    if cell == "indicator":
        return Content(indicator_in(language, words, former))
    parts = {"heading": canonical(heading), "words": canonical(words)}
    return Content(
        {part: {language: text} if text else {} for part, text in parts.items() if text or part == "words"}
    )


def act_of(
    basis: Basis, party: str, about: str, content: dict[str, Any], base: Wording | None = None
) -> Propose | None:
    """The act that puts it forward; None where it cannot be: a translation is given by the own party."""
    language = basis.given.language
    others = "" if party == basis.me else party
    if basis.authentic or "date" in content or ("bodies" in content and not lacking(basis.now, content)):
        seen = agreement.seen(basis.now, about) if about in basis.now.on else ""
        replaces = base.proposal if base else ""
        return Propose(about, content, replaces=replaces, received_from=others, seen=seen)
    if others or base is None:
        return None
    act = agreement.author(basis.now, base.proposal).act
    given = {
        part: words[language] for part in ("heading", "words") if language in (words := content.get(part, {}))
    }
    if not given:
        return None
    assert isinstance(act, Propose)
    return Propose(about, act.content, {language: given}, seen=agreement.seen(basis.now, about))
