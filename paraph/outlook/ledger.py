"""What was forecast on record, can it be computed again, and how good was it?

A forecast stands in the record as integers: days after its own day, per mille of the futures. It follows from
the joint record up to the heads that it names, its day, model, seed and number of futures, and from nothing
else; so any party computes it again and compares. Once it is known what happened, it is scored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil

import numpy as np

from paraph.acts import Forecast, Placed
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import Finish, forecast, taught
from paraph.outlook.recorded import AGREED, Recorded, held, recorded
from paraph.outlook.scores import brier, counts, crps, pit
from paraph.sentences import _
from paraph.state.programme import Programme

MODEL = "finish 3"  # another one where the same question from the same heads has another answer
ALL = "agreed"
LEVELS = tuple(range(25, 1000, 25))  # per mille
FUTURES, SEED = 4000, 1
MOST = 100_000  # futures that a node computes again for others
DAYS, PER_MILLE = 1, 2  # what may differ between two machines


def question(road_map: str = "") -> str:
    """How a question is written in the record."""
    return f"{ALL}:{road_map}" if road_map else ALL


def answer(found: Finish, read: Recorded, road_map: str, by: Iterable[date], seed: int) -> Forecast:
    """
    A forecast as it goes on record.

    Args:
        found: what `finish.forecast` made of `read.past`, with this seed and nothing changed.
        road_map: "" for all of them.
        by: dates for which the chance is said.
    """
    today = int(read.past.as_of)
    days = np.sort(found.of[road_map] if road_map else found.done) - today
    return Forecast(
        question(road_map),
        {str(share): max(0, ceil(days[_place(share, len(days))])) for share in LEVELS},
        dict(read.heads),
        MODEL,
        date.fromordinal(today).isoformat(),
        {
            day.isoformat(): round(float((days <= day.toordinal() - today).mean()) * 1000)
            for day in sorted(by)
        },
        seed,
        len(days),
    )


def _place(share: int, count: int) -> int:
    return min(count - 1, max(0, -(-share * count // 1000) - 1))


# ---------------------------------------------------------------- computed again


@dataclass(frozen=True)
class Again:
    """A forecast of the record beside what this node computes from the same heads."""

    mine: Forecast
    days: int  # the largest difference of a date
    per_mille: int  # the largest difference of a chance

    @property
    def reproduced(self) -> bool:
        """Say whether both are the same but for the last digit."""
        return self.days <= DAYS and self.per_mille <= PER_MILLE


def again(programme: Programme, act: Forecast) -> Again:
    """
    Compute a forecast of the record again.

    Raises:
        OutlookRefused: it was made by another model, does not say all that it rests on, or rests on
            entries that are not held here.
    """
    return again_from(held(programme, act.heads), act)


def again_from(entries: Programme, act: Forecast) -> Again:
    """The same from entries that `recorded.held` gave for the heads of the forecast."""
    return compared(act, *remade(entries, act))


def remade(entries: Programme, act: Forecast) -> tuple[Recorded, Finish]:
    """What a forecast was derived from: the same for all that were made together."""
    if act.model != MODEL:
        raise OutlookRefused(
            _("It was made by the model %(theirs)s; this node has %(ours)s."), theirs=act.model, ours=MODEL
        )
    if not act.as_of or not 0 < act.futures <= MOST:
        raise OutlookRefused(_("It does not say its day and a number of futures that can be played here."))
    read = recorded(entries, date.fromisoformat(act.as_of))
    return read, forecast(read.past, taught(), act.futures, act.seed)


def compared(act: Forecast, read: Recorded, found: Finish) -> Again:
    """A forecast beside what follows from the same."""
    road_map = act.question.partition(":")[2]
    if road_map and road_map not in read.past.standings:
        raise OutlookRefused(_("The road map that it is about was not open on that day."))
    mine = answer(found, read, road_map, map(date.fromisoformat, act.chances), act.seed)
    levels = act.quantiles.keys() & mine.quantiles.keys()
    if len(levels) < len(act.quantiles):
        raise OutlookRefused(_("It names shares of the futures that this node does not compute."))
    return Again(
        mine,
        max((abs(act.quantiles[share] - mine.quantiles[share]) for share in levels), default=0),
        max((abs(chance - mine.chances[day]) for day, chance in act.chances.items()), default=0),
    )


# ---------------------------------------------------------------- scored


@dataclass(frozen=True)
class Scored:
    """A forecast and what is known of it now."""

    placed: Placed
    act: Forecast
    happened: int | None  # the day on which it came true, as an ordinal
    briers: tuple[float, ...]  # of the dates that have passed
    crps: float | None  # days
    pit: float | None
    inside: bool | None  # of its range of 80 %


@dataclass(frozen=True)
class Ledger:
    """All forecasts on one question by one party."""

    party: str
    question: str
    scored: tuple[Scored, ...]  # oldest first
    missing: tuple[str, ...]  # months since the first one in which none was put on record, while it was open

    @property
    def known(self) -> tuple[Scored, ...]:
        """Those of which the outcome is known."""
        return tuple(one for one in self.scored if one.happened is not None)


@dataclass(frozen=True)
class Sum:
    """The scores of forecasts with a known outcome, and what is left out of them."""

    known: int
    waiting: int  # nothing has happened yet
    missing: int  # months without one
    inside: int  # in the range of 80 %
    brier: float | None
    briers: int  # dates that have passed
    crps: float | None  # days
    pits: tuple[int, ...]  # by fifths


def forecasts(programme: Programme) -> list[tuple[Placed, Forecast]]:
    """The forecasts of the record that count, as claimed times say."""
    found = [
        (placed, placed.act)
        for log, registers in programme.by.items()
        for placed in registers.entries
        if isinstance(placed.act, Forecast) and (log, placed.n) not in programme.voids
    ]
    return sorted(found, key=lambda pair: (pair[1].as_of, pair[0].order))


def ledgers(programme: Programme, read: Recorded) -> list[Ledger]:
    """The forecasts of the record by party and question, each with its score."""
    known = sorted(
        (one for one in forecasts(programme) if one[1].as_of),
        key=lambda pair: (pair[0].log, pair[1].question, pair[1].as_of),
    )
    found = []
    for (party, asked), group in groupby(known, lambda pair: (pair[0].log, pair[1].question)):
        scored = tuple(score(placed, act, read) for placed, act in group)
        until = min(one.happened or int(read.past.as_of) for one in scored)
        found.append(Ledger(party, asked, scored, _missing([one.act.as_of for one in scored], until)))
    return found


def score(placed: Placed, act: Forecast, read: Recorded) -> Scored:
    """A forecast beside what has happened by the day on which the record was read."""
    today, since = int(read.past.as_of), date.fromisoformat(act.as_of).toordinal()
    truth = happened(read, act.question.partition(":")[2], since)
    passed = [
        (chance / 1000, date.fromisoformat(day).toordinal())
        for day, chance in act.chances.items()
        if date.fromisoformat(day).toordinal() <= today
    ]
    briers = tuple(brier(chance, truth is not None and truth <= day) for chance, day in passed)
    if truth is None or not act.quantiles:
        return Scored(placed, act, truth, briers, None, None, None)
    sample = np.array(sorted(act.quantiles.values()), np.float64)
    taken = float(truth - since)
    low, high = (sample[_place(share, len(sample))] for share in (100, 900))
    return Scored(
        placed, act, truth, briers, crps(sample, taken), pit(sample, taken), bool(low <= taken <= high)
    )


def happened(read: Recorded, road_map: str, since: int) -> int | None:
    """The first day after that one by which it was so: this road map agreed or ended, or all agreed."""
    if not road_map:
        return next(
            (one.day for one in read.progress if one.day > since and one.agreed == one.maps > 0), None
        )
    stage = 0
    for event in read.past.events:
        if event.item == road_map:
            stage = {"enters": event.stage, "step": stage + 1, "returned": AGREED - 1, "gone": AGREED}[
                event.what
            ]
            if event.day > since and stage == AGREED:
                return int(event.day)
    return None


def _missing(days: Sequence[str], until: int) -> tuple[str, ...]:
    said = {day[:7] for day in days}
    month, last = date.fromisoformat(min(days)).replace(day=1), date.fromordinal(until)
    found = []
    while month <= last:
        if f"{month:%Y-%m}" not in said:
            found.append(f"{month:%Y-%m}")
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return tuple(found)


def summed(found: Iterable[Ledger]) -> Sum:
    """The scores of several ledgers together."""
    found = list(found)
    scored = [one for ledger in found for one in ledger.scored]
    briers = [value for one in scored for value in one.briers]
    errors = [one.crps for one in scored if one.crps is not None]
    return Sum(
        len(errors),
        len(scored) - len(errors),
        sum(len(ledger.missing) for ledger in found),
        sum(1 for one in scored if one.inside),
        sum(briers) / len(briers) if briers else None,
        len(briers),
        sum(errors) / len(errors) if errors else None,
        tuple(counts([one.pit for one in scored if one.pit is not None])),
    )
