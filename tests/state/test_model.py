"""The fold against the executable model: exhaustive small histories, and random longer ones."""

import importlib.util
import itertools
import os
import random
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from paraph.acts import Act, Initial, Lift, Propose, Reserve, Return, Seal, TakeStance, proposal_id
from paraph.state import agreement
from paraph.state.closing import chain, root_of
from tests.state.bare import CHARTERS, Bare, words

CORPUS = Path(os.environ.get("PARAPH_CORPUS") or Path(__file__).parents[3] / "shared")
LINES = {0: ["first"], 1: ["second"]}
ABOUT = "road_map:gas"
HISTORIES = int(os.environ.get("PARAPH_HISTORIES", "400"))  # `make faults SEEDS=…` takes more
History = tuple[tuple[tuple[str, int | None, tuple[int, ...]], ...], ...]


@pytest.fixture(scope="module")
def model() -> ModuleType:
    """The executable model of agreement and closing."""
    path = CORPUS / "model" / "agreement_model.py"
    if not path.exists():
        pytest.skip(f"the model is not there: {path}")
    spec = importlib.util.spec_from_file_location("agreement_model", path)
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


# ---------------------------------------------------------------- closing


def folded(history: History) -> Bare:
    """The programme that follows from a history of initials, seals and returns."""
    bare = Bare(len(history))
    offset = bare.offset
    at = [0] * len(history)
    while any(at[p] < len(history[p]) for p in range(len(history))):
        for p, log in enumerate(history):
            while at[p] < len(log) and all(log[at[p]][2][q] <= at[q] for q in range(len(history)) if q != p):
                op, text, vec = log[at[p]]
                past = {bare.codes[q]: offset[bare.codes[q]] + vec[q] for q in range(len(history)) if q != p}
                bare.place(bare.codes[p], _closing_act(op, text, len(history)), past)
                at[p] += 1
    return bare


def _closing_act(op: str, text: int | None, count: int) -> Act:
    if op == "r":
        return Return("gas", {"en": "because"})
    assert text is not None
    name = root_of(LINES[text])
    if op == "i":
        return Initial(ABOUT, "", CHARTERS[count].prog, name, LINES[text])
    return Seal(ABOUT, "", name)


def bound_texts(bare: Bare, cut: tuple[int, ...]) -> list[str]:
    """The texts bound within a view of the history."""
    sizes = {code: bare.offset[code] + size for code, size in zip(bare.codes, cut, strict=True)}
    return [closing.text for closing in chain(bare.programme, ABOUT, sizes)][:1]


def all_histories(model: ModuleType, parties: int, entries: int) -> Iterator[History]:
    """Every history of that size, up to symmetry, as the model walks them."""
    start: History = tuple(() for _ in range(parties))
    seen, queue = {start}, [start]
    while queue:
        logs = queue.pop()
        yield logs
        for p in range(parties):
            if len(logs[p]) >= entries:
                continue
            mine = logs[p][-1][2] if logs[p] else (0,) * parties
            current = next((t for o, t, _ in reversed(logs[p]) if o in "ir"), None)
            acts: list[tuple[str, int | None]] = [("i", t) for t in (0, 1) if t != current]
            acts += [("s", current), ("r", None)] if current is not None else []
            for view in model.cuts(logs):
                if view[p] != len(logs[p]) or any(view[q] < mine[q] for q in range(parties) if q != p):
                    continue
                for op, text in acts:
                    fresh = (*logs[:p], (*logs[p], (op, text, view)), *logs[p + 1 :])
                    fresh = model.canon(fresh, 2)
                    if fresh not in seen:
                        seen.add(fresh)
                        queue.append(fresh)


@pytest.mark.parametrize(("parties", "entries"), [(2, 3), *([(3, 2)] if HISTORIES > 1_000 else [])])
def test_bound_is_what_the_model_says_in_every_small_history_and_in_every_view_of_it(
    model: ModuleType, parties: int, entries: int
) -> None:
    checked = bound = 0
    for history in all_histories(model, parties, entries):
        bare = folded(history)
        for view in model.cuts(history):
            expected = [root_of(LINES[t]) for t in model.bound(history, view, "S2")][:1]

            found = bound_texts(bare, view)

            assert found == expected, model.story(history)
            checked, bound = checked + 1, bound + bool(found)
    assert checked > 10_000
    assert bound > 10 or parties > entries  # three parties with two entries each bind at the very end


def test_what_is_bound_in_a_view_is_bound_in_every_larger_view(model: ModuleType) -> None:
    picker = random.Random(1)
    for history in _random_histories(model, picker, HISTORIES):
        bare = folded(history)
        views = [view for view in model.cuts(history) if bound_texts(bare, view)]

        whole = bound_texts(bare, tuple(len(log) for log in history))

        assert all(bound_texts(bare, view) == whole for view in views), model.story(history)


def _random_histories(model: ModuleType, picker: random.Random, count: int) -> Iterator[History]:
    """Histories of two or three parties with five entries each, biased towards closing."""
    for _ in range(count):
        parties = picker.choice((2, 3))
        logs: History = tuple(() for _ in range(parties))
        for _ in range(parties * 5):
            p = picker.randrange(parties)
            if len(logs[p]) >= 5:
                continue
            mine = logs[p][-1][2] if logs[p] else (0,) * parties
            views = [
                view
                for view in model.cuts(logs)
                if view[p] == len(logs[p]) and all(view[q] >= mine[q] for q in range(parties) if q != p)
            ]
            view = max(views, key=sum) if picker.random() < 0.7 else picker.choice(views)
            current = next((t for o, t, _ in reversed(logs[p]) if o in "ir"), None)
            entry: tuple[str, int | None, tuple[int, ...]]
            if current is None:
                entry = ("i", picker.randrange(2), view)
            else:
                entry = picker.choice(
                    [("s", current, view)] * 3 + [("r", None, view), ("i", 1 - current, view)]
                )
            logs = (*logs[:p], (*logs[p], entry), *logs[p + 1 :])
        yield logs


def test_seals_that_share_no_set_of_initials_bind_nothing() -> None:
    first = (
        ("i", 1, (0, 0)),
        ("i", 0, (1, 1)),
        ("s", 0, (2, 1)),
        ("i", 1, (3, 1)),
        ("s", 1, (4, 3)),
    )
    second = (
        ("i", 0, (0, 0)),
        ("i", 1, (1, 1)),
        ("s", 1, (1, 2)),
        ("i", 0, (1, 3)),
        ("s", 0, (3, 4)),
    )

    bare = folded((first, second))

    assert bound_texts(bare, (5, 5)) == []


# ---------------------------------------------------------------- agreement and packages

SUBJECTS = {"s": "provision:gas/s", "t": "provision:gas/t"}


class Soft:
    """The fold and the model side by side."""

    def __init__(self, model: ModuleType) -> None:
        self.model = model
        self.rule = model.Proposed(2)
        self.state = self.rule.start
        table = [(SUBJECTS[subject], words(name)) for name, (subject, _replaces) in model.PROPS.items()]
        self.names = {
            name: proposal_id(SUBJECTS[subject], words(name))
            for name, (subject, _replaces) in model.PROPS.items()
        }
        self.bare = Bare(2, *table)
        for pack, members in model.PACKS.items():
            content = {"title": {"en": pack}, "members": [self.names[m] for m in members]}
            self.bare.act("AA", Propose(f"package:{pack.lower()}", content))
            self.names[pack] = proposal_id(f"package:{pack.lower()}", content)

    def step(self, party: int, thing: str, full: bool) -> None:
        """One act on both sides."""
        self.state = self.rule.step(self.state, party, thing, full)
        act: Act
        if thing in SUBJECTS:
            act = Lift(SUBJECTS[thing], "scrutiny") if full else Reserve(SUBJECTS[thing], "scrutiny")
        else:
            act = TakeStance(self.names[thing], "accepts" if full else "holds")
        self.bare.act(("AA", "BB")[party], act)

    def check(self, story: object) -> None:
        """Both say the same of every subject."""
        expected = self.rule.agreed(self.state)
        for short, about in SUBJECTS.items():
            found = agreement.agreed(self.bare.programme, about)
            wanted = {self.names[name] for name in expected[short]}
            assert ({found} - {""}) == wanted, story


def test_agreement_is_what_the_model_says_after_any_three_acts(model: ModuleType) -> None:
    things = [*model.PROPS, *model.PACKS, *SUBJECTS]
    acts = list(itertools.product((0, 1), things, (True, False)))
    picker = random.Random(2)
    sequences = picker.sample(list(itertools.product(acts, repeat=3)), 6_000)
    for sequence in sequences:
        soft = Soft(model)

        for act in sequence:
            soft.step(*act)

        soft.check(sequence)


def test_agreement_is_what_the_model_says_along_long_random_talks(model: ModuleType) -> None:
    things = [*model.PROPS, *model.PACKS, *SUBJECTS]
    for seed in range(HISTORIES // 3):
        picker = random.Random(seed)
        soft = Soft(model)
        story: list[object] = []
        for _ in range(40):
            act = (picker.randrange(2), picker.choice(things), picker.random() < 0.75)
            story.append(act)

            soft.step(*act)

            soft.check(story)
