"""Which entries have no effect, and why?

A verdict reads the entry's own past and nothing else, so every node reaches the same one. A void
entry stays in the record and blocks nothing.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import msgspec

from paraph.acts import (
    BY_NODE,
    BY_ROOT,
    REOPENED,
    Ack,
    Act,
    Change,
    Content,
    Delegate,
    Forecast,
    Found,
    Initial,
    Join,
    Lift,
    Notify,
    Outline,
    Package,
    Placed,
    Propose,
    Publish,
    Remark,
    Reserve,
    Resume,
    Return,
    Revoke,
    Rotate,
    Seal,
    Sign,
    Subject,
    TakeStance,
    content_of,
    name_of,
    subject,
    to_json,
)
from paraph.record.authority import successor
from paraph.record.errors import Malformed
from paraph.sentences import Sentence, Told, _
from paraph.state.closing import bound_in, root_of
from paraph.state.programme import Programme, Registers, key_id
from paraph.text.canonical import canonical
from paraph.text.errors import TextRefused
from paraph.text.outline import check_outline

POWER = {Initial: "initial", Seal: "seal", Sign: "sign", Notify: "sign"}  # others: "negotiate"


class _Void(Told):
    """Why it has no effect."""


def void_because(programme: Programme, placed: Placed) -> Sentence | None:
    """Why the entry has no effect, or None where it has."""
    if placed.act is None:
        return None
    if placed.trouble:
        return Sentence("%(trouble)s", {"trouble": placed.trouble})
    mine = programme.logs[placed.log]
    try:
        check_right(programme, mine, placed, placed.act)
        check = MEANING.get(type(placed.act), check_others)
        if check is not None:
            check(programme, mine, placed, placed.act)
    except _Void as void:
        return void.sentence
    return None


def check_right(programme: Programme, mine: Registers, placed: Placed, act: Act) -> None:
    """The key may do this at this place of the log."""
    kind = type(act)
    if kind in BY_ROOT:
        if isinstance(act, Revoke) and placed.by == programme.keys[placed.log][-1].node.id:
            ending = mine.grants.get(act.key)
            if ending is None or not ending.act.until:
                raise _Void(_("only root keys end full powers that were not given for a term"))
            return
        if placed.by not in programme.keys[placed.log][-1].roots:
            raise _Void(_("only the root keys of %(party)s may do this"), party=placed.log)
        return
    if kind in BY_NODE:
        if placed.by != programme.keys[placed.log][-1].node.id:
            raise _Void(_("only the node of %(party)s may write this"), party=placed.log)
        return
    grant = mine.grants.get(placed.by)
    if grant is None:
        raise _Void(_("the key has no full powers of %(party)s"), party=placed.log)
    if grant.until is not None:
        raise _Void(_("the key was revoked in entry %(entry)s"), entry=grant.until)
    power = POWER.get(kind, "negotiate")
    if power not in grant.act.powers:
        raise _Void(_("the full powers do not cover this act: %(power)s"), power=power)
    if grant.passed is not None and power != "negotiate":
        raise _Void(_("this is done with the passkey certified in entry %(entry)s"), entry=grant.passed)
    if grant.act.road_maps is not None:
        if concerns_all(programme, placed, act):
            raise _Void(_("the full powers cover some road maps only"))
        for road_map in sorted(road_maps_of(programme, placed, act)):
            if road_map not in grant.act.road_maps:
                raise _Void(_("the full powers do not cover the road map %(map)s"), map=road_map)
    if grant.act.ad_referendum_only and (
        power != "negotiate"
        or (isinstance(act, TakeStance) and act.position == "accepts" and act.strength == "confirmed")
    ):
        raise _Void(_("the full powers allow acceptance ad referendum only"))


def concerns_all(programme: Programme, placed: Placed, act: Act) -> bool:
    """Say whether the act, or a member of its package, is about the programme and not about road maps."""
    if isinstance(act, Initial | Seal | Sign | Notify):
        return not act.object.startswith("road_map:")
    if isinstance(act, Forecast):
        return not forecast_map(act)
    return any(not one.road_map and one.kind != "package" for one in subjects_of(programme, placed, act))


def road_maps_of(programme: Programme, placed: Placed, act: Act) -> set[str]:
    """The road maps that an act is about; a package touches those of all its members."""
    match act:
        case Return() | Resume():
            return {act.road_map}
        case Forecast():
            return {forecast_map(act)} - {""}
        case Initial() | Seal() | Sign() | Notify() if act.object.startswith("road_map:"):
            return {act.object.removeprefix("road_map:")}
    return {one.road_map for one in subjects_of(programme, placed, act)} - {""}


def subjects_of(programme: Programme, placed: Placed, act: Act) -> list[Subject]:
    """
    The subjects that an act is about, with those of its package, whatever stands in its fields.

    A proposal outside the past of the entry says nothing: others may hold it, or not yet.
    """
    match act:
        case TakeStance():
            proposal = programme.proposals.get(act.proposal)
            if proposal is None or not proposal.known_to(placed):
                return []
            members: object = proposal.members
            found = [proposal.subject]
        case Propose() | Reserve() | Lift() | Remark():
            try:
                found = [subject(act.subject)]
            except ValueError:
                return []
            members = act.content.get("members") if isinstance(act, Propose) else []
        case _:
            return []
    named = [programme.proposals.get(name) for name in _names(members)]
    return [*found, *(proposal.subject for proposal in named if proposal and proposal.known_to(placed))]


def _names(members: object) -> list[str]:
    return [name for name in members if isinstance(name, str)] if isinstance(members, list) else []


def check_stance(programme: Programme, mine: Registers, placed: Placed, act: TakeStance) -> None:
    """The proposal was known; it can be fully accepted once it has words in every authentic language."""
    proposal = programme.proposals.get(act.proposal)
    if proposal is None or not proposal.known_to(placed):
        raise _Void(_("the proposal was not known when the stance was written"))
    if (act.position == "accepts" and act.strength == "confirmed") and not (
        proposal.complete and not (proposal.members and _incomplete(programme, proposal.members))
    ):
        raise _Void(_("the proposal lacks words in an authentic language: concordance pending"))


def check_others(programme: Programme, mine: Registers, placed: Placed, act: Act) -> None:
    """What the rarer acts speak of lies in their past and is well formed."""
    match act:
        case Found() | Join():
            if placed.n or act.charter != programme.charter.prog:
                raise _Void(_("a log begins once, under the charter of the programme"))
        case Rotate():
            try:
                successor(programme.keys[placed.log][-1], to_json(act))
            except Malformed as error:
                raise _Void(_("the keys do not pass on: %(error)s"), error=error.message) from None
        case Delegate():
            check_delegate(mine, act)
        case Revoke():
            if act.key not in mine.grants:
                raise _Void(_("the key was never given full powers"))
        case Reserve():
            check_subject(programme, placed, act.subject)
        case Remark():
            check_subject(programme, placed, act.subject)
            if act.change is not None:
                check_change(programme, placed, act.subject, act.change)
        case Lift():
            if act.reserve not in mine.reserves.get(act.subject, {}):
                raise _Void(_("there is no such reserve of %(party)s to lift"), party=placed.log)
        case Return():
            check_road_map(programme, placed, act.road_map)
        case Resume():
            if act.road_map not in mine.returns:
                raise _Void(_("%(party)s has not returned this road map"), party=placed.log)
        case Initial():
            check_initial(programme, mine, placed, act)
        case Seal():
            stands = mine.stands.get((act.object, act.after), [])
            if not stands or stands[-1].left is not None or stands[-1].text != act.text:
                raise _Void(_("%(party)s does not stand on this text"), party=placed.log)
            if act.object.removeprefix("road_map:") in mine.ended:
                raise _Void(_("%(party)s has sealed a charter that ends this road map"), party=placed.log)
        case Sign() | Notify():
            cut = {**placed.past, placed.log: placed.n}
            if act.text not in bound_in(programme, act.object, cut):
                raise _Void(_("this text was not bound when the act was written"))
        case Forecast():
            check_forecast(programme, placed, act)
        case _:
            pass


def _incomplete(programme: Programme, members: Iterable[str]) -> bool:
    """Say whether a member of a package lacks words in an authentic language."""
    return not all(programme.proposals[name].complete for name in members)


def check_delegate(mine: Registers, act: Delegate) -> None:
    """A revoked key never comes back; a key has one grant."""
    try:
        name = key_id(act)
    except Malformed:
        raise _Void(_("this is not a public key")) from None
    if name in mine.grants:
        raise _Void(_("the key already has full powers, or had them and was revoked"))
    if act.until and not is_date(act.until):
        raise _Void(_("a term ends on a date like 2027-06-30"))
    former = mine.grants.get(act.instead_of)
    if act.instead_of and (not act.passkey or former is None or former.until is not None):
        raise _Void(_("only a passkey takes the place of another key, and of one that holds"))


def is_date(written: str) -> bool:
    """Say whether a date is written 2027-06-30 and exists."""
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def forecast_map(act: Forecast) -> str:
    """The road map that a forecast is about; "" where it is about all."""
    return act.question.partition(":")[2]


def check_forecast(programme: Programme, placed: Placed, act: Forecast) -> None:
    """It answers a known question in rising integers, from entries of its past."""
    kind, _colon, road_map = act.question.partition(":")
    if kind != "agreed":
        raise _Void(_("a forecast says when all, or one road map, will be agreed"))
    if road_map:
        check_road_map(programme, placed, road_map)
    past = {**placed.past, placed.log: placed.n}
    if any(not 0 <= size <= past.get(log, 0) for log, size in act.heads.items()):
        raise _Void(_("it was derived from entries that its party did not hold when it was written"))
    shares = [(int(share) if share.isdigit() else 0, days) for share, days in act.quantiles.items()]
    days = [day for _share, day in sorted(shares)]
    if (
        not all(0 < share < 1000 for share, _day in shares)
        or days != sorted(days)
        or min(days, default=0) < 0
    ):
        raise _Void(_("its days do not rise with their shares of the futures"))
    dates = [*act.chances, *([act.as_of] if act.as_of else [])]
    if not all(map(is_date, dates)) or not all(0 <= chance <= 1000 for chance in act.chances.values()):
        raise _Void(_("its chances are not per mille by a date"))


def check_road_map(programme: Programme, placed: Placed, road_map: str) -> None:
    """The road map had been opened in the past of the entry."""
    if not known(programme, placed, f"card:{road_map}"):
        raise _Void(_("the road map %(map)s was not known when this was written"), map=road_map)


def check_subject(programme: Programme, placed: Placed, name: str) -> None:
    """Somebody had proposed something on the subject in the past of the entry."""
    if not known(programme, placed, name):
        raise _Void(_("nothing had been proposed on this subject when this was written"))


def check_change(programme: Programme, placed: Placed, name: str, change: Change) -> None:
    """Both proposals stand on the subject and were known in the past of the entry."""
    for one in (change.old, change.new):
        proposal = programme.proposals.get(one)
        if proposal is None or proposal.subject.name != name or not proposal.known_to(placed):
            raise _Void(_("the words of the change were not known on this subject when it was classed"))


def known(programme: Programme, placed: Placed, name: str) -> bool:
    """Say whether somebody had proposed something on the subject in the past of the entry."""
    for proposal in programme.on.get(name, ()):  # noqa: SIM110 - a plain loop: this is asked for every entry
        if programme.proposals[proposal].known_to(placed):
            return True
    return False


def check_initial(programme: Programme, mine: Registers, placed: Placed, act: Initial) -> None:
    """The lines give the fingerprint, and the charter is one that the party lives under."""
    if act.object.startswith("road_map:"):
        check_road_map(programme, placed, act.object.removeprefix("road_map:"))
    elif act.object != "charter" and not act.object.startswith("decision:"):
        raise _Void(_("this cannot be initialled"))
    if act.text == REOPENED:
        if not act.after or act.lines:
            raise _Void(_("only what was closed can be opened again"))
    elif not act.lines or root_of(act.lines) != act.text:
        raise _Void(_("the lines do not give this fingerprint"))
    own = {seal.act.text for seals in _charter_seals(mine) for seal in seals if isinstance(seal.act, Seal)}
    if act.charter != programme.charter.prog and act.charter not in own:
        raise _Void(_("%(party)s has not sealed this charter"), party=placed.log)


def _charter_seals(mine: Registers) -> list[list[Placed]]:
    return [seals for (about, _after), seals in mine.seals.items() if about == "charter"]


# ---------------------------------------------------------------- contents of proposals


def check_proposal(programme: Programme, mine: Registers, placed: Placed, act: Propose) -> None:
    """The content is of the subject's kind, in canonical words, and rests on things of its past."""
    name = name_of(act)
    before = programme.proposals.get(name)
    try:
        content = before.content if before else content_of(act)
        about = before.subject if before else subject(act.subject)
    except (ValueError, msgspec.ValidationError) as error:
        raise _Void(_("the content is malformed: %(error)s"), error=str(error)) from None
    if act.received_from and act.received_from not in set(programme.parties) - {placed.log}:
        raise _Void(_("words are received from another party of the programme"))
    if not before:  # equal words were checked before
        check_words(programme, content)
    if about.room and about.kind != "card":
        check_road_map(programme, placed, about.road_map)
    match content:
        case Outline():
            try:
                check_outline(tuple((level, item) for level, item in content.items))
            except TextRefused as error:
                raise _Void(_("the outline is malformed: %(error)s"), error=str(error)) from None
        case Package():
            check_package(programme, placed, content)
        case _:
            pass


def check_package(programme: Programme, placed: Placed, content: Package) -> None:
    """Members are proposals of the past, on different subjects, none a package or a charter."""
    seen: set[str] = set()
    if len(content.members) < 2:
        raise _Void(_("a package needs at least two proposals"))
    for name in content.members:
        member = programme.proposals.get(name)
        if member is None or not member.known_to(placed):
            raise _Void(_("a member of the package was not known when it was written"))
        if member.subject.kind in ("package", "charter"):
            raise _Void(_("a package cannot hold a package or a charter"))
        if member.subject.name in seen:
            raise _Void(_("two members of the package are on the same subject"))
        seen.add(member.subject.name)


def check_words(programme: Programme, content: Content) -> None:
    """All words are canonical and in authentic languages; translations stand beside."""
    for part in content.texts:
        for language, words in part.items():
            if language not in programme.authentic:
                raise _Void(_("%(language)s is not an authentic language"), language=language)
            try:
                if canonical(words) != words:
                    raise _Void(_("the words are not in canonical form"))
            except TextRefused as error:
                raise _Void(_("the words are refused: %(error)s"), error=str(error)) from None


# What the most frequent acts have to mean; of the others `check_others` asks.
MEANING: dict[type[Act], Callable[[Programme, Registers, Placed, Any], None] | None] = {
    TakeStance: check_stance,
    Propose: check_proposal,
    Publish: None,
    Ack: None,
}
