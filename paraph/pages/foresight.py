"""What does the outlook say now? Computed once for all who ask, outside of the journal's lock."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paraph.acts import Forecast
from paraph.node.asked import NODE, Answers, Asked, Step
from paraph.node.current import journal
from paraph.outlook import hindcast, ledger, warm
from paraph.outlook.causes import Blocker, Cause, blockers, causes, most
from paraph.outlook.durations import fixed, three_points
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import Change, Finish, forecast, taught
from paraph.outlook.network import Link, Network, schedule
from paraph.outlook.recorded import Reading, Recorded, held
from paraph.outlook.schedule import Schedule, Task, simulate
from paraph.state.programme import Programme

AGO = 30  # days: the curve in grey
GAINS, BACK = 1000, 1000  # futures in which gains are compared, and earlier months asked
PATIENCE = 1.5  # seconds for which a page waits for an answer before it shows how far the work is

_first: "Answers[Now]" = Answers(at_once=1, kept=4)
_second: Answers[Any] = Answers(at_once=2, kept=64)
_again: "Answers[dict[str, ledger.Again | OutlookRefused]]" = Answers(at_once=1, kept=400)
_reading = Reading()  # of one answer after the other
Three = tuple[int, int, int]  # days: at least, most likely, at most
Key = tuple[tuple[tuple[str, int], ...], int]


def _three(days: NDArray[np.float64]) -> Three:
    low, likely, high = (max(1, round(float(one))) for one in days)
    return low, likely, high


@dataclass
class Full:
    """What takes longer: what blocks, on what it depends, what would have been said in earlier months."""

    blockers: list[Blocker]
    causes: list[Cause]
    looked_back: list[hindcast.Looked]


@dataclass
class Now:
    """The record as read, and the futures that follow."""

    key: Key
    read: Recorded
    found: Finish
    before: Finish | None  # what was said a month ago, of what was known then
    _looked: list[hindcast.Looked] | None = None

    @property
    def today(self) -> int:
        """The day on which the record was read."""
        return int(self.read.past.as_of)

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """The days by which each open road map is agreed in 10, 50 and 90 of 100 futures."""
        found = {}
        for name in self.found.open:
            low, middle, high = np.quantile(self.found.of[name], [0.1, 0.5, 0.9], method="inverted_cdf")
            found[name] = float(low), float(middle), float(high)
        return found

    def full(self, by: int, step: Step = lambda _done, _all: None) -> Full:
        """What takes longer; `step` is told how many futures of how many are played."""
        fewer = forecast(self.read.past, taught(), GAINS, ledger.SEED)
        months = list(hindcast.months(self.read.past)) if self._looked is None else []
        every, gains, looked = GAINS * len(fewer.open) + BACK * len(months), [], []
        for gain in blockers(fewer, taught(), by, ledger.SEED):
            gains.append(gain)
            step(GAINS * len(gains), every)
        for month in hindcast.looked_back(self.read.past, months, taught(), BACK, ledger.SEED):
            looked.append(month)
            step(GAINS * len(gains) + BACK * len(looked), every)
        if self._looked is None:
            self._looked = looked
        return Full(most(gains), self._causes, self._looked)

    @cached_property
    def _causes(self) -> list[Cause]:
        return causes(self.found)

    @cached_property
    def work(self) -> dict[str, Three]:
        """
        The days of work that each open road map takes: at least, most likely, at most.

        The days by which the burn-down settles it include those in which others were settled. So they are
        made shorter by one factor, until all together are done on the middle day of the outlook.
        """
        burned = ~self.found.first if (~self.found.first).any() else self.found.first
        raw = {
            name: np.quantile(self.found.of[name][burned] - self.today, [0.1, 0.5, 0.9])
            for name in self.found.open
        }
        low, high = 0.0, 2.0
        for _halving in range(10):
            days = {name: _three(one * (low + high) / 2) for name, one in raw.items()}
            middle = simulate(self.schedule(days), BACK, ledger.SEED, look_back=False).at(0.5)
            late = self.today + middle > self.found.at(0.5)
            low, high = (low, (low + high) / 2) if late else ((low + high) / 2, high)
        return {name: _three(one * high) for name, one in raw.items()}

    def schedule(self, days: Mapping[str, Three]) -> Schedule:
        """The road maps with these days of work, and what they wait for; what is agreed is done."""
        names = tuple(sorted(self.read.past.standings))
        links = tuple(
            Link(name, other, "declared")
            for name, others in sorted(self.read.past.after.items())
            for other in others
            if name in self.found.of and other in self.found.of
        )
        tasks = {
            name: Task(
                name,
                three_points(*days[name]) if name in days else fixed(0),
                settled=name not in self.found.open,
            )
            for name in names
        }
        return schedule(Network(names, links), tasks)

    def changed(self, change: Change) -> Finish:
        """What if? In the same futures."""
        past, luck = self.read.past, self.found.luck
        return forecast(past, taught(), ledger.FUTURES, ledger.SEED, change=change, luck=luck)


def now(who: int = NODE, patience: float | None = None) -> Now | Asked[Now]:
    """The outlook of what this node holds at this moment, or the work on it."""
    with journal().lock:
        programme = journal().programme()
        key = tuple(sorted(programme.sizes().items())), _today()
    return _first.ask(key, lambda step: _made(key, step), who, PATIENCE if patience is None else patience)


def _made(key: Key, step: Step) -> Now:
    """Read the record, and play what follows; only what is new since the last answer is read."""
    if not warm.ready.is_set():
        warm.compile_all()
    with journal().lock:
        entries = held(journal().programme(), dict(key[0]))
    read = _reading.read(entries, date.fromordinal(key[1]), step)
    then, former = read.past.upto(read.past.as_of - AGO), _first.latest()
    if former and former.before and former.before.past == then:
        before: Finish | None = former.before
    else:
        before = forecast(then, taught(), ledger.FUTURES, ledger.SEED) if then.standings else None
    return Now(key, read, forecast(read.past, taught(), ledger.FUTURES, ledger.SEED), before)


def more(
    now: Now, question: object, work: Callable[[Step], Any], who: int = NODE, patience: float | None = None
) -> Any:
    """What else is asked of an answer, or the work on it; the same question is written the same way."""
    return _second.ask((now.key, repr(question)), work, who, PATIENCE if patience is None else patience)


def leave(name: str, who: int) -> bool:
    """Want work no more; False where it has ended."""
    return any(answers.leave(name, who) for answers in (_first, _second, _again))


def latest() -> Now | None:
    """The last answer there is, perhaps of yesterday's record; a newer one is prepared meanwhile."""
    if not warm.ready.is_set():
        return None
    found = now(patience=0)
    return _first.latest() if isinstance(found, Asked) else found


def _today() -> int:
    return journal().clock().astimezone(UTC).date().toordinal()


def usual(today: int) -> int:
    """The day that is asked about where none is named: the end of this year, or of the next from November."""
    day = date.fromordinal(today)
    return date(day.year + (day.month > 10), 12, 31).toordinal()


def again(acts: Sequence[Forecast]) -> "dict[str, ledger.Again | OutlookRefused] | None":
    """
    Forecasts of the record, made together, beside what this node computes; None while that is computed.

    Returns:
        By question; the reason where one cannot be computed again here.
    """
    key = made_together(acts[0]), tuple(act.question for act in acts)
    try:
        with journal().lock:
            entries = held(journal().programme(), acts[0].heads)
    except OutlookRefused as refused:
        return {act.question: refused for act in acts}
    found = _again.ask(key, lambda _step: _remade(entries, acts), patience=0)
    return None if isinstance(found, Asked) else found


def made_together(act: Forecast) -> tuple[object, ...]:
    """What forecasts have in common that follow from the same futures."""
    return tuple(sorted(act.heads.items())), act.as_of, act.futures, act.seed, act.model


def _remade(entries: Programme, acts: Sequence[Forecast]) -> "dict[str, ledger.Again | OutlookRefused]":
    found: dict[str, ledger.Again | OutlookRefused] = {}
    try:
        read, futures = ledger.remade(entries, acts[0])
    except OutlookRefused as refused:
        return {act.question: refused for act in acts}
    for act in acts:
        try:
            found[act.question] = ledger.compared(act, read, futures)
        except OutlookRefused as refused:
            found[act.question] = refused
    return found


def begin() -> None:
    """Compile, read and play before the first request asks; called when a node starts."""
    if journal().me is not None:
        threading.Thread(target=_prepare, name="outlook", daemon=True).start()


def _prepare() -> None:
    """What a page asks first, so that nobody waits for it."""
    found = now(patience=600)
    if isinstance(found, Now) and found.found.open:
        by = usual(found.today)
        more(found, ("full", by), lambda step: found.full(by, step), patience=0)
