"""Histories of initials, seals and returns: all small ones up to symmetry, and longer ones at random.

A history is a log for each party; an entry is what it is (initials, a seal, a return), the text 0 or 1,
and how many entries of each log it knows.
"""

import itertools
import random
from collections.abc import Iterator, Mapping

from paraph.acts import Act, Initial, Return, Seal
from paraph.state.closing import chain, root_of
from tests.state.bare import CHARTERS, Bare

ABOUT = "road_map:gas"
LINES = (["first"], ["second"])
Entry = tuple[str, int | None, tuple[int, ...]]
History = tuple[tuple[Entry, ...], ...]


def whole(history: History) -> Bare:
    """The programme that follows from a history."""
    bare = Bare(len(history))
    at = [0] * len(history)
    while any(at[p] < len(log) for p, log in enumerate(history)):
        for p, log in enumerate(history):
            while at[p] < len(log) and all(log[at[p]][2][q] <= at[q] for q in range(len(history)) if q != p):
                what, text, known = log[at[p]]
                past = {code: bare.offset[code] + known[q] for q, code in enumerate(bare.codes) if q != p}
                bare.place(bare.codes[p], _act(what, text, len(history)), past)
                at[p] += 1
    return bare


def _act(what: str, text: int | None, parties: int) -> Act:
    if what == "r" or text is None:
        return Return("gas", {"en": "because"})
    name = root_of(LINES[text])
    if what == "i":
        return Initial(ABOUT, "", CHARTERS[parties].prog, name, LINES[text])
    return Seal(ABOUT, "", name)


def bound_texts(bare: Bare, view: tuple[int, ...] | None = None) -> list[str]:
    """The texts bound within a view of the history, in order; of all of it by default."""
    sizes: Mapping[str, int] = bare.programme.sizes()
    if view is not None:
        sizes = {code: bare.offset[code] + size for code, size in zip(bare.codes, view, strict=True)}
    return [one.text for one in chain(bare.programme, ABOUT, sizes)]


def next_entries(history: History, p: int) -> Iterator[Entry]:
    """Every entry that a party could write next: what it knows grows, and is whole."""
    log = history[p]
    least = log[-1][2] if log else (0,) * len(history)
    stands = next((text for what, text, _ in reversed(log) if what in "ir"), None)
    offers: list[tuple[str, int | None]] = [("i", text) for text in (0, 1) if text != stands]
    offers += [("s", stands), ("r", None)] if stands is not None else []
    ranges = [
        range(len(log), len(log) + 1) if q == p else range(least[q], len(history[q]) + 1)
        for q in range(len(history))
    ]
    for known in itertools.product(*ranges):
        if all(
            history[q][size - 1][2][r] <= known[r]
            for q, size in enumerate(known)
            if size and q != p
            for r in range(len(history))
        ):
            for what, text in offers:
                yield what, text, known


def canonical(history: History) -> History:
    """The one history that stands for all that differ in the names of parties and texts alone."""
    n = len(history)
    found: History | None = None
    for order in itertools.permutations(range(n)):
        for swap in ((0, 1), (1, 0)):
            other = tuple(
                tuple(
                    (what, None if text is None else swap[text], tuple(known[q] for q in order))
                    for what, text, known in history[p]
                )
                for p in order
            )
            if found is None or _key(other) < _key(found):
                found = other
    assert found is not None
    return found


def _key(history: History) -> tuple[tuple[tuple[str, int, tuple[int, ...]], ...], ...]:
    return tuple(
        tuple((what, -1 if text is None else text, known) for what, text, known in log) for log in history
    )


def grown(
    parties: int, entries: int, seen: Mapping[History, object]
) -> Iterator[tuple[History, History | None]]:
    """Every history up to symmetry, each after the one that it grew from."""
    start: History = ((),) * parties
    yield start, None
    met, queue = {start}, [start]
    while queue:
        history = queue.pop()
        for p in range(parties):
            if len(history[p]) < entries:
                for entry in next_entries(history, p):
                    more = canonical((*history[:p], (*history[p], entry), *history[p + 1 :]))
                    if more not in met:
                        met.add(more)
                        queue.append(more)
                        yield more, history
                    elif more in seen and seen[history] and not seen[more]:
                        raise AssertionError(f"what was bound is not: {told(more)}")


def random_histories(picker: random.Random, parties: int, entries: int, count: int) -> Iterator[History]:
    """Longer histories, biased towards closing."""
    for _ in range(count):
        history: History = ((),) * parties
        for _turn in range(parties * entries):
            p = picker.randrange(parties)
            offers = list(next_entries(history, p)) if len(history[p]) < entries else []
            if not offers:
                continue
            most = max(sum(known) for _what, _text, known in offers)
            if picker.random() < 0.7:
                offers = [one for one in offers if sum(one[2]) == most]
            seals = [one for one in offers if one[0] == "s"]
            entry = picker.choice(seals if seals and picker.random() < 0.6 else offers)
            history = (*history[:p], (*history[p], entry), *history[p + 1 :])
        yield history


def told(history: History) -> str:
    """A history in words."""
    verbs = {"i": "initials {}", "s": "seals {}", "r": "returns"}
    return " | ".join(
        f"{'ABCD'[p]}: "
        + ", ".join(verbs[what].format(text) + f" knowing {known}" for what, text, known in log)
        for p, log in enumerate(history)
    )
