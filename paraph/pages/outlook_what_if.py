"""What if? Before and after in the same futures.

What concerns the talks as a whole is played as the first page is. A team, a split and a summit are played
road map by road map, as What next is: there each takes days of its own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET
from numpy.typing import NDArray

from paraph.node.access import unlocked_members
from paraph.outlook import ledger
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import HORIZON, Change
from paraph.outlook.schedule import earlier, more_likely, quantile
from paraph.outlook.whatif import (
    AddTeam,
    Drop,
    Freeze,
    MoveSummit,
    Pace,
    Return,
    Settle,
    Split,
    with_summit,
)
from paraph.outlook.whatif import Change as Moved
from paraph.outlook.whatif import what_if as compared
from paraph.pages import charts
from paraph.pages.foresight import Now
from paraph.pages.outlook_head import LONG, SHOWN, Look, often, while_open
from paraph.pages.outlook_next import rounds_of

EVERY = 90  # days between summits
PARTS = 2
SUMMIT = "summit"


@dataclass(frozen=True)
class Wanted:
    """What is to be otherwise."""

    change: Change
    team: str  # that works on so many road maps more at a time
    places: int
    split: str  # a road map, into so many parts
    parts: int
    summit: int | None  # the day of the next one, and another day for it
    moved: int | None
    every: int  # days from one to the next

    @property
    def by_road_map(self) -> bool:
        """Say whether each road map is played for itself."""
        return bool(self.team or self.split or (self.summit and self.moved))

    @property
    def anything(self) -> bool:
        """Say whether anything is otherwise."""
        return self.by_road_map or self.change != Change()


@dataclass(frozen=True, eq=False)
class Both:
    """The day on which all are agreed, by future, before and after, counted from today."""

    before: NDArray[Any]
    after: NDArray[Any]


@require_GET
@unlocked_members
@while_open
def page(look: Look) -> HttpResponse:
    """Sliders, and what they change."""
    now, wanted = look.now, _wanted(look)
    rounds = rounds_of(look, {})
    found = look.more(
        ("what if", wanted, rounds.limit, rounds.teams, look.bodies, look.by),
        lambda _step: _by_road_map(look, wanted) if wanted.by_road_map else _as_a_whole(now, wanted),
    )
    change = wanted.change
    return look.page(
        "outlook_what_if.html",
        "what-if",
        by_said=look.when(look.by, LONG),
        wanted=wanted,
        change=change,
        changed=wanted.anything,
        frozen=round(change.frozen),
        spacing=round(change.spacing * 100),
        pace=round(change.pace * 100),
        limit=rounds.limit,
        each=look.number("each", 1, 1, 20),
        teams=sorted(rounds.teams),
        split_title=look.title(wanted.split),
        summit=date.fromordinal(wanted.summit) if wanted.summit else None,
        moved=date.fromordinal(wanted.moved) if wanted.moved else None,
        open_maps=[(name, look.title(name)) for name in now.found.open],
        agreed_maps=[(name, look.title(name)) for name in sorted(now.found.of) if name not in now.found.open],
        **(_told(look, found) if found else {}),
    )


def _wanted(look: Look) -> Wanted:
    asked, now = look.request.GET, look.now
    known = set(now.found.of)
    team, split = asked.get("team", ""), asked.get("split", "")
    return Wanted(
        Change(
            settled=tuple(name for name in asked.getlist("settled") if name in known),
            dropped=tuple(name for name in asked.getlist("dropped") if name in known),
            returned=tuple(name for name in asked.getlist("returned") if name in known),
            frozen=look.number("frozen", 0, 0, 730),
            spacing=look.number("spacing", 100, 25, 300) / 100,
            pace=look.number("pace", 100, 25, 400) / 100,
        ),
        team if any(team in bodies for bodies in look.bodies.values()) else "",
        look.number("places", 1, 1, 20),
        split if split in now.found.open else "",
        look.number("parts", PARTS, 2, 9),
        look.day("summit"),
        look.day("moved"),
        look.number("every", EVERY, 1, 3650),
    )


def _as_a_whole(now: Now, wanted: Wanted) -> Both:
    """The futures of the first page, with and without the change."""
    return Both(now.found.done - now.today, now.changed(wanted.change).done - now.today)


def _by_road_map(look: Look, wanted: Wanted) -> Both:
    """The futures of What next, with and without the change; the days of what is returned are usual ones."""
    now, change = look.now, wanted.change
    if change.spacing != 1:
        raise OutlookRefused(
            gettext_noop(
                "Teams, splits and summits are played road map by road map, without meetings between:"
                " set the time between meetings to 100 per cent."
            )
        )
    low, likely, high = (int(day) for day in np.median(list(now.work.values()), axis=0))
    days = {**now.work, **dict.fromkeys(change.returned, (low, likely, high))}
    before = rounds_of(look, days)
    changes: list[Moved] = [
        *(Settle(name) for name in change.settled),
        *(Return(name) for name in change.returned),
        *(Drop(name) for name in change.dropped),
    ]
    if change.frozen:
        changes.append(Freeze(0, change.frozen))
    if change.pace != 1:
        changes.append(Pace(change.pace))
    if wanted.split:
        parts = [f"{wanted.split} {number}" for number in range(1, wanted.parts + 1)]
        changes.append(Split(wanted.split, dict.fromkeys(parts, 1 / wanted.parts)))
    if wanted.team:
        changes.append(AddTeam(wanted.team, wanted.places))
    if wanted.summit:
        held = wanted.summit - now.today
        days_held = tuple(float(day) for day in range(held, int(HORIZON) + wanted.every, wanted.every))
        before = with_summit(before, SUMMIT, days_held, wanted.every)
        if wanted.moved:
            changes.append(MoveSummit(SUMMIT, held, wanted.moved - now.today))
    found = compared(before, changes, look.by - now.today, ledger.FUTURES, ledger.SEED)
    return Both(found.before.done, found.after.done)


def _told(look: Look, found: Both) -> dict[str, Any]:
    """Both answers and the difference, with the interval that the same futures give."""
    now, by = look.now, look.by - look.now.today
    more, sooner = more_likely(found.before, found.after, by), earlier(found.before, found.after)

    def at(days: NDArray[Any], share: int) -> float:
        return now.today + quantile(days, share / 1000)

    curves = [
        [(max(now.today, at(days, share)), share / 10) for share in ledger.LEVELS]
        for days in (found.after, found.before)
    ]
    last = max(look.by + 30, *(look.end(at(days, 900)) for days in (found.before, found.after)))
    title = _("Chance in per cent that all road maps are agreed, by day; in grey without the change.")
    return {
        "curve": charts.s_curve(title, curves[0], curves[1], now.today, look.by, last),
        "levels": [
            (share / 10, look.when(at(found.before, share)), look.when(at(found.after, share)))
            for share in SHOWN
        ],
        "before": often(float((found.before <= by).mean())),
        "after": often(float((found.after <= by).mean())),
        "more": _difference(100 * more.value, 100 * more.low, 100 * more.high),
        "sooner": _difference(sooner.value, sooner.low, sooner.high),
        "differs": more.differs or sooner.differs,
    }


def _difference(value: float, low: float, high: float) -> dict[str, Any]:
    """A difference for a sentence: how much, from what to what, and whether it is one to the worse."""
    least, most = sorted(abs(one) for one in (low, high)) if low * high > 0 else (low, high)
    return {"n": round(abs(value)), "low": round(least), "high": round(most), "worse": value < 0,
            "differs": low * high > 0}  # fmt: skip
