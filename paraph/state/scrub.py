"""What has changed in a road map since its text was complete, and of what class do the parties say it is?

The scrub begins where the text of a road map is complete, after its opening, its last return to refinement
or its reopening. A change is a pair of proposals on one subject, that of then and that of now; each party
says of what class it is by a remark on exactly this pair, so a confirmed class does not outlive the words.
"""

from dataclasses import dataclass
from functools import lru_cache

from paraph.acts import Placed, Remark, Return
from paraph.state import agreement, closing
from paraph.state.composed import composed, subjects_of
from paraph.state.cuts import Cut
from paraph.state.fold import apply
from paraph.state.history import abouts, history
from paraph.state.programme import Programme
from paraph.text.changes import Class


@dataclass(frozen=True, slots=True)
class Change:
    """What stands on a subject now instead of what stood there when the text was complete."""

    subject: str
    old: str  # the proposal that was agreed; "" for what came with the outline
    new: str  # the one that is agreed; "" while nothing is, or for what went with the outline
    live: tuple[str, ...]  # what is on the table while nothing is agreed
    said: dict[str, Placed]  # party -> its last remark on this pair that names a class

    @property
    def classes(self) -> dict[str, Class]:
        """Party -> the class that it names."""
        return {
            party: placed.act.change.kind
            for party, placed in self.said.items()
            if isinstance(placed.act, Remark) and placed.act.change is not None
        }

    def confirmed(self, parties: tuple[str, ...]) -> str:
        """The class that all parties name; "" while they do not."""
        classes = self.classes
        named = {classes.get(party, "") for party in parties}
        return named.pop() if len(named) == 1 else ""

    def disputed(self) -> bool:
        """Say whether parties name different classes."""
        return len(set(self.classes.values())) > 1


def complete_since(programme: Programme, road_map: str) -> tuple[Placed, Cut] | None:
    """The entry that completed the text, and the state it made; None where the scrub has not begun."""
    return _complete_since(programme, road_map, len(programme.applied))


@lru_cache(maxsize=64)
def _complete_since(programme: Programme, road_map: str, count: int) -> tuple[Placed, Cut] | None:
    about = f"road_map:{road_map}"
    growing = Programme(programme.charter)
    found: tuple[Placed, Cut] | None = None
    open_subjects: set[str] = set()
    closings = 0
    for placed in sorted(programme.applied[:count], key=lambda one: one.order):
        apply(growing, placed)
        touched = abouts(growing, placed.act) if placed.act is not None else []
        if about not in touched:
            continue
        if isinstance(placed.act, Return):
            found = None
        if len(passed := closing.closings(growing, about)) > closings:
            closings = len(passed)
            found = found if closing.closed(growing, about) else None  # opened again
        for subject in touched:
            if subject in growing.on:
                (open_subjects.discard if agreement.agreed(growing, subject) else open_subjects.add)(subject)
        if found is None and _may_be_complete(growing, road_map, open_subjects):
            found = (placed, growing.sizes()) if composed(growing, road_map).text else None
    return found


def _may_be_complete(programme: Programme, road_map: str, open_subjects: set[str]) -> bool:
    """Say whether nothing stands in the way that is known already; quicker than composing the text."""
    outline = agreement.agreed(programme, f"outline:{road_map}")
    if not outline or any(road_map in programme.by[party].returns for party in programme.parties):
        return False
    return not any(
        subject in open_subjects
        for _level, item in programme.outline_items(outline)
        for subject in subjects_of(item)
    )


def changes(then: Programme, programme: Programme, road_map: str) -> list[Change]:
    """What has changed since then, in reading order: title, outline, then what the two outlines name."""
    found = []
    for subject in _subjects(then, programme, road_map):
        old, new = agreement.agreed(then, subject), agreement.agreed(programme, subject)
        live = () if new else agreement.live(programme, subject)
        if old != new or (not new and live):
            found.append(Change(subject, old, new, live, _said(programme, subject, old, new)))
    return found


def _subjects(then: Programme, programme: Programme, road_map: str) -> list[str]:
    named = [f"card:{road_map}", f"outline:{road_map}"]
    for state in (programme, then):
        outline = agreement.agreed(state, f"outline:{road_map}")
        for _level, item in state.outline_items(outline) if outline else ():
            named += subjects_of(item)
    return list(dict.fromkeys(named))


def _said(programme: Programme, subject: str, old: str, new: str) -> dict[str, Placed]:
    found: dict[str, Placed] = {}
    if not old or not new:
        return found
    for placed in history(programme, subject):
        act = placed.act
        if not isinstance(act, Remark) or act.change is None or (placed.log, placed.n) in programme.voids:
            continue
        if (act.change.old, act.change.new) == (old, new):
            before = found.get(placed.log)
            if before is None or before.n < placed.n:
                found[placed.log] = placed
    return found
