"""Which states has a record had, and what followed from one of them?

A state is a cut through the logs: how many entries of each count. A cut is whole when no entry in it knew
one outside of it. Its name, `BY13-RU15`, means the same at every node and at any time.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from paraph.acts import Placed
from paraph.sentences import _
from paraph.state.errors import Refused
from paraph.state.fold import apply
from paraph.state.programme import Programme

Cut = dict[str, int]  # party -> how many entries of its log count
_NAME = re.compile(r"([A-Z]{2,8})(0|[1-9]\d{0,9})")
_KEPT = 6  # states that are folded anew only when others were asked for since


def now(programme: Programme) -> Cut:
    """All that has been applied."""
    return {party: len(registers.entries) for party, registers in programme.logs.items()}


def after(programme: Programme, placed: Placed) -> Cut:
    """What the party knew when it had written an entry."""
    return {party: placed.past.get(party, 0) for party in programme.parties} | {placed.log: placed.n + 1}


def before(programme: Programme, placed: Placed) -> Cut:
    """What the party knew when it wrote an entry."""
    return after(programme, placed) | {placed.log: placed.n}


def on_day(programme: Programme, day: str) -> Cut:
    """All that was written until the end of a day, 2021-05-31, as its parties claim."""
    cut = {}
    for party, registers in programme.logs.items():
        late = (n for n, placed in enumerate(registers.entries) if placed.at[:10] > day)
        cut[party] = next(late, len(registers.entries))
    while beyond := [party for party in cut if _knew_more(programme, cut, party)]:
        for party in beyond:
            cut[party] -= 1
    return cut


def name(cut: Mapping[str, int]) -> str:
    """The name of a state, for an address: BY13-RU15."""
    return "-".join(f"{party}{size}" for party, size in sorted(cut.items()))


def named(programme: Programme, written: str) -> Cut:
    """
    The state of that name.

    Raises:
        Refused: it is no name of a state, names one that has not come yet, or is no whole cut.
    """
    found = [_NAME.fullmatch(part) for part in written.split("-")]
    cut = {one[1]: int(one[2]) for one in found if one}
    if not all(found) or len(found) != len(cut) or set(cut) != set(programme.parties):
        raise Refused(
            _("“%(name)s” is no state of the record; a state is named like %(now)s."),
            name=written[:40],
            now=name(now(programme)),
        )
    for party, size in cut.items():
        held = len(programme.logs[party].entries)
        if size > held:
            raise Refused(
                _("The state names %(size)s entries of %(party)s; this node holds %(held)s of them so far."),
                size=size,
                party=party,
                held=held,
            )
    for party in cut:
        if _knew_more(programme, cut, party):
            raise Refused(
                _("“%(name)s” was never a state of the record: %(party)s %(n)s knew entries outside of it."),
                name=written[:40],
                party=party,
                n=cut[party] - 1,
            )
    return cut


def at(programme: Programme, cut: Mapping[str, int]) -> Programme:
    """The programme as it followed from a whole cut; to be read under the lock of the record."""
    if all(len(programme.logs[party].entries) == size for party, size in cut.items()):
        return programme
    return _folded(programme, tuple(sorted(cut.items())))


@lru_cache(maxsize=_KEPT)
def _folded(programme: Programme, cut: tuple[tuple[str, int], ...]) -> Programme:
    found, sizes = Programme(programme.charter), dict(cut)
    for placed in programme.applied:
        if placed.n < sizes[placed.log]:
            apply(found, placed)
    return found


def _knew_more(programme: Programme, cut: Mapping[str, int], party: str) -> bool:
    """Say whether the last entry of a log knew one that the cut leaves out; its pasts only ever grow."""
    if not cut[party]:
        return False
    last = programme.logs[party].entries[cut[party] - 1]
    return any(size > cut[log] for log, size in last.past.items() if log in cut)
