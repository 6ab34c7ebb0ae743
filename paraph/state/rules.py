"""What does the writer's node refuse before writing, and what would an act bring about?

Void acts are refused here with the same reason that every node would show; the other rules keep a
party from saying by mistake what it cannot take back.
"""

import re
from collections.abc import Mapping

from paraph.acts import (
    REOPENED,
    Act,
    Attest,
    Card,
    Initial,
    Lift,
    Lineage,
    Outline,
    Package,
    Paper,
    Placed,
    Propose,
    Remark,
    Reserve,
    Return,
    Seal,
    Sign,
    Step,
    TakeStance,
    content_of,
    proposal_id,
    subject,
)
from paraph.sentences import Sentence, _
from paraph.state import agreement, closing, cuts, roadmaps, scrub
from paraph.state.composed import composed, composed_object
from paraph.state.errors import Refused, Stale
from paraph.state.programme import Programme, Registers
from paraph.state.roadmaps import ended
from paraph.state.void import road_maps_of, void_because
from paraph.text.outline import compare_outlines


def check(programme: Programme, party: str, by: str, act: Act, past: Mapping[str, int]) -> None:
    """Raise Refused where the party's node must not write this act now."""
    if not programme.understood:
        raise Refused(_("The charter names newer rules; upgrade this node before acting."))
    placed = Placed(party, len(programme.by[party].entries), by, "", past, act)
    void = void_because(programme, placed)
    if void is not None:
        raise Refused(_("This would have no effect: %(reason)s."), reason=void)
    if party in programme.shared and by not in programme.keys[party][-1].roots:
        raise Refused(
            _("Two histories of the log of %(party)s are known; its root keys have to say which one stands."),
            party=party,
        )
    check_seen(programme, act)
    for road_map in road_maps_of(programme, placed, act):
        if road_map in ended(programme):
            raise Refused(_("The charter has ended this road map; act on the one that followed it."))
    mine = programme.by[party]
    match act:
        case TakeStance():
            check_stance(programme, party, mine, act)
        case Propose():
            match content_of(act):
                case Package() as package:
                    check_members(programme, package)
                case Lineage() as lineage:
                    check_lineage(programme, lineage)
                case Paper() as paper if subject(act.subject).kind == "verification":
                    check_verification(programme, subject(act.subject).road_map, paper)
                case _:
                    pass
        case Reserve():
            check_standing(programme, party, subject(act.subject).road_map)
            if act.reserve in mine.reserves.get(act.subject, {}):
                raise Refused(_("You hold this reserve already."))
        case Return():
            check_return(programme, party, act)
        case Initial():
            check_initial(programme, party, act)
        case Seal():
            check_seal(programme, party, act)
        case Attest():
            if not re.fullmatch("[0-9a-f]{64}", act.fingerprint):
                raise Refused(_("A fingerprint has 64 digits and letters from a to f."))
        case Sign():
            if (act.object, act.text) in mine.signed:
                raise Refused(_("%(party)s has signed this text already."), party=party)
        case _:
            pass


def check_seen(programme: Programme, act: Act) -> None:
    """The words have not changed since the person read them."""
    if isinstance(act, TakeStance) and act.seen:
        about = programme.proposals[act.proposal].subject.name
    elif isinstance(act, (Propose, Reserve, Lift, Remark)) and act.seen:
        about = act.subject
    else:
        return
    if act.seen != agreement.seen(programme, about):
        raise Stale(_("Other words came while you were reading. Read them, then decide again."))


def check_stance(programme: Programme, party: str, mine: Registers, act: TakeStance) -> None:
    """A withdrawn proposal cannot be accepted; who stands on a text does not leave it in passing."""
    proposal = programme.proposals[act.proposal]
    about = proposal.subject.name
    choice = mine.choices.get(about)
    full = act.position == "accepts" and act.strength == "confirmed"
    if full and act.proposal not in agreement.live(programme, about):
        raise Refused(_("This proposal is no longer on the table; propose the same words to bring it back."))
    content = programme.content(act.proposal)
    if full and proposal.subject.kind == "verification" and isinstance(content, Paper):
        check_verification(programme, proposal.subject.road_map, content)
    package = programme.package(act.proposal)
    touched: set[str] = set()
    if full and package is not None:
        check_members(programme, package)
        touched = set(package.members)
    elif package is None and full != (choice is not None and choice.proposal == act.proposal):
        touched = {act.proposal}
    for name in ending(programme, party, act):
        touched.update(programme.members(name))
    for road_map in sorted({programme.proposals[name].subject.road_map for name in touched}):
        check_standing(programme, party, road_map)


def check_verification(programme: Programme, road_map: str, content: Paper) -> None:
    """Verified is the complete text as it is now, once all parties name the class of each later change."""
    text, since = composed(programme, road_map).text, scrub.complete_since(programme, road_map)
    if not text or since is None or content.fields.get("text") != text:
        raise Refused(_("Only the complete text as it stands now can be called verified."))
    changed = scrub.changes(cuts.at(programme, since[1]), programme, road_map)
    left = sum(1 for one in changed if one.old and one.new and not one.confirmed(programme.parties))
    if left:
        raise Refused(
            _("Changes of the scrub without a class that all parties name: %(count)s. Name them first."),
            count=left,
        )


def check_members(programme: Programme, package: Package) -> None:
    """A package is put together, and accepted, from words that are still on the table."""
    gone = [
        about
        for member in package.members
        if member in programme.proposals
        and member not in agreement.live(programme, about := programme.proposals[member].subject.name)
    ]
    if gone:
        raise Refused(
            _("These words are no longer on the table; propose them again to bring them back: %(subjects)s."),
            subjects=tuple(gone),
        )


def ending(programme: Programme, party: str, act: TakeStance) -> set[str]:
    """The packages accepted by the party that the stance would end."""
    mine = programme.by[party]
    about = programme.proposals[act.proposal].subject.name
    choice = mine.choices.get(about)
    package = programme.package(act.proposal)
    found: set[str] = set()
    if act.position == "accepts" and act.strength == "confirmed":
        for name in programme.members(act.proposal) or [act.proposal]:
            other = programme.proposals[name].subject.name
            found |= {
                held for held in mine.packages & programme.packs[other] if name not in programme.members(held)
            }
        if package is not None and choice is not None:
            found.add(choice.proposal)
        return found - {act.proposal}
    if package is not None:
        return mine.packages & {act.proposal}
    if choice is None or choice.proposal != act.proposal:
        return found
    return {
        held for held in mine.packages & programme.packs[about] if act.proposal in programme.members(held)
    }


def check_standing(programme: Programme, party: str, road_map: str) -> None:
    """A party that stands on a text returns it before it changes a stance under it."""
    if not road_map:
        return
    about = f"road_map:{road_map}"
    if closing.closed(programme, about) is not None:
        raise Refused(
            _("The text is closed: both parties have initialled and sealed it. Reopen it together first.")
        )
    if closing.standing(programme, party, about) is not None:
        raise Refused(
            _("%(party)s has initialled this text. Return the road map to refinement first."), party=party
        )


def check_lineage(programme: Programme, lineage: Lineage) -> None:
    """Each step ends road maps that are there, and goes on in such as stay; what is in force stays in it."""
    before = roadmaps.lineage(programme)
    if lineage.steps[: len(before)] != before:
        raise Refused(_("The steps of the charter in force come first, unchanged."))
    gone: set[str] = set()
    for place, step in enumerate(lineage.steps):
        old, new = set(step.old), set(step.new)
        unknown = {name for name in old | new if f"card:{name}" not in programme.on}
        if unknown:
            raise Refused(_("Open these road maps first: %(names)s."), names=", ".join(sorted(unknown)))
        if place >= len(before):
            _check_step(step)
            if again := (old | new) & gone:
                raise Refused(_("The charter ends these already: %(subjects)s."), subjects=_maps(again))
        gone |= old


def _check_step(step: Step) -> None:
    old, new = set(step.old), set(step.new)
    if not old:
        raise Refused(_("Choose the road maps that end."))
    if old & new:
        raise Refused(_("A road map cannot end and go on at once: %(subjects)s."), subjects=_maps(old & new))
    match step.change:
        case "withdraw" if new:
            raise Refused(_("A withdrawn road map goes on in no other; merge it, or let another succeed it."))
        case "merge" if len(new) != 1:
            raise Refused(_("A merger goes on in one road map."))
        case "split" if len(old) != 1 or len(new) < 2:
            raise Refused(_("A division ends one road map and goes on in at least two."))
        case "succeed" if not new:
            raise Refused(_("Choose the road maps that go on."))
        case _:
            pass


def _maps(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(f"road_map:{name}" for name in names))


def check_return(programme: Programme, party: str, act: Return) -> None:
    """A return needs a reason; a closed text is reopened, not returned."""
    if not any(words.strip() for words in act.reason.values()):
        raise Refused(_("Give the reason for which the road map goes back."))
    if closing.closed(programme, f"road_map:{act.road_map}") is not None:
        raise Refused(_("The text is closed. Ask the other party to reopen it: both initial “reopened”."))
    if act.road_map in programme.by[party].returns:
        raise Refused(_("%(party)s has returned this road map already."), party=party)


def check_initial(programme: Programme, party: str, act: Initial) -> None:
    """Initials stand on the composed text as it is now, after the last closing."""
    if act.after != closing.after(programme, act.object):
        raise Stale(_("A closing came while you were reading. Read it, then decide again."))
    road_map = act.object.removeprefix("road_map:")
    returned = [p for p in programme.parties if road_map in programme.by[p].returns]
    if returned and act.text != REOPENED:
        raise Refused(
            _("%(party)s has returned the road map to refinement and has to resume it first."),
            party=", ".join(returned),
        )
    stand = closing.standing(programme, party, act.object)
    if stand is not None and stand.text == act.text:
        raise Refused(_("%(party)s has initialled this text already."), party=party)
    if act.text == REOPENED:
        return
    text = composed_object(programme, act.object)
    if text.missing:
        raise Refused(
            _("The text is not complete: %(first)s (%(count)s points are open)."),
            first=text.missing[0].sentence,
            count=len(text.missing),
        )
    if text.text != act.text:
        raise Stale(_("The text changed while you were reading. Read it, then decide again."))


def check_seal(programme: Programme, party: str, act: Seal) -> None:
    """A seal needs the initials of every party on the same text."""
    base = closing.whole_set(programme, act.object)
    if base is None:
        waiting = [p for p in programme.parties if closing.standing(programme, p, act.object) is None]
        raise Refused(
            _("Not every party has initialled this text: %(parties)s."),
            parties=", ".join(waiting) or _("the initials stand on different texts"),
        )
    if closing.own_seal(programme, party, act.object) is not None:
        raise Refused(_("%(party)s has sealed this text already."), party=party)


# ---------------------------------------------------------------- what an act would bring about


def foresee(programme: Programme, party: str, act: Act) -> list[Sentence]:
    """What a person should know before the click, most important first."""
    match act:
        case TakeStance() if act.proposal in programme.proposals:
            return foresee_stance(programme, party, act)
        case Return():
            return foresee_return(programme, party, act)
        case Propose():
            return foresee_proposal(programme, act)
        case Initial() | Seal():
            return foresee_closing(programme, party, act)
        case _:
            return []


def foresee_stance(programme: Programme, party: str, act: TakeStance) -> list[Sentence]:
    """What follows from a stance."""
    found: list[Sentence] = []
    mine = programme.by[party]
    about = programme.proposals[act.proposal].subject.name
    here = agreement.standing(programme, about)
    full = act.position == "accepts" and act.strength == "confirmed"
    inside = programme.members(act.proposal)
    for name in inside if full else ():
        found += _leaves(programme, mine, name, programme.proposals[name].subject.name, named=True)
    if full and not inside:
        found += _leaves(programme, mine, act.proposal, about)
    elif not full and here.agreed == act.proposal and here.since:
        found.append(Sentence(_("This leaves the words agreed on %(date)s."), {"date": here.since.at[:10]}))
    elif not full and (choice := mine.choices.get(about)) and choice.proposal == act.proposal:
        found.append(Sentence(_("Your former acceptance on this subject ends.")))
    ends = ending(programme, party, act)
    taken = {programme.proposals[name].subject.name for name in inside} if full else set()
    bracketed = [name for name in agreement.resting_on(programme, ends) if name not in {about, *taken}]
    if bracketed:
        found.append(
            Sentence(
                _("A package ends with it; these go back into brackets: %(subjects)s."),
                {"subjects": tuple(bracketed)},
            )
        )
    elif ends - {act.proposal}:
        found.append(Sentence(_("Your acceptance of a package ends with it.")))
    if full:
        found += _outcome(programme, party, act.proposal, here)
    elif act.position == "accepts":
        found.append(Sentence(_("Ad referendum: not agreed before you confirm.")))
    return found


def _leaves(
    programme: Programme, mine: Registers, proposal: str, about: str, *, named: bool = False
) -> list[Sentence]:
    """Which words an acceptance leaves on a subject."""
    here = agreement.standing(programme, about)
    choice = mine.choices.get(about)
    params: dict[str, object] = {"subjects": (about,)} if named else {}
    if here.agreed not in ("", proposal) and here.since:
        params["date"] = here.since.at[:10]
        if named:
            return [Sentence(_("%(subjects)s: this leaves the words agreed on %(date)s."), params)]
        return [Sentence(_("This leaves the words agreed on %(date)s."), params)]
    if choice and choice.proposal != proposal:
        if named:
            return [Sentence(_("%(subjects)s: your former acceptance ends."), params)]
        return [Sentence(_("Your former acceptance on this subject ends."))]
    return []


def _outcome(programme: Programme, party: str, proposal: str, here: agreement.Standing) -> list[Sentence]:
    """What is agreed once the party accepts."""
    if here.agreed == proposal:
        return []
    inside = programme.members(proposal)
    others = [p for p in programme.parties if p != party]
    if not all((c := programme.by[p].choices.get(here.subject)) and c.proposal == proposal for p in others):
        if inside:
            return [Sentence(_("The package holds once every other party accepts it too."))]
        return [Sentence(_("These words are agreed once the other party confirms them too."))]
    about = {here.subject, *(programme.proposals[name].subject.name for name in inside)}
    if any(agreement.reserved(programme, name) for name in about):
        return [Sentence(_("The words are then the same; open reserves still stand."))]
    if inside:
        return [Sentence(_("The package then holds, and its words are agreed."))]
    return [Sentence(_("These words are then agreed."))]


def foresee_return(programme: Programme, party: str, act: Return) -> list[Sentence]:
    """What follows from a return."""
    about = f"road_map:{act.road_map}"
    found: list[Sentence] = []
    stand = closing.standing(programme, party, about)
    if stand is not None:
        found.append(Sentence(_("Your initials on this text end; resuming does not bring them back.")))
        if closing.own_seal(programme, party, about) is not None:
            found.append(
                Sentence(_("You have sealed: until the other party has seen the return, it may complete."))
            )
    found.append(Sentence(_("The road map counts as open until %(party)s resumes it."), {"party": party}))
    return found


def foresee_closing(programme: Programme, party: str, act: Initial | Seal) -> list[Sentence]:
    """What a sealed charter does: it ends road maps."""
    stand = closing.standing(programme, party, act.object)
    lines = act.lines if isinstance(act, Initial) else stand.lines if stand else []
    known = programme.proposals.get(lines[0].removeprefix("charter ")) if lines else None
    if act.object != "charter" or known is None or not isinstance(known.content, Lineage):
        return []
    gone = {old for step in known.content.steps for old in step.old} - set(ended(programme))
    if not gone:
        return []
    ends = {"subjects": _maps(gone)}
    if isinstance(act, Initial):
        return [
            Sentence(_("Once every party has sealed this charter, these road maps end: %(subjects)s."), ends)
        ]
    found = [Sentence(_("After your seal, your own seals on these road maps are void: %(subjects)s."), ends)]
    open_stands = {n for n in gone if closing.standing(programme, party, f"road_map:{n}") is not None}
    if open_stands:
        found.append(
            Sentence(
                _("You have initialled these without sealing; they stay unsealed: %(subjects)s."),
                {"subjects": _maps(open_stands)},
            )
        )
    found.append(Sentence(_("They end for all once every party has sealed. What was final stays final.")))
    return found


def foresee_proposal(programme: Programme, act: Propose) -> list[Sentence]:
    """What a proposal changes against what is agreed now."""
    found: list[Sentence] = []
    try:
        content = content_of(act)
    except ValueError:
        return found
    settled = agreement.agreed(programme, act.subject)
    if proposal_id(act.subject, act.content) == settled:
        found.append(Sentence(_("These words are agreed already.")))
    if isinstance(content, Outline) and settled:
        change = compare_outlines(programme.outline_items(settled), content.items)
        found.append(
            Sentence(
                _("Against the agreed outline: %(new)s inserted, %(gone)s deleted, %(moved)s moved."),
                {"new": len(change.inserted), "gone": len(change.deleted), "moved": len(change.moved)},
            )
        )
    if isinstance(content, (Card, Package)):
        return found
    if settled:
        found.append(Sentence(_("The agreed words stand until both parties accept other ones.")))
    return found
