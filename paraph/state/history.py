"""Which entries are about a subject, a road map or an object?

Asked for by pages only, so entries are filed when somebody asks: loading a large record need not.
"""

from collections.abc import Iterable

from paraph.acts import (
    Act,
    Initial,
    Lift,
    Notify,
    Placed,
    Propose,
    Publish,
    Remark,
    Reserve,
    Resume,
    Return,
    Seal,
    Sign,
    Subject,
    TakeStance,
    subject,
)
from paraph.state.programme import Programme


def history(programme: Programme, about: str) -> list[Placed]:
    """The entries about it, void ones too, in the order in which they were applied."""
    for placed in programme.applied[programme.filed :]:
        if placed.act is not None:
            for name in abouts(programme, placed.act):
                programme.files[name].append(placed)
    programme.filed = len(programme.applied)
    return programme.files.get(about, [])


def abouts(programme: Programme, act: Act) -> list[str]:
    """The subjects, road maps and objects that an act is about."""
    match act:
        case TakeStance():
            if act.proposal not in programme.proposals:
                return []
            about = [programme.proposals[act.proposal].subject, *subjects(programme, act.proposal)]
        case Propose() | Reserve() | Lift() | Remark():
            try:
                about = [subject(act.subject)]
            except ValueError:  # void
                return []
        case Return() | Resume() | Publish():
            return [f"road_map:{act.road_map}"]
        case Initial() | Seal() | Sign() | Notify():
            return [act.object]
        case _:
            return []
    rooms = {one.room for one in about}
    for one in about:
        for package in packages_at(programme, one.name):  # a package stands or falls with its members
            rooms |= {member.room for member in subjects(programme, package)}
    return [*(one.name for one in about), *sorted(rooms - {""})]


def packages_at(programme: Programme, about: str) -> Iterable[str]:
    """The packages that stand on a subject, or have a member on it."""
    return programme.on.get(about, ()) if about.startswith("package:") else programme.packs.get(about, ())


def subjects(programme: Programme, package: str) -> list[Subject]:
    """The subjects of the proposals that a package holds together."""
    return [
        programme.proposals[member].subject
        for member in programme.members(package)
        if member in programme.proposals
    ]
