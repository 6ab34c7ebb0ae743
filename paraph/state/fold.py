"""How does one entry change what is known?

`apply` takes entries in any order in which the past of each comes before it; every such order gives
the same state. Acts without right are void: kept, shown with the reason, without effect.
"""

from dataclasses import replace

from paraph.acts import (
    Ack,
    Act,
    Content,
    Delegate,
    Initial,
    Lift,
    Lineage,
    Notify,
    Package,
    Placed,
    Propose,
    Publish,
    Reserve,
    Resume,
    Return,
    Revoke,
    Rotate,
    Seal,
    Sign,
    TakeStance,
    content_of,
    name_of,
    subject,
    to_json,
)
from paraph.record.authority import successor
from paraph.sentences import Sentence
from paraph.state import forks
from paraph.state.history import abouts, packages_at, subjects
from paraph.state.programme import (
    Choice,
    Grant,
    Programme,
    Proposal,
    Registers,
    Stand,
    key_id,
)
from paraph.state.void import void_because


def apply(programme: Programme, placed: Placed) -> None:
    """Add one entry to what is known."""
    registers = programme.logs[placed.log]
    if placed.n != len(registers.entries):
        raise ValueError(f"{placed.log} entry {placed.n} comes after {len(registers.entries)} entries")
    registers.entries.append(placed)
    programme.applied.append(placed)
    act = placed.act
    if act is None or not programme.understood:
        if placed.trouble not in ("", "closed"):
            programme.voids[placed.log, placed.n] = Sentence(placed.trouble.replace("%", "%%"))
        return
    reason = void_because(programme, placed)
    if reason is None:
        take(programme, registers, placed, act)
    else:
        programme.voids[placed.log, placed.n] = reason
    if programme.shared or (type(act) is Ack and (act.forks or act.accepts)):
        keep_apart(programme)
    if programme.viewed:
        forget(programme, act)


def take(programme: Programme, mine: Registers, placed: Placed, act: Act) -> None:
    """Let an act that is not void have its effect on the registers of its party."""
    match act:
        case TakeStance():
            take_stance(programme, mine, placed, act)
        case Propose():
            propose(programme, mine, placed, act)
        case Publish():
            mine.published[act.road_map] = placed
        case Delegate():
            mine.grants[key_id(act)] = Grant(act, placed.n)
            if former := mine.grants.get(act.instead_of):
                former.passed = placed.n
        case Revoke():
            grant = mine.grants.get(act.key)
            if grant and grant.until is None:
                grant.until = placed.n
        case Reserve():
            mine.reserves.setdefault(act.subject, {})[act.reserve] = placed
        case Lift():
            mine.reserves.get(act.subject, {}).pop(act.reserve, None)
        case Return():
            mine.returns[act.road_map] = placed
            leave(mine, f"road_map:{act.road_map}", None, placed)
        case Resume():
            mine.returns.pop(act.road_map, None)
        case Initial():
            initial(mine, placed, act)
        case Seal():
            seal(programme, mine, placed, act)
        case Sign():
            mine.signed[act.object, act.text] = placed
        case Notify():
            mine.notified[act.object, act.text] = placed
        case Rotate():
            programme.keys[placed.log].append(successor(programme.keys[placed.log][-1], to_json(act)))
        case Ack():
            if act.forks or act.accepts:
                forks.note(programme, placed, act)
        case _:  # found, join, remark, report, assess, forecast, attest change no register
            pass


# ---------------------------------------------------------------- logs with two histories


def keep_apart(programme: Programme) -> None:
    """Let only what its histories share count of a log that has two."""
    for log in programme.forks:
        count = forks.shared(programme, log)
        if count is None:
            programme.shared.pop(log, None)
            programme.by[log] = programme.logs[log]
        elif programme.shared.get(log) != count or len(programme.logs[log].entries) <= count:
            programme.shared[log] = count
            programme.by[log] = soft_registers(programme, log, count)
    programme.forget()


def soft_registers(programme: Programme, log: str, count: int) -> Registers:
    """What the first entries of a log say; closings, full powers and what is kept stay whole."""
    soft = replace(
        programme.logs[log],
        stances={},
        words={},
        choices={},
        packages=set(),
        reserves={},
        returns={},
        signed={},
        notified={},
        published={},
        proposed={},
    )
    for placed in soft.entries[:count]:
        if (log, placed.n) in programme.voids:
            continue
        match placed.act:
            case Propose():
                speak(soft, placed, placed.act)
                soft.proposed[name_of(placed.act)] = placed.n
            case Return():
                soft.returns[placed.act.road_map] = placed
            case TakeStance() | Publish() | Reserve() | Lift() | Resume() | Sign() | Notify():
                take(programme, soft, placed, placed.act)
            case _:
                pass
    return soft


# ---------------------------------------------------------------- proposals and stances


def propose(programme: Programme, mine: Registers, placed: Placed, act: Propose) -> None:
    """Make the proposal known; its author has spoken on the subject."""
    name = name_of(act)
    known = programme.proposals.get(name)
    if known is None:
        content = content_of(act)
        members = content.members if isinstance(content, Package) else []
        known = Proposal(name, subject(act.subject), content, complete(programme, content), members)
        programme.proposals[name] = known
        programme.on[act.subject].append(name)
        programme.maps[known.subject.road_map].add(act.subject)
        for member in members:
            programme.packs[programme.proposals[member].subject.name].add(name)
    known.first.setdefault(placed.log, placed.n)
    known.last[placed.log] = placed.n
    for language, words in act.translations.items():
        if language not in programme.authentic:  # there only what is proposed counts, and may be agreed
            known.translations.setdefault(language, {})[placed.log] = words
    speak(mine, placed, act)


def speak(mine: Registers, placed: Placed, act: Propose) -> None:
    """Who proposes has spoken on the subject; who puts down the words of another has not."""
    if not act.received_from:
        mine.words[act.subject] = placed


def complete(programme: Programme, content: Content) -> bool:
    """Say whether there are words in every authentic language."""
    for part in content.texts:
        for language in programme.authentic:
            if language not in part:
                return False
    return True


def take_stance(programme: Programme, mine: Registers, placed: Placed, act: TakeStance) -> None:
    """Record the stance, and move the party's choice where it is a full acceptance or less on it."""
    proposal = programme.proposals[act.proposal]
    about = proposal.subject.name
    mine.stances[act.proposal] = placed
    mine.words[about] = placed
    members = proposal.members
    for member in members:
        mine.words[programme.proposals[member].subject.name] = placed
    if act.position == "accepts" and act.strength == "confirmed":
        if members:
            former = mine.choices.get(about)
            if former and former.proposal != act.proposal:
                end_packages(programme, mine, {former.proposal})
            mine.choices[about] = Choice(act.proposal, placed, direct=True)
            mine.packages.add(act.proposal)
            for member in members:
                choose(programme, mine, member, placed, direct=False)
        else:
            choose(programme, mine, act.proposal, placed, direct=True)
    elif members:
        if act.proposal in mine.packages:
            end_packages(programme, mine, {act.proposal})
    else:
        choice = mine.choices.get(about)
        if choice and choice.proposal == act.proposal:
            del mine.choices[about]
            end_packages(programme, mine, packages_with(programme, mine, act.proposal))


def choose(programme: Programme, mine: Registers, proposal: str, placed: Placed, *, direct: bool) -> None:
    """Make the proposal the party's choice on its subject, and end its former one."""
    about = programme.proposals[proposal].subject.name
    former = mine.choices.get(about)
    if former is None or former.proposal != proposal:
        if mine.packages:
            theirs = mine.packages & programme.packs[about]
            end_packages(
                programme, mine, {name for name in theirs if proposal not in programme.members(name)}
            )
        mine.choices[about] = Choice(proposal, placed, direct)
    elif direct and not former.direct:
        former.direct = True


def end_packages(programme: Programme, mine: Registers, names: set[str]) -> None:
    """End the party's acceptance of packages, and every choice that rests on them alone."""
    mine.packages -= names
    for name in names:
        mine.choices.pop(programme.proposals[name].subject.name, None)
        for member in programme.members(name):
            about = programme.proposals[member].subject.name
            choice = mine.choices.get(about)
            if choice is None or choice.direct:
                continue
            if not packages_with(programme, mine, choice.proposal):
                del mine.choices[about]


def packages_with(programme: Programme, mine: Registers, proposal: str) -> set[str]:
    """The packages accepted by the party that contain the proposal."""
    about = programme.proposals[proposal].subject.name
    return {name for name in mine.packages & programme.packs[about] if proposal in programme.members(name)}


# ---------------------------------------------------------------- closings


def initial(mine: Registers, placed: Placed, act: Initial) -> None:
    """From here the party stands on this text, and leaves what it stood on before."""
    stands = mine.stands.setdefault((act.object, act.after), [])
    last = stands[-1] if stands else None
    if last and last.left is None and (last.text, last.charter) == (act.text, act.charter):
        return
    leave(mine, act.object, act.after, placed)
    stands.append(Stand(act.object, act.after, act.charter, act.text, list(act.lines), placed))


def leave(mine: Registers, about: str, after: str | None, placed: Placed) -> None:
    """End what the party stands on for this object; `after` None means after any closing."""
    for (name, former), stands in mine.stands.items():
        if name == about and after in (None, former) and stands and stands[-1].left is None:
            stands[-1].left = placed


def seal(programme: Programme, mine: Registers, placed: Placed, act: Seal) -> None:
    """Keep the seal; a sealed charter ends road maps for the seals that follow in this log."""
    mine.seals.setdefault((act.object, act.after), []).append(placed)
    if act.object == "charter":
        for stand in mine.stands.get((act.object, act.after), []):
            if stand.text == act.text and stand.lines:
                proposal = programme.proposals.get(stand.lines[0].removeprefix("charter "))
                if proposal is None or not proposal.known_to(placed):
                    continue  # others may hold it, or not yet: what is not in the past ends nothing
                if isinstance(proposal.content, Lineage):
                    mine.ended |= {old for step in proposal.content.steps for old in step.old}


# ---------------------------------------------------------------- what was derived


def forget(programme: Programme, act: Act) -> None:
    """Forget what was derived from what the act is about."""
    for name in abouts(programme, act):
        programme.touch(name)
        for package in packages_at(programme, name):  # a package stands or falls with its members
            touched = (programme.proposals[package].subject, *subjects(programme, package))
            programme.touch(*(about.name for about in touched))
