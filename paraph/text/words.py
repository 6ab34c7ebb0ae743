"""Which words of a text are other words in another?

Tokens are words and signs with the space before them, so that joining them gives the text back. What
both texts share is found between tokens that stand once on each side, exactly; then runs too small
to help a reader are given up, so that a change reads as one.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from operator import sub
from typing import Literal

import msgspec

from paraph.text import unicode14

# A mark belongs to its letter, a decimal comma and the spaces between thousands to their number.
_TOKEN = (
    r"\n|[^\S\n]*(?:\d{1,3}(?: \d{3})+(?:,\d+)?(?![\wMARK])"
    r"|[\wMARK]+(?:(?:[-'’./]|(?<=\d),(?=\d))\w[\wMARK]*)*|[^\w\s])|[^\S\n]+"
)
_EXACT = 60_000_000  # a gap is compared exactly up to so many pairs of tokens: 8 MB, 50 ms
_SMALL = 64  # and without looking for anchors up to so many
_SHORT = 3  # letters of a word that says little alone: the, of, и, для

Runs = list[tuple[tuple[int, ...], int]]  # where each sequence has a shared run, and its length


class Segment(msgspec.Struct, frozen=True, gc=False):
    """A run of words that stays, goes or comes."""

    kind: Literal["same", "deleted", "inserted"]
    text: str


def tokens(words: str) -> list[str]:
    """The tokens of canonical words; joined they give the words."""
    return _pattern(words.isascii()).findall(words)


@cache
def _pattern(plain: bool) -> re.Pattern[str]:
    """What a token is; plain English has no marks, whose large class takes 8 ms to compile."""
    if plain:
        return re.compile(_TOKEN.replace("MARK", ""), re.ASCII)
    marks = "".join(  # of Unicode 14.0 below U+10000; the rest is music and dead scripts
        re.sub(r"[0-9a-f]+", lambda found: f"\\u{int(found[0], 16):04x}", piece)
        for piece in unicode14.MARKS.split(",")
        if len(piece.partition("-")[0]) < 5
    )
    return re.compile(_TOKEN.replace("MARK", marks))


def redline(old: str, new: str) -> list[Segment]:
    """What to strike and what to add so that `old` becomes `new`; nobody has to check the rest."""
    start, end = _same_edges(old, new)
    before, after = tokens(old[start : len(old) - end]), tokens(new[start : len(new) - end])
    segments: list[Segment] = [Segment("same", old[:start])] if start else []

    def add(kind: Literal["same", "deleted", "inserted"], part: Sequence[str]) -> None:
        if part:
            text = "".join(part)
            if segments and segments[-1].kind == kind:
                segments[-1] = Segment(kind, segments[-1].text + text)
            else:
                segments.append(Segment(kind, text))

    i = j = 0
    for (start, there), length in matches(before, after):
        add("deleted", before[i:start])
        add("inserted", after[j:there])
        add("same", before[start : start + length])
        i, j = start + length, there + length
    add("deleted", before[i:])
    add("inserted", after[j:])
    if end:
        add("same", [old[len(old) - end :]])
    return segments


def _same_edges(old: str, new: str) -> tuple[int, int]:
    """
    How many letters at the begin and at the end are the same, cut where a token begins for certain.

    The tokens between are those that the whole would have: a space between two letters parts tokens.
    """
    start = same_letters(old, new, min(len(old), len(new)))
    while start > 1 and not (old[start - 1].isalpha() and old[start - 2] == " " and old[start - 3].isalpha()):
        start -= 1
    start = start - 2 if start > 3 else 0
    end = same_letters(old[::-1], new[::-1], min(len(old), len(new)) - start)
    i, j = len(old) - end, len(new) - end
    while end > 1 and not (
        old[i] == " " and old[i + 1].isalpha() and i and j and old[i - 1].isalpha() and new[j - 1].isalpha()
    ):
        i, j, end = i + 1, j + 1, end - 1
    return start, end if end > 1 else 0


def same_letters(one: str, other: str, most: int) -> int:
    """How many letters both begin with."""
    low = 0
    while low < most:
        middle = (low + most + 1) // 2
        if other.startswith(one[low:middle], low):
            low = middle
        else:
            most = middle - 1
    return low


def accept(segments: Sequence[Segment]) -> str:
    """The new words."""
    return "".join(segment.text for segment in segments if segment.kind != "deleted")


def reject(segments: Sequence[Segment]) -> str:
    """The old words."""
    return "".join(segment.text for segment in segments if segment.kind != "inserted")


def matches(a: Sequence[str], b: Sequence[str]) -> Runs:
    """The runs that both sequences share, in order, without crumbs."""
    return without_crumbs(a, shared_runs(a, b), (len(a), len(b)))


def shared_runs(a: Sequence[str], b: Sequence[str]) -> Runs:
    """The runs of equal tokens, in order, as long as they go."""
    found: list[list[int]] = []
    last = [-1, -1, 0]

    def add(i: int, j: int, length: int) -> None:
        nonlocal last
        if last[0] + last[2] == i and last[1] + last[2] == j:
            last[2] += length
        elif length:
            last = [i, j, length]
            found.append(last)

    def add_gap(i: int, i_end: int, j: int, j_end: int) -> None:
        """Equal tokens of a[i:i_end] and b[j:j_end]: from both ends, then exactly between."""
        step = _same_start(a, b, i, i_end, j, j_end)
        add(i, j, step)
        i, j = i + step, j + step
        x, y = _trim_end(a, b, i, i_end, j, j_end)
        if i < x and j < y and (x - i) * (y - j) <= _EXACT:
            for p, q in _common(a[i:x], b[j:y]):
                add(i + p, j + q, 1)
        add(x, y, i_end - x)

    start = _same_start(a, b, 0, len(a), 0, len(b))
    add(0, 0, start)
    i = j = start
    i_end, j_end = _trim_end(a, b, i, len(a), j, len(b))
    if (i_end - i) * (j_end - j) > _SMALL:
        for x, y in _anchors(a, b, i, i_end, j, j_end):
            if i == x and j == y and last[2]:  # right behind the one before
                last[2] += 1
            else:
                if i < x and j < y:
                    add_gap(i, x, j, y)
                add(x, y, 1)
            i, j = x + 1, y + 1
    if i < i_end and j < j_end:
        add_gap(i, i_end, j, j_end)
    add(i_end, j_end, len(a) - i_end)
    return [((i, j), length) for i, j, length in found]


def _same_start(a: Sequence[str], b: Sequence[str], i: int, i_end: int, j: int, j_end: int) -> int:
    """How many tokens both begin with."""
    begun = i
    while i < i_end and j < j_end and a[i] == b[j]:
        i, j = i + 1, j + 1
    return i - begun


def _trim_end(a: Sequence[str], b: Sequence[str], i: int, i_end: int, j: int, j_end: int) -> tuple[int, int]:
    """Where both end without the tokens that both end with."""
    while i < i_end and j < j_end and a[i_end - 1] == b[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
    return i_end, j_end


def _anchors(
    a: Sequence[str], b: Sequence[str], i: int, i_end: int, j: int, j_end: int
) -> list[tuple[int, int]]:
    """Tokens that stand once on each side, as the longest run that keeps its order."""
    here, there = once(a[i:i_end], i), once(b[j:j_end], j)
    found = [(x, there[token]) for token, x in here.items() if x >= 0 and there.get(token, -1) >= 0]
    places = [y for _x, y in found]
    if places == sorted(places):
        return found
    ends: list[int] = []
    heads: list[int] = []
    former: list[int] = []
    for k, y in enumerate(places):
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


def once(tokens: Sequence[str], start: int = 0) -> dict[str, int]:
    """Where each token stands, counted from `start`, in order; -1 for what stands several times."""
    found: dict[str, int] = {}
    for at, token in enumerate(tokens, start):
        found[token] = -1 if token in found else at
    return found


def _common(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """
    The longest common subsequence, as pairs of places.

    One bit for each token of `a`; a zero in the row of b[j] says that the subsequence of a[: i + 1]
    and b[: j + 1] is one longer than that of a[:i] and b[: j + 1] (Hyyrö 2004).
    """
    places: dict[str, int] = {}
    for i, token in enumerate(a):
        places[token] = places.get(token, 0) | 1 << i
    full = (1 << len(a)) - 1
    row, rows = full, []
    for token in b:
        if where := row & places.get(token, 0):
            row = ((row + where) | (row - where)) & full
        rows.append(row)
    found: list[tuple[int, int]] = []
    i, j = len(a) - 1, len(b) - 1
    while i >= 0 and j >= 0:
        if rows[j] >> i & 1:
            i -= 1
        elif j and not rows[j - 1] >> i & 1:
            j -= 1
        else:
            found.append((i, j))
            i, j = i - 1, j - 1
    return found[::-1]


def runs_of(places: Sequence[tuple[int, ...]]) -> Runs:
    """Places that follow each other in every sequence, as runs."""
    runs: Runs = []
    for at, place in enumerate(places):
        if at and all(step == 1 for step in map(sub, place, places[at - 1])):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs


def without_crumbs(a: Sequence[str], runs: Runs, ends: tuple[int, ...]) -> Runs:
    """Drop shared runs of `a` that say little, between changes that are larger than they are."""
    kept: Runs = []
    after = (0,) * len(ends)  # where the run kept before this one ends
    for place, (starts, length) in enumerate(runs):
        stops = tuple(start + length for start in starts)
        following = runs[place + 1][0] if place + 1 < len(runs) else ends
        at_edge = not any(starts) or stops == ends
        if not at_edge and length < 4:
            before = sum(starts) - sum(after)
            behind = sum(following) - sum(stops)
            around = 2 * min(before, behind) // len(ends)
            run = a[starts[0] : starts[0] + length]
            letters = sum(sum(map(str.isalnum, token)) for token in run)
            if (around > length + 1 and all(map(_says_little, run))) or (
                around > 6 * length and letters <= 14
            ):
                continue
        kept.append((starts, length))
        after = stops
    return kept


def _says_little(token: str) -> bool:
    word = token.strip()
    return len(word) <= _SHORT and not any(map(str.isdigit, word))
