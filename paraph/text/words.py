"""Which words of a text are other words in another?

Tokens are words and signs with the space before them, so that joining them gives the text back.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(r"\n|[^\S\n]*(?:\w+(?:[-'’./]\w+)*|[^\w\s])|[^\S\n]+")
_SMALL = 64  # a gap of at most so many tokens a side is compared exactly


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words that stays, goes or comes."""

    kind: Literal["same", "deleted", "inserted"]
    text: str


def tokens(words: str) -> list[str]:
    """The tokens of canonical words; joined they give the words."""
    return _TOKEN.findall(words)


def redline(old: str, new: str) -> list[Segment]:
    """What to strike and what to add so that `old` becomes `new`; nobody has to check the rest."""
    before, after = tokens(old), tokens(new)
    segments: list[Segment] = []

    def add(kind: Literal["same", "deleted", "inserted"], part: Sequence[str]) -> None:
        if part:
            text = "".join(part)
            if segments and segments[-1].kind == kind:
                segments[-1] = Segment(kind, segments[-1].text + text)
            else:
                segments.append(Segment(kind, text))

    i = j = 0
    for start, there, length in matches(before, after):
        add("deleted", before[i:start])
        add("inserted", after[j:there])
        add("same", before[start : start + length])
        i, j = start + length, there + length
    add("deleted", before[i:])
    add("inserted", after[j:])
    return segments


def accept(segments: Sequence[Segment]) -> str:
    """The new words."""
    return "".join(segment.text for segment in segments if segment.kind != "deleted")


def reject(segments: Sequence[Segment]) -> str:
    """The old words."""
    return "".join(segment.text for segment in segments if segment.kind != "inserted")


def matches(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int]]:
    """The runs that both sequences share, in order: (start in a, start in b, length), without crumbs."""
    pairs: list[tuple[int, int]] = []
    _pair(a, b, 0, len(a), 0, len(b), pairs)
    return _without_crumbs(a, _runs(pairs), len(a), len(b))


def _pair(
    a: Sequence[str], b: Sequence[str], i: int, i_end: int, j: int, j_end: int, pairs: list[tuple[int, int]]
) -> None:
    """Pair equal tokens of a[i:i_end] and b[j:j_end] in order."""
    while i < i_end and j < j_end and a[i] == b[j]:
        pairs.append((i, j))
        i, j = i + 1, j + 1
    tail: list[tuple[int, int]] = []
    while i < i_end and j < j_end and a[i_end - 1] == b[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
        tail.append((i_end, j_end))
    if i < i_end and j < j_end:
        anchors = _anchors(a, b, i, i_end, j, j_end)
        if anchors:
            for x, y in [*anchors, (i_end, j_end)]:
                _pair(a, b, i, x, j, y, pairs)
                if x < i_end:
                    pairs.append((x, y))
                i, j = x + 1, y + 1
        elif i_end - i <= _SMALL and j_end - j <= _SMALL:
            pairs += _common(a, b, i, i_end, j, j_end)
    pairs += reversed(tail)


def _anchors(
    a: Sequence[str], b: Sequence[str], i: int, i_end: int, j: int, j_end: int
) -> list[tuple[int, int]]:
    """Tokens that stand once on each side, as the longest run that keeps its order."""
    once_a = Counter(a[i:i_end])
    once_b = Counter(b[j:j_end])
    there = {token: y for y, token in enumerate(b[j:j_end], j) if once_b[token] == 1}
    found = [
        (x, there[token]) for x, token in enumerate(a[i:i_end], i) if once_a[token] == 1 and token in there
    ]
    ends: list[int] = []
    heads: list[int] = []
    former: list[int] = []
    for k, (_x, y) in enumerate(found):
        at = bisect_left(ends, y)
        former.append(heads[at - 1] if at else -1)
        if at == len(ends):
            ends.append(y)
            heads.append(k)
        else:
            ends[at], heads[at] = y, k
    run: list[tuple[int, int]] = []
    k = heads[-1] if heads else -1
    while k >= 0:
        run.append(found[k])
        k = former[k]
    return run[::-1]


def _common(
    a: Sequence[str], b: Sequence[str], i: int, i_end: int, j: int, j_end: int
) -> list[tuple[int, int]]:
    """The longest common subsequence of two short runs."""
    rows = [[0] * (j_end - j + 1)]
    for x in range(i_end - 1, i - 1, -1):
        below, row = rows[-1], [0] * (j_end - j + 1)
        for y in range(j_end - j - 1, -1, -1):
            row[y] = below[y + 1] + 1 if a[x] == b[j + y] else max(below[y], row[y + 1])
        rows.append(row)
    rows.reverse()
    found: list[tuple[int, int]] = []
    x, y = 0, 0
    while x < i_end - i and y < j_end - j:
        if a[i + x] == b[j + y]:
            found.append((i + x, j + y))
            x, y = x + 1, y + 1
        elif rows[x + 1][y] >= rows[x][y + 1]:
            x += 1
        else:
            y += 1
    return found


def _runs(pairs: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    runs: list[tuple[int, int, int]] = []
    for i, j in pairs:
        if runs and (i, j) == (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]):
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((i, j, 1))
    return runs


def _without_crumbs(
    a: Sequence[str], runs: list[tuple[int, int, int]], a_end: int, b_end: int
) -> list[tuple[int, int, int]]:
    """Drop shared runs that are only signs and short words with changes on both sides."""
    kept: list[tuple[int, int, int]] = []
    for place, (i, j, length) in enumerate(runs):
        before = kept[-1] if kept else (0, 0, 0)
        next_i, next_j = runs[place + 1][:2] if place + 1 < len(runs) else (a_end, b_end)
        change_before = (i - before[0] - before[2]) + (j - before[1] - before[2])
        change_after = (next_i - i - length) + (next_j - j - length)
        letters = sum(sum(map(str.isalnum, token)) for token in a[i : i + length]) if length < 4 else 99
        at_edge = (i == 0 and j == 0) or (i + length == a_end and j + length == b_end)
        around = min(change_before, change_after)
        if not at_edge and (
            (letters <= 4 and around > 2 * length) or (letters <= 14 and around > 6 * length)
        ):
            continue
        kept.append((i, j, length))
    return kept
