"""When are initials, seals and returns a closing that nothing undoes?

A text is bound when one set of initials, one of each party, is sealed by every party still standing
on its own, each seal having the whole set in its past and nobody's leaving. A seal thereby names
exactly one set: the stands that are open in its past. (Vienna Convention, articles 10 and 12.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paraph.acts import REOPENED, Initial, Placed, Seal
from paraph.record.merkle import Tree
from paraph.state import forks
from paraph.state.programme import Programme, Stand


@dataclass(frozen=True, slots=True)
class Closing:
    """A text that is bound: with the initials and the seals that make it so."""

    object: str
    after: str
    charter: str
    text: str
    stands: tuple[Stand, ...]  # in the order of the parties
    seals: tuple[Placed, ...]

    @property
    def lines(self) -> list[str]:
        """The lines of the text, of which `text` is the root."""
        return self.stands[0].lines

    def by(self, party: str) -> tuple[Stand, Placed]:
        """The initials and the seal of a party."""
        place = next(i for i, stand in enumerate(self.stands) if stand.placed.log == party)
        return self.stands[place], self.seals[place]


def root_of(lines: list[str]) -> str:
    """H: the Merkle root of the lines of a composed text, hex."""
    tree = Tree()
    for line in lines:
        tree.append(line.encode())
    return tree.root().hex()


def closings(programme: Programme, about: str) -> list[Closing]:
    """The chain of closings of an object, oldest first: the first text bound after each."""
    return programme.view("closings", about, lambda: chain(programme, about, programme.sizes()))


def closed(programme: Programme, about: str) -> Closing | None:
    """The closing in force: the last of the chain, unless that one reopened the object."""
    found = closings(programme, about)
    return found[-1] if found and found[-1].text != REOPENED else None


def after(programme: Programme, about: str) -> str:
    """What the next initials on the object have to name as the closing before them."""
    found = closings(programme, about)
    return link(found[-1], found[:-1]) if found else ""


def link(closing: Closing, earlier: Sequence[Closing]) -> str:
    """How the next closing names this one: by its text; a reopening, and a text closed again, by more."""
    if closing.text == REOPENED or closing.text in {old.text for old in earlier}:
        return root_of([closing.object, closing.after, closing.text])
    return closing.text


def chain(programme: Programme, about: str, cut: Mapping[str, int]) -> list[Closing]:
    """The closings within the first `cut` entries of each log."""
    found: list[Closing] = []
    before = ""
    while True:
        first = min(
            bound_after(programme, about, before, cut),
            key=lambda closing: [seal.n for seal in closing.seals],
            default=None,
        )
        if first is None:
            return found
        before = link(first, found)
        found.append(first)


def bound_in(programme: Programme, about: str, cut: Mapping[str, int]) -> set[str]:
    """The texts of the object that are bound within that cut."""
    return {closing.text for closing in chain(programme, about, cut)}


def bound_after(programme: Programme, about: str, before: str, cut: Mapping[str, int]) -> list[Closing]:
    """Every text of the object that is bound after the closing `before`, within that cut."""
    if len(programme.parties) < 2:
        return []
    sealed: dict[tuple[int, ...], dict[str, Placed]] = {}
    stands: dict[tuple[int, ...], tuple[Stand, ...]] = {}
    for party in programme.parties:
        for seal in programme.by[party].seals.get((about, before), []):
            if seal.n >= cut.get(party, 0) or not isinstance(seal.act, Seal):
                continue
            if not forks.counts(programme, seal, cut):
                continue
            base = initials_under(programme, seal, seal.act)
            if base is not None:
                key = tuple(stand.placed.n for stand in base)
                sealed.setdefault(key, {}).setdefault(party, seal)
                stands[key] = base
    return [
        Closing(
            about,
            before,
            base[0].charter,
            base[0].text,
            base,
            tuple(sealed[key][party] for party in programme.parties),
        )
        for key, base in stands.items()
        if len(sealed[key]) == len(programme.parties)
    ]


def initials_under(programme: Programme, seal: Placed, act: Seal) -> tuple[Stand, ...] | None:
    """The one set of initials that the seal covers: what every party stands on in its past."""
    base: list[Stand] = []
    for party in programme.parties:
        cut = seal.n if party == seal.log else seal.past.get(party, 0)
        stand = next(
            (
                stand
                for stand in programme.by[party].stands.get((act.object, act.after), [])
                if stand.open_at(cut)
            ),
            None,
        )
        if stand is None or stand.text != act.text or (base and stand.charter != base[0].charter):
            return None
        base.append(stand)
    return tuple(base)


def standing(programme: Programme, party: str, about: str) -> Stand | None:
    """What the party stands on now, after the last closing."""
    stands = programme.by[party].stands.get((about, after(programme, about)), [])
    if party in programme.shared:
        known = forks.acknowledged(programme, party, programme.sizes())
        return next((stand for stand in stands if stand.open_at(known)), None)
    return stands[-1] if stands and stands[-1].left is None else None


def whole_set(programme: Programme, about: str) -> tuple[Stand, ...] | None:
    """The initials of all parties on one and the same text, or None."""
    found = [standing(programme, party, about) for party in programme.parties]
    if len(found) < 2 or any(stand is None for stand in found):
        return None
    base = tuple(stand for stand in found if stand is not None)
    same = len({(stand.text, stand.charter) for stand in base}) == 1
    return base if same else None


def own_seal(programme: Programme, party: str, about: str) -> Placed | None:
    """The party's seal over what it stands on now."""
    stand = standing(programme, party, about)
    if stand is None:
        return None
    for seal in programme.by[party].seals.get((about, stand.after), []):
        if isinstance(seal.act, Seal) and seal.n > stand.placed.n and seal.act.text == stand.text:
            return seal
    return None


def final(programme: Programme, party: str | None, about: str) -> bool:
    """Say whether the closing in force is final at this party's node: its log knows every seal."""
    closing = closed(programme, about)
    return closing is not None and is_final(programme, party, closing)


def is_final(programme: Programme, party: str | None, closing: Closing) -> bool:
    """Say whether a closing is final at a party's node; for an observer, whether others know every seal."""
    if party is None:
        sizes = programme.sizes()
        return all(seal.n < forks.acknowledged(programme, seal.log, sizes) for seal in closing.seals)
    entries = programme.by[party].entries
    if not entries:
        return False
    last = entries[-1]
    return all(seal.log == party or last.knew(seal.log, seal.n) for seal in closing.seals)


def may_still_be_completed(programme: Programme, about: str) -> list[str]:
    """The parties that, not having seen a return of a sealed text, may still complete it."""
    before = after(programme, about)
    found: list[str] = []
    for party in programme.parties:
        stands = programme.by[party].stands.get((about, before), [])
        if not stands or stands[-1].left is None:
            continue
        left = stands[-1].left
        sealed = any(
            stands[-1].placed.n < seal.n < left.n
            for seal in programme.by[party].seals.get((about, before), [])
        )
        if sealed:
            found += [
                other for other in programme.parties if other != party and not knows(programme, other, left)
            ]
    return found


def knows(programme: Programme, party: str, placed: Placed) -> bool:
    """Say whether the party's log has acknowledged that entry."""
    entries = programme.by[party].entries
    return bool(entries) and entries[-1].knew(placed.log, placed.n)


def initialled(programme: Programme, about: str) -> list[Initial]:
    """All initials that parties stand on now."""
    found = [standing(programme, party, about) for party in programme.parties]
    return [s.placed.act for s in found if s is not None and isinstance(s.placed.act, Initial)]
