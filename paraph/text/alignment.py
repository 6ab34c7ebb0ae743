"""Which paragraph of a text became which of another?

Paragraphs that are known to be the same are, and those whose words stand once on each side. Of the rest,
those that share most words are; then neighbours of what is paired, and what stands in the same gap. The
longest run that keeps its order stays, weighed by paragraphs, and what is paired beside it has moved.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Literal

import msgspec

from paraph.text.words import once, same_letters, shared_runs

LIKE = 0.33  # from this likeness on, paragraphs in one place are one
ALONE = 0.22  # and when nothing else stands between what stays
MOVED = 0.5  # and in different places
_RARE = 6  # a pair of words that stands in more paragraphs tells nothing
_GAP = 900  # a gap of so many pairs of paragraphs is compared one with all
_MOST = 0.5  # the share of letters at both ends that makes two paragraphs one without counting words
_COVERED = 0.4  # the share of a part that stands in what was split

Places = tuple[int, ...]
Bag = tuple[set[str], set[tuple[str, str]]]  # words, and each with the next


class Step(msgspec.Struct, frozen=True, gc=False):
    """
    One step of the way from old to new, in reading order; places count from 0.

    What moved has two steps, where it left and where it came. One old place and several new ones are a
    split, several and one a joining.
    """

    kind: Literal["stays", "comes", "leaves", "inserted", "deleted"]
    old: Places
    new: Places


def align(old: Sequence[str], new: Sequence[str], known: Iterable[tuple[int, int]] = ()) -> list[Step]:
    """
    The steps between two sequences of paragraphs; all but `inserted` and `comes` give the old one.

    Args:
        old: the words of each paragraph.
        new: those of the other side.
        known: places that are one paragraph whatever its words, each place at most once.
    """
    return _Alignment(old, new, known).steps()


class _Alignment:
    """The pairs found so far."""

    def __init__(self, old: Sequence[str], new: Sequence[str], known: Iterable[tuple[int, int]]) -> None:
        self.old, self.new = old, new
        self.to_new: dict[int, int] = {}
        self.to_old: dict[int, int] = {}
        self.waiting: set[str] = set()  # words that stand several times: their neighbours say which is which
        self.bags: dict[str, Bag] = {}
        self.spine: list[tuple[int, int]] | None = None  # as long as no pair has come
        self.weights = [0, *accumulate(1000 + len(words) for words in old)]
        for i, j in known:
            self._pair(i, j)
        self._same_once()
        self.waiting = {words for i, words in enumerate(old) if i not in self.to_new} & set(new)
        for gap in list(self._gaps()):
            self._fill(*gap, MOVED)
        self._alike()
        spine = self._spine()
        stays = set(spine)
        for anchors in (spine, [pair for pair in self._pairs() if pair not in stays]):
            for step in (-1, 1):
                self._neighbours(anchors, step)
        gaps = list(self._gaps())
        for gap in gaps:
            self._fill_equal(*gap)
        self.waiting = set()
        for gap in gaps:
            self._fill(*gap, LIKE)
        self._alike()
        self.parts_of_old = self._parts(self.old, self.new, self.to_new, self.to_old)
        self.parts_of_new = self._parts(self.new, self.old, self.to_old, self.to_new)

    def _pair(self, i: int, j: int) -> None:
        self.spine = None
        self.to_new[i], self.to_old[j] = j, i

    def _pairs(self) -> list[tuple[int, int]]:
        return sorted([(i, j) for i, j in self.to_new.items() if self.to_old[j] == i])

    # ------------------------------------------------------------ pairing

    def _same_once(self) -> None:
        """Words that stand once on each side."""
        there = once(self.new)
        for words, i in once(self.old).items():
            j = there.get(words, -1)
            if i >= 0 and j >= 0 and i not in self.to_new and j not in self.to_old:
                self._pair(i, j)

    def _alike(self) -> None:
        """What shares rare pairs of words, the most alike first, in its place before elsewhere."""
        old, new = self._left(range(len(self.old)), range(len(self.new)))
        if not old or not new:
            return
        holders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i in old:
            for double in self._bag(self.old[i])[1]:
                holders[double].append(i)
        holders = {double: there for double, there in holders.items() if len(there) <= _RARE}
        spine = self._spine()
        starts = [j for _i, j in spine]
        found = []
        for j in new:
            votes: dict[int, int] = {}
            for double in self._bag(self.new[j])[1] & holders.keys():
                for i in holders[double]:
                    votes[i] = votes.get(i, 0) + 1
            at = bisect_left(starts, j)
            low = spine[at - 1][0] if at else -1
            high = spine[at][0] if at < len(spine) else len(self.old)
            for i in sorted(votes, key=lambda i: (-votes[i], i))[:4]:
                likeness, here = self._likeness(self.old[i], self.new[j]), low < i < high
                if likeness >= (LIKE if here else MOVED):
                    found.append((-likeness - 0.2 * here, abs(i - low - 1), i, j))
        for _likeness, _distance, i, j in sorted(found):
            if i not in self.to_new and j not in self.to_old:
                self._pair(i, j)

    def _left(self, old: Sequence[int], new: Sequence[int]) -> tuple[list[int], list[int]]:
        """Of these places, what is not paired and does not wait."""
        return (
            [i for i in old if i not in self.to_new and self.old[i] not in self.waiting],
            [j for j in new if j not in self.to_old and self.new[j] not in self.waiting],
        )

    def _neighbours(self, anchors: Sequence[tuple[int, int]], step: int) -> None:
        """Equal words beside what is paired: before it, so that a heading goes with its text, or behind."""
        for i, j in anchors:
            i, j = i + step, j + step
            while (
                0 <= i < len(self.old)
                and 0 <= j < len(self.new)
                and i not in self.to_new
                and j not in self.to_old
                and self.old[i] == self.new[j]
            ):
                self._pair(i, j)
                i, j = i + step, j + step

    def _gaps(self) -> Iterator[tuple[list[int], list[int]]]:
        """What is not paired between neighbours that stay."""
        i = j = 0
        for x, y in [*self._spine(), (len(self.old), len(self.new))]:
            if x > i and y > j:
                old = [place for place in range(i, x) if place not in self.to_new]
                new = [place for place in range(j, y) if place not in self.to_old]
                if old and new:
                    yield old, new
            i, j = x + 1, y + 1

    def _fill_equal(self, old: list[int], new: list[int]) -> None:
        """Pair equal words within a gap, in order."""
        for (x, y), length in shared_runs([self.old[i] for i in old], [self.new[j] for j in new]):
            for step in range(length):
                self._pair(old[x + step], new[y + step])

    def _fill(self, old: list[int], new: list[int], limit: float) -> None:
        """Pair what is alike within a gap that is not large, in order, so that most likeness is kept."""
        old, new = self._left(old, new)
        if not old or not new or len(old) * len(new) > _GAP:
            return
        for end in (0, -1):
            while old and new and _mostly_same(self.old[old[end]], self.new[new[end]]):
                self._pair(old.pop(end), new.pop(end))
        if len(old) == len(new) == 1:
            limit = ALONE if limit == LIKE else limit
        alike = [[self._likeness(self.old[i], self.new[j]) for j in new] for i in old]
        best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
        for x in range(len(old) - 1, -1, -1):
            for y in range(len(new) - 1, -1, -1):
                here = alike[x][y] + best[x + 1][y + 1] if limit <= alike[x][y] else 0.0
                best[x][y] = max(here, best[x + 1][y], best[x][y + 1])
        x = y = 0
        while x < len(old) and y < len(new):
            if limit <= alike[x][y] and best[x][y] == alike[x][y] + best[x + 1][y + 1]:
                self._pair(old[x], new[y])
                x, y = x + 1, y + 1
            elif best[x][y] == best[x + 1][y]:
                x += 1
            else:
                y += 1

    def _parts(
        self, whole: Sequence[str], part: Sequence[str], there: dict[int, int], back: dict[int, int]
    ) -> dict[int, Places]:
        """What was split: for each whole, the places of its parts, where it has several."""
        found: dict[int, Places] = {}
        for i, j in sorted(there.items()):
            if back.get(j) != i or whole[i] == part[j]:
                continue
            first = last = j
            if not any(0 <= at < len(part) and at not in back for at in (j - 1, j + 1)):
                continue
            rest = self._bag(whole[i])[1] - self._bag(part[j])[1]
            for step in (-1, 1):
                at = j + step
                while 0 <= at < len(part) and at not in back and part[at]:
                    doubles = self._bag(part[at])[1]
                    if len(doubles & rest) < max(1, _COVERED * len(doubles)):
                        break
                    rest = rest - doubles
                    first, last = min(first, at), max(last, at)
                    back[at] = i
                    at += step
            if last > first:
                found[i] = tuple(range(first, last + 1))
        return found

    # ------------------------------------------------------------ likeness

    def _bag(self, words: str) -> Bag:
        """The words of a paragraph, and each with the next."""
        found = self.bags.get(words)
        if found is None:
            one = words.split()
            found = self.bags[words] = set(one), set(zip(one, [*one[1:], ""], strict=False))
        return found

    def _likeness(self, one: str, other: str) -> float:
        """From 0 to 1: the share of words that both have, and the share of words with the next."""
        if one == other:
            return 1.0
        singles, doubles = self._bag(one)
        others, those = self._bag(other)
        size = len(singles) + len(doubles) + len(others) + len(those)
        return 2 * (len(singles & others) + len(doubles & those)) / size if size else 0.0

    # ------------------------------------------------------------ order

    def _spine(self) -> list[tuple[int, int]]:
        """The pairs that keep their order: the heaviest increasing run."""
        if self.spine is None:
            self.spine = self._heaviest()
        return self.spine

    def _heaviest(self) -> list[tuple[int, int]]:
        pairs = self._pairs()
        parted = [at for at, ((i, j), (x, y)) in enumerate(pairwise(pairs), 1) if x != i + 1 or y != j + 1]
        blocks = [pairs[start:end] for start, end in pairwise([0, *parted, len(pairs)])] if pairs else []
        tails: list[tuple[int, int, int]] = []  # where it ends, its weight, its last block; both increase
        former = [-1] * len(blocks)
        for k, block in enumerate(blocks):
            at = bisect_left(tails, (block[0][1],))
            weight, former[k] = tails[at - 1][1:] if at else (0, -1)
            weight += self.weights[block[-1][0] + 1] - self.weights[block[0][0]]
            end = block[-1][1]
            at = bisect_left(tails, (end,))
            if at and tails[at - 1][1] >= weight:
                continue
            stop = at
            while stop < len(tails) and tails[stop][1] <= weight:
                stop += 1
            tails[at:stop] = [(end, weight, k)]
        run: list[list[tuple[int, int]]] = []
        k = tails[-1][2] if tails else -1
        while k >= 0:
            run.append(blocks[k])
            k = former[k]
        return [pair for block in reversed(run) for pair in block]

    def steps(self) -> list[Step]:
        """All paragraphs of both sides in reading order."""
        found: list[Step] = []
        spine = self._spine()
        stays = set(spine)
        i = j = 0

        def link(x: int, y: int) -> tuple[Places, Places]:
            return self.parts_of_new.get(y, (x,)), self.parts_of_old.get(x, (y,))

        def old_until(stop: int) -> None:
            nonlocal i
            for x in range(i, stop):
                if x in self.to_new and self.to_old.get(self.to_new[x]) == x:
                    found.append(Step("leaves", *link(x, self.to_new[x])))
                elif x not in self.to_new:
                    found.append(Step("deleted", (x,), ()))
            i = max(i, stop)

        def new_until(stop: int) -> None:
            nonlocal j
            for y in range(j, stop):
                if y in self.to_old and self.to_new.get(self.to_old[y]) == y:
                    found.append(Step("comes", *link(self.to_old[y], y)))
                elif y not in self.to_old:
                    found.append(Step("inserted", (), (y,)))
            j = max(j, stop)

        for x, y in [*spine, (len(self.old), len(self.new))]:
            if (x, y) == (i, j) and x not in self.parts_of_old and y not in self.parts_of_new:
                if (x, y) in stays:
                    found.append(Step("stays", (x,), (y,)))
                    i, j = x + 1, y + 1
                continue
            places = link(x, y) if (x, y) in stays else ((x,), (y,))
            old_until(places[0][0])
            new_until(places[1][0])
            if (x, y) in stays:
                found.append(Step("stays", *places))
                i, j = places[0][-1] + 1, places[1][-1] + 1
        return found


def _mostly_same(one: str, other: str) -> bool:
    """Whether begin and end that both share make up most of both; quicker than their likeness."""
    most = min(len(one), len(other))
    begin = same_letters(one, other, most)
    end = same_letters(one[::-1], other[::-1], most - begin)
    return begin + end >= _MOST * max(len(one), len(other))
