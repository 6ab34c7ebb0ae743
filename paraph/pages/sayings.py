"""How is an act told in one sentence?"""

import heapq
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from paraph import acts as a
from paraph.node.current import journal
from paraph.pages.frame import reading
from paraph.pages.shown import day, heading_of, road_map_name
from paraph.sentences import Sentence, in_language
from paraph.state import agreement, roadmaps
from paraph.state.programme import Programme
from paraph.text.changes import Class

Naming = Callable[[Programme, str, str], str]  # what a subject is called in a language
POSITIONS = {
    "accepts": gettext_lazy("accepts"),
    "in_substance": gettext_lazy("accepts in substance"),
    "holds": gettext_lazy("holds"),
    "declines": gettext_lazy("declines"),
    "no_instructions": gettext_lazy("no instructions"),
}
STRENGTHS = {"ad_referendum": gettext_lazy("ad referendum"), "confirmed": gettext_lazy("confirmed")}
RESERVES = {
    "scrutiny": gettext_lazy("scrutiny reserve"),
    "parliamentary": gettext_lazy("parliamentary reserve"),
    "linguistic": gettext_lazy("linguistic reserve"),
    "substantive": gettext_lazy("substantive reserve"),
}
STAGES = {
    "drafting": gettext_lazy("Drafting"),
    "coordination": gettext_lazy("In co-ordination"),
    "in_substance": gettext_lazy("Agreed in substance"),
    "text_complete": gettext_lazy("Text complete"),
    "verified": gettext_lazy("Verified"),
    "initialled": gettext_lazy("Initialled"),
    "signed": gettext_lazy("Signed"),
    "in_force": gettext_lazy("In force"),
    "carried_out": gettext_lazy("Carried out"),
    "returned": gettext_lazy("Returned to refinement"),
    "suspended": gettext_lazy("Suspended"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "succeeded": gettext_lazy("Goes on in another road map"),
}
STATES = {
    "agreed": gettext_lazy("Agreed"),
    "reserved": gettext_lazy("Same words, reserves open"),
    "ad_referendum": gettext_lazy("Ad referendum"),
    "in_substance": gettext_lazy("In substance"),
    "bracketed": gettext_lazy("Bracketed"),
    "proposed": gettext_lazy("Proposed"),
    "empty": gettext_lazy("No words yet"),
    "reference": gettext_lazy("Reference leads nowhere"),
}
CELLS = {
    "action": gettext_lazy("action"),
    "bodies": gettext_lazy("responsible bodies"),
    "deadline": gettext_lazy("deadline"),
    "completion": gettext_lazy("form of completion"),
    "indicator": gettext_lazy("indicator"),
}
CLASSES: dict[Class, Any] = {
    "typographic": gettext_lazy("typographic"),
    "numbering": gettext_lazy("numbering"),
    "linguistic": gettext_lazy("linguistic"),
    "terminology": gettext_lazy("terminology"),
    "substantive": gettext_lazy("substantive"),
}
CHANGES = {
    "withdraw": gettext_lazy("withdrawn"),
    "merge": gettext_lazy("merged"),
    "split": gettext_lazy("divided"),
    "succeed": gettext_lazy("succeeded"),
}
MARKS = {
    "reconstruction": gettext_lazy("Reconstruction: no text of the real road map was ever published."),
    "illustrative": gettext_lazy("Conflicting wordings are illustrative."),
}


def said(value: Any) -> str:
    """A sentence of the core in the reader's language, with subjects by their names and dates in words."""
    return value.said(_, _part) if isinstance(value, Sentence) else str(value)


def _part(key: str, value: Any) -> Any:
    if key == "subjects":
        programme = journal().programme()
        return "; ".join(place_of(programme, about, reading(programme)) for about in value)
    if key == "reserve":
        return RESERVES.get(value, value)
    return day(value) if key == "date" else value


def place_of(programme: Programme, about: str, language: str) -> str:
    """What a subject is called from outside its road map: 8/2.1 and the heading."""
    name = name_of(programme, about, language)
    try:
        one = roadmaps.road_map(programme, a.subject(about).road_map)
    except (ValueError, KeyError):  # an object, a paper, or a road map that was never opened
        return name
    return f"{one.number}/{name}"


def name_of(programme: Programme, about: str, language: str) -> str:
    """What a subject or object is called: number and heading."""
    if about.startswith("road_map:"):
        return road_map_name(programme, about.removeprefix("road_map:"), language)
    try:
        known = a.subject(about)
    except ValueError:
        return about
    if known.kind == "charter":
        return _("the charter")
    if known.kind == "card":
        return _("the title")
    if known.kind == "outline":
        return _("the outline")
    if known.kind == "verification":
        return _("the verification")
    if not known.road_map:
        return _title(programme, about, language)
    item = about.rsplit("/", 1)[0] if known.cell else about
    try:
        one = roadmaps.road_map(programme, known.road_map)
    except KeyError:
        return about
    number = next((i.number for i in one.items if i.id == item), "")
    text = " ".join(part for part in (number, heading_of(programme, item, language)) if part)
    if known.cell:
        return f"{text.removesuffix('.')}: {CELLS[known.cell]}"
    return text or _("a new provision")


def _title(programme: Programme, about: str, language: str) -> str:
    """The title of a package, or the heading of a paper, as it stands or is proposed."""
    found = agreement.standing(programme, about)
    name = found.agreed or next(iter(found.live or programme.on.get(about, ())), "")
    if not name:
        return _("a new paper")
    part = "title" if about.startswith("package:") else "heading"
    words = agreement.in_languages(programme, name, part) or agreement.in_languages(programme, name)
    return _one(words, language) if words else about


def telling(programme: Programme, placed: a.Placed, language: str, named: Naming = name_of) -> str:
    """What the act of an entry says, in one line; `named` gives what a subject is called there."""
    act = placed.act
    if act is None:
        return _("closed to this node")

    def about(name: str) -> str:
        return named(programme, name, language)

    match act:
        case a.Found():
            return _("founds the programme")
        case a.Join():
            return _("joins the programme")
        case a.Ack() if act.forks:
            logs = ", ".join(sorted({one.log for one in act.forks}))
            return _("proves two histories of the log of %(logs)s") % {"logs": logs}
        case a.Ack() if act.accepts:
            logs = ", ".join(sorted(act.accepts))
            return _("accepts which history of the log of %(logs)s stands") % {"logs": logs}
        case a.Ack():
            sizes = {party: raw.split("\n", 2)[1] for party, raw in act.heads.items()}
            return _("has received %(heads)s") % {
                "heads": ", ".join(f"{party} 0–{int(size) - 1}" for party, size in sizes.items())
            }
        case a.Delegate():
            return _("gives full powers to %(name)s") % {"name": _one(act.name, language)}
        case a.Revoke():
            return _("revokes full powers")
        case a.Rotate():
            return _("hands over to new keys: version %(version)s") % {"version": act.version}
        case a.Propose() if act.received_from:
            return _("puts down words received from %(party)s on %(subject)s") % {
                "party": act.received_from,
                "subject": about(act.subject),
            }
        case a.Propose():
            return _("proposes on %(subject)s") % {"subject": about(act.subject)}
        case a.TakeStance():
            known = programme.proposals.get(act.proposal)
            return _("%(position)s, %(strength)s: %(subject)s") % {
                "position": POSITIONS[act.position],
                "strength": STRENGTHS[act.strength],
                "subject": about(known.subject.name) if known else act.proposal[:8],
            }
        case a.Reserve():
            return f"{RESERVES[act.reserve]}: {about(act.subject)}"
        case a.Lift():
            return _("lifts the %(reserve)s: %(subject)s") % {
                "reserve": RESERVES[act.reserve],
                "subject": about(act.subject),
            }
        case a.Remark() if act.change is not None:
            return _("takes the change of %(subject)s to be %(kind)s") % {
                "subject": about(act.subject),
                "kind": CLASSES[act.change.kind],
            }
        case a.Remark():
            return _("remarks on %(subject)s: %(words)s") % {
                "subject": about(act.subject),
                "words": _one(act.words, language),
            }
        case a.Return():
            return _("returns to refinement %(map)s: %(reason)s") % {
                "map": about(f"road_map:{act.road_map}"),
                "reason": _one(act.reason, language),
            }
        case a.Resume():
            return _("resumes %(map)s") % {"map": about(f"road_map:{act.road_map}")}
        case a.Initial():
            if act.text == a.REOPENED:
                return _("initials the reopening of %(object)s") % {"object": about(act.object)}
            return _("initials %(object)s, text %(text)s") % {
                "object": about(act.object),
                "text": act.text[:8],
            }
        case a.Seal():
            return _("seals %(object)s, text %(text)s") % {
                "object": about(act.object),
                "text": act.text[:8],
            }
        case a.Sign():
            return pgettext("act", "signs %(object)s") % {"object": about(act.object)}
        case a.Notify():
            return _("notifies that its procedures are complete: %(object)s") % {"object": about(act.object)}
        case a.Attest():
            return _("attests with a signature made elsewhere: %(text)s") % {"text": act.fingerprint[:8]}
        case a.Forecast():
            name = act.question.partition(":")[2]
            what = about(f"road_map:{name}") if name else _("all road maps")
            return _("forecasts when it is agreed: %(what)s") % {"what": what}
        case a.Publish():
            return _("publishes: %(map)s is %(stage)s") % {
                "map": act.number,
                "stage": STAGES.get(act.stage, act.stage),
            }
        case _:
            return type(act).__name__.lower()


def _one(words: dict[str, str], language: str) -> str:
    return in_language(words, language)


def by_whom(programme: Programme, placed: a.Placed, language: str) -> str:
    """Who wrote an entry: the delegate's title, the root keys or the node."""
    keys = programme.keys[placed.log]
    if any(placed.by == held.node.id for held in keys):
        return _("the node")
    if any(placed.by in held.roots for held in keys):
        return _("root keys")
    grant = programme.by[placed.log].grants.get(placed.by)
    return _one(grant.act.name, language) if grant else placed.by[:8]


def told(programme: Programme, entries: Iterable[a.Placed], language: str, most: int) -> list[dict[str, Any]]:
    """Entries for a table of history: what each says, by whom, what it knew; what knew most comes first."""
    newest = heapq.nlargest(most, entries, key=lambda placed: placed.order)
    return [row(programme, placed, language) for placed in newest]


def row(programme: Programme, placed: a.Placed, language: str, named: Naming = name_of) -> dict[str, Any]:
    """One entry for such a table."""
    return {
        "placed": placed,
        "telling": telling(programme, placed, language, named),
        "by": by_whom(programme, placed, language),
        "past": sorted(placed.past.items()),
        "void": programme.voids.get((placed.log, placed.n)),
    }


__all__ = [
    "MARKS",
    "STAGES",
    "STATES",
    "by_whom",
    "day",
    "name_of",
    "place_of",
    "row",
    "said",
    "telling",
    "told",
]
