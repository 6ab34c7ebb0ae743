"""In which order do provisions stand, and what are their numbers?

An outline is one nested list in reading order, written as pairs of level (from 1) and id. Numbers
are computed: sections I, II; provisions 1.1, 1.2; measures M1, M2.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from paraph.sentences import _
from paraph.text.errors import TextRefused

MAX_LEVEL = 6
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)
Items = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class OutlineChange:
    """What an outline changes against another: ids in reading order."""

    inserted: tuple[str, ...]
    deleted: tuple[str, ...]
    moved: tuple[str, ...]
    renumbered: dict[str, tuple[str, str]]  # id -> old and new number, of those that did not move


def check_outline(items: Items) -> None:
    """Raise TextRefused where this is no outline."""
    if not items:
        raise TextRefused("empty", _("The outline is empty; keep at least one provision."))
    seen: set[str] = set()
    before = 0
    for level, item in items:
        if item in seen:
            raise TextRefused("twice", _("%(item)s stands twice in the outline."), item=item)
        if not 1 <= level <= min(before + 1, MAX_LEVEL):
            raise TextRefused(
                "level",
                _(
                    "%(item)s stands at level %(level)s below level %(before)s;"
                    " one step at a time, six at most."
                ),
                item=item,
                level=level,
                before=before,
            )
        seen.add(item)
        if not _apart(item):  # nothing stands below a measure
            before = level


def numbers(items: Items) -> dict[str, str]:
    """The computed number of every item; measures are counted apart and change no other number."""
    measures = [item for _level, item in items if _apart(item)]
    found = {item: f"M{count}" for count, item in enumerate(measures, 1)}
    provisions = [(level, item) for level, item in items if not _apart(item)]
    counters: list[int] = []
    following = [level for level, _item in provisions[1:]] + [0]
    for (level, item), next_level in zip(provisions, following, strict=False):  # there may be measures only
        del counters[level:]
        counters += [0] * (level - len(counters))
        counters[level - 1] += 1
        section = level == 1 and next_level > 1
        found[item] = roman(counters[0]) if section else ".".join(map(str, counters))
    return {item: found[item] for _level, item in items}


def _apart(item: str) -> bool:
    """Say whether an item stands in the annex of measures."""
    return item.startswith("measure:")


def roman(number: int) -> str:
    """The number of a section."""
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def compare_outlines(old: Items, new: Items) -> OutlineChange:
    """What `new` changes against `old`; moves are what does not fit the longest increasing run."""
    place = {item: i for i, (_level, item) in enumerate(old)}
    kept = [item for _level, item in new if item in place]
    steady = set(_longest_run(kept, place))
    levels = {item: level for level, item in old}
    steady -= {item for level, item in new if levels.get(item, level) != level}
    fresh = {item for _level, item in new}
    before, after = numbers(old), numbers(new)
    return OutlineChange(
        tuple(item for _level, item in new if item not in place),
        tuple(item for _level, item in old if item not in fresh),
        tuple(item for item in kept if item not in steady),
        {
            item: (before[item], after[item])
            for item in kept
            if item in steady and before[item] != after[item]
        },
    )


def _longest_run(kept: list[str], place: dict[str, int]) -> list[str]:
    """The longest subsequence of `kept` that stands in the old order."""
    ends: list[int] = []  # place of the last item of the best run of each length
    heads: list[int] = []  # its index in kept
    former: list[int] = []
    for i, item in enumerate(kept):
        at = bisect_left(ends, place[item])
        former.append(heads[at - 1] if at else -1)
        if at == len(ends):
            ends.append(place[item])
            heads.append(i)
        else:
            ends[at], heads[at] = place[item], i
    run: list[str] = []
    i = heads[-1] if heads else -1
    while i >= 0:
        run.append(kept[i])
        i = former[i]
    return run[::-1]


def insert_after(items: Items, anchor: str, item: str, level: int) -> list[tuple[int, str]]:
    """
    The outline with an item behind the anchor: below it where deeper, else behind all below it.

    An item of a higher level than the anchor goes behind the rest of the anchor's section, so that
    it never takes over provisions that stood in another one. Without an anchor it comes first.
    """
    found = list(items)
    if not anchor:
        return [(1, item), *found]
    at = _index(found, anchor)
    stop = at + 1
    while level <= found[at][0] and stop < len(found) and found[stop][0] > level:
        stop += 1
    return [*found[:stop], (min(level, found[at][0] + 1), item), *found[stop:]]


def remove(items: Items, item: str) -> list[tuple[int, str]]:
    """The outline without an item; TextRefused where others stand below it."""
    found = list(items)
    at = _index(found, item)
    if at + 1 < len(found) and found[at + 1][0] > found[at][0]:
        raise TextRefused("parent", _("Other provisions stand below this one; move or delete them first."))
    return [*found[:at], *found[at + 1 :]]


def move(items: Items, item: str, anchor: str) -> list[tuple[int, str]]:
    """The outline with an item, and all below it, moved behind the anchor at the same level."""
    found = list(items)
    at = _index(found, item)
    stop = at + 1
    while stop < len(found) and found[stop][0] > found[at][0]:
        stop += 1
    block, rest = found[at:stop], [*found[:at], *found[stop:]]
    if anchor in {name for _level, name in block}:
        raise TextRefused("inside", _("A provision cannot move behind itself."))
    to = _index(rest, anchor) + 1 if anchor else 0
    while to < len(rest) and anchor and rest[to][0] > block[0][0]:
        to += 1
    return [*rest[:to], *block, *rest[to:]]


def _index(items: Items, item: str) -> int:
    for place, (_level, name) in enumerate(items):
        if name == item:
            return place
    raise TextRefused("unknown", _("%(item)s does not stand in the outline."), item=item)
