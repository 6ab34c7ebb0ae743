"""Which outline does a file propose: with what is new, without what went, in the order of the file?"""

from collections.abc import Sequence
from typing import Any

from paraph.acts import Propose, proposal_id
from paraph.papers.returned.basis import Basis
from paraph.papers.returned.found import Candidate, Known
from paraph.papers.returned.fresh import New
from paraph.papers.returned.languages import PENDING, key_of, lacking
from paraph.papers.returned.words import holds_bracket
from paraph.sentences import Sentence, _
from paraph.state import agreement
from paraph.text import outline as order
from paraph.text.errors import TextRefused

Items = list[tuple[int, str]]  # level and item, in reading order


def outline(basis: Basis, party: str, came: Sequence[str], gone: set[str], fresh: Sequence[New]) -> None:
    """
    Put forward new provisions, and an outline with them, without what went, in the order of the file.

    Args:
        basis: of the file.
        party: whose changes these are.
        came: the provisions of the file in its order.
        gone: the items that it leaves out.
        fresh: what it brings.
    """
    base = list(basis.now.outline_items(basis.map.outline_proposal)) if basis.map.outline_proposal else []
    listed = {item for _level, item in base}
    new = [one for one in fresh if one.item not in listed]
    basis.found.unchanged += len(fresh) - len(new)  # put forward before
    items = _inserted(_without(basis, _reordered(base, came), gone, listed), new, came)
    if items == base:
        return
    try:
        order.check_outline(items)
    except TextRefused as refused:
        basis.trouble(Known(f"outline:{basis.map.id}", "", "", True, ()), refused.sentence)
        return
    change = order.compare_outlines(base, items)
    content = {"items": [[level, item] for level, item in items]}
    act = _act(basis, party, content)
    if proposal_id(act.subject, content) in agreement.live(basis.now, act.subject):
        return
    said = _("%(new)s inserted, %(gone)s deleted, %(moved)s moved.")
    counts = {"new": len(change.inserted), "gone": len(change.deleted), "moved": len(change.moved)}
    lost = "; ".join(_title(_named(basis, item)) for item in change.deleted)
    moved = "; ".join(_title(_named(basis, item)) for item in change.moved)
    news = "\n".join(one.text for one in new)
    acts = [said for one in new for said in one.acts]
    sentences = [Sentence(said, counts)]
    if holds_bracket(news):
        sentences.append(Sentence(_("Square brackets would stand in these words as signs.")))
    if lost:
        sentences.append(Sentence(_("Deleted: %(names)s"), {"names": lost}))
    if moved:
        sentences.append(Sentence(_("Moved: %(names)s"), {"names": moved}))
    notes = [said for one in new for said in one.notes]
    sentences += [said for at, said in enumerate(notes) if said not in notes[:at]]
    if any(lacking(basis.now, one.content) for one in acts):
        sentences.append(Sentence(PENDING))
    wanted = (basis.given.origin is not None or not change.deleted) and not holds_bracket(news)
    basis.found.candidates.append(
        Candidate(
            key_of(party, act.subject, repr(items)), party, "outline", act.subject, "", "", news,
            (*acts, act), tuple(sentences), wanted=wanted,
        )
    )  # fmt: skip


def _without(basis: Basis, items: Items, gone: set[str], listed: set[str]) -> Items:
    """The items without what went, the last one first, so that a section goes after what stands in it."""
    for item in sorted(gone - listed):
        outside = _("This is not in the outline yet. Who does not want it there declines it on its page.")
        basis.trouble(_named(basis, item), Sentence(outside))
    for item in [item for _level, item in reversed(items) if item in gone]:
        try:
            items = order.remove(items, item)
        except TextRefused as refused:
            basis.trouble(_named(basis, item), refused.sentence)
    return items


def _inserted(items: Items, new: Sequence[New], came: Sequence[str]) -> Items:
    """The items with what is new, each behind what stands before it in the file and in the outline."""
    behind: dict[str, str] = {}
    listed = {item for _level, item in items}
    sections = {one.item for one in new if one.heading}
    for one in new:
        before = came[: came.index(one.before) + 1] if one.before in came else [one.before]
        after = behind.get(one.before) or next((item for item in reversed(before) if item in listed), "")
        if one.measure:
            after = after or next(
                (item for _level, item in reversed(items) if _is_measure(item)),
                items[-1][1] if items else "",
            )
            level = next((at for at, item in items if item == after and _is_measure(item)), 1)
        else:
            level = _level(items, after, one.heading) + (after in sections and not one.heading)
        items = order.insert_after(items, after, one.item, level)
        behind[one.before] = one.item
    return items


def _act(basis: Basis, party: str, content: dict[str, Any]) -> Propose:
    about = f"outline:{basis.map.id}"
    others = "" if party == basis.me else party
    seen = agreement.seen(basis.now, about) if about in basis.now.on else ""
    return Propose(about, content, replaces=basis.map.outline_proposal, received_from=others, seen=seen)


def _named(basis: Basis, item: str) -> Known:
    """An item of the outline by its first subject."""
    return next((one for one in basis.known.values() if one.item == item), Known(item, item, "", True, ()))


def _is_measure(item: str) -> bool:
    return item.startswith("measure:")


def _title(one: Known) -> str:
    name = one.wordings[0].heading or one.wordings[0].words[:60] if one.wordings else ""
    return f"{one.number} {name}".strip()


def _reordered(base: Items, came: Sequence[str]) -> Items:
    """The outline in the order of the file, where the file has another."""
    place = {item: at for at, (_level, item) in enumerate(base)}
    listed = [item for item in came if item in place]
    if listed == sorted(listed, key=place.__getitem__):
        return base
    items = list(base)
    for before, item in zip(["", *listed], listed, strict=False):
        at = {name: i for i, (_level, name) in enumerate(items)}
        if before and at[item] < at[before]:
            try:
                items = order.move(items, item, before)
            except TextRefused:
                continue
    return items


def _level(items: Items, after: str, heading: bool) -> int:
    """A heading opens a section; a provision stands beside the one before it, or in its section."""
    levels = {item: level for level, item in items}
    if heading or not after:
        return 1
    names = [item for _level_, item in items]
    at = names.index(after) if after in levels else -1
    deeper = at >= 0 and at + 1 < len(items) and items[at + 1][0] > levels[after]
    return levels.get(after, 1) + (1 if deeper else 0)
