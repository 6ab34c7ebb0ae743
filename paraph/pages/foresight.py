"""What does the outlook say now? Computed once for all who ask, outside of the journal's lock."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property

import numpy as np
from django.db import connections
from numpy.typing import NDArray

from paraph.acts import Forecast
from paraph.node.current import journal
from paraph.outlook import hindcast, ledger, warm
from paraph.outlook.causes import Blocker, Cause, blockers, causes, most
from paraph.outlook.durations import fixed, three_points
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import Change, Finish, forecast, taught
from paraph.outlook.network import Link, Network, schedule
from paraph.outlook.past import Past
from paraph.outlook.recorded import Recorded, held, recorded
from paraph.outlook.schedule import Schedule, Task, simulate
from paraph.state.programme import Programme

AGO = 30  # days: the curve in grey
GAINS, BACK = 1000, 1000  # futures in which gains are compared, and earlier months asked
KEPT = 4  # answers that are kept
MANY = 20_000  # entries of which a page does not wait for the reading

_kept: "OrderedDict[Key, Now]" = OrderedDict()
_remade: "dict[tuple[object, ...], tuple[Recorded, Finish] | OutlookRefused]" = {}
_reading = threading.Lock()
_behind = threading.Lock()
Three = tuple[int, int, int]  # days: at least, most likely, at most
Key = tuple[tuple[tuple[str, int], ...], int]


def _three(days: NDArray[np.float64]) -> Three:
    low, likely, high = (max(1, round(float(one))) for one in days)
    return low, likely, high


@dataclass
class Now:
    """The record as read, the futures that follow, and what is asked of them; the slower parts on demand."""

    read: Recorded
    found: Finish

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

    @cached_property
    def before(self) -> Finish | None:
        """What was said a month ago, of what was known then."""
        then: Past = self.read.past.upto(self.today - AGO)
        return forecast(then, taught(), ledger.FUTURES, ledger.SEED) if then.standings else None

    @cached_property
    def causes(self) -> list[Cause]:
        """On what the day depends."""
        return causes(self.found)

    @cached_property
    def looked_back(self) -> list[hindcast.Looked]:
        """What would have been said in earlier months."""
        return list(hindcast.looked_back(self.read.past, taught(), BACK, ledger.SEED))

    def blockers(self, by: int) -> list[Blocker]:
        """What it gains to settle each open road map today."""
        if by not in self._blockers:
            fewer = forecast(self.read.past, taught(), GAINS, ledger.SEED)
            self._blockers[by] = most(list(blockers(fewer, taught(), by, ledger.SEED)))
        return self._blockers[by]

    @cached_property
    def _blockers(self) -> dict[int, list[Blocker]]:
        return {}

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
        """The open road maps with these days of work, and what they wait for; what is agreed is done."""
        names = tuple(sorted(self.read.past.standings))
        links = tuple(
            Link(name, other, "declared")
            for name, others in sorted(self.read.past.after.items())
            for other in others
            if name in self.found.of and other in self.found.of
        )
        open_ = {name: Task(name, three_points(*three)) for name, three in days.items()}
        tasks = {name: open_.get(name, Task(name, fixed(0), settled=True)) for name in names}
        return schedule(Network(names, links), tasks)

    def changed(self, change: Change) -> Finish:
        """What if? In the same futures."""
        past, luck = self.read.past, self.found.luck
        return forecast(past, taught(), ledger.FUTURES, ledger.SEED, change=change, luck=luck)


def now() -> Now:
    """The outlook of what this node holds at this moment."""
    key, entries = _asked()
    with _reading:
        if key not in _kept:
            if entries is None:
                with journal().lock:
                    entries = held(journal().programme(), dict(key[0]))
            _keep(key, made(entries, key[1]))
        return _kept[key]


def made(entries: Programme, today: int) -> Now:
    """Read entries as of a day, and play what follows."""
    read = recorded(entries, date.fromordinal(today))
    return Now(read, forecast(read.past, taught(), ledger.FUTURES, ledger.SEED))


def is_quick() -> bool:
    """Say whether `now` answers at once; where not, the answer is prepared meanwhile."""
    key, _entries = _asked(read=False)
    if warm.ready.is_set() and (key in _kept or sum(size for _log, size in key[0]) <= MANY):
        return True
    _prepare()
    return False


def latest() -> Now | None:
    """The last answer there is, perhaps of yesterday's record; a newer one is prepared meanwhile."""
    if not warm.ready.is_set():
        return None
    key, _entries = _asked(read=False)
    if key not in _kept:
        _prepare()
    with suppress(KeyError, IndexError):
        return _kept[key] if key in _kept else _kept[list(_kept)[-1]]
    return None


def _asked(*, read: bool = True) -> tuple[Key, Programme | None]:
    """What an answer rests on, and the entries where it is not there yet."""
    with journal().lock:
        programme = journal().programme()
        key = tuple(sorted(programme.sizes().items())), _today()
        return key, held(programme) if read and key not in _kept else None


def _today() -> int:
    return journal().clock().astimezone(UTC).date().toordinal()


def _keep(key: Key, found: Now) -> None:
    _kept[key] = found
    while len(_kept) > KEPT:
        _kept.popitem(last=False)


def _prepare(what: Callable[[], object] | None = None) -> None:
    """Prepare the answer, or something else, in a thread, one at a time: who asks again finds it."""
    if not _behind.acquire(blocking=False):
        return

    def work() -> None:
        try:
            if not warm.ready.is_set():
                warm.compile_all()
            (what or _everything)()
        finally:
            _behind.release()
            connections.close_all()

    threading.Thread(target=work, name="outlook", daemon=True).start()


def _everything() -> None:
    """What a page asks first, so that nobody waits for it."""
    with suppress(OutlookRefused):
        found = now()
        if found.found.open:
            found.blockers(usual(found.today))
            _parts = found.before, found.causes, found.looked_back, found.work


def usual(today: int) -> int:
    """The day that is asked about where none is named: the end of this year, or of the next from November."""
    day = date.fromordinal(today)
    return date(day.year + (day.month > 10), 12, 31).toordinal()


def again(act: Forecast) -> ledger.Again | None:
    """
    A forecast of the record beside what this node computes; None while that is computed.

    Raises:
        OutlookRefused: it cannot be computed again here.
    """
    key = tuple(sorted(act.heads.items())), act.as_of, act.futures, act.seed, act.model
    if key not in _remade:
        with journal().lock:
            entries = held(journal().programme(), act.heads)
        _prepare(lambda: _remade.update({key: _remake(entries, act)}))
        return None
    found = _remade[key]
    if isinstance(found, OutlookRefused):
        raise found
    return ledger.compared(act, *found)


def _remake(entries: Programme, act: Forecast) -> "tuple[Recorded, Finish] | OutlookRefused":
    try:
        return ledger.remade(entries, act)
    except OutlookRefused as refused:
        return refused


def begin() -> None:
    """Compile and read before the first request asks; called when a node starts."""
    if journal().me is not None:
        _prepare()
