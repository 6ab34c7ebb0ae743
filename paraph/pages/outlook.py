"""The outlook: when all will be agreed, on what it depends, and what blocks."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from paraph.node.access import person_of, unlocked_members
from paraph.node.current import journal
from paraph.outlook import ledger, progress
from paraph.outlook.past import accessions
from paraph.outlook.scores import counts
from paraph.pages import charts, foresight
from paraph.pages.charts import Bar
from paraph.pages.foresight import Full, Now
from paraph.pages.frame import heads_line
from paraph.pages.outlook_head import FAR, LONG, Look, looking, often, when

TELLING = 3  # per cent by which what is left has to move the pace before it is told
FIFTHS = ("0–20 %", "20–40 %", "40–60 %", "60–80 %", "80–100 %")
CAUSES = {
    "model": gettext_lazy("Which model holds: burn-down or stages"),
    "pace": gettext_lazy("Pace of the programme"),
    "gap": gettext_lazy("Time between meetings"),
    "freeze": gettext_lazy("Freezes of the programme"),
    "returned": gettext_lazy("Returns to refinement"),
}


@require_GET
@unlocked_members
@looking
def page(look: Look) -> HttpResponse:
    """The answer in a sentence, the curve, the road maps; and what takes a second more, when asked for."""
    now = look.now
    if not now.found.open:
        return render(look.request, "outlook.html", {"tab": "outlook", "settled": bool(now.found.of)})
    full = bool(look.request.GET.get("full"))
    with journal().lock:
        ledgers = ledger.ledgers(journal().programme(), now.read)
    context: dict[str, Any] = {
        "answered": True,
        "count": len(now.found.of),
        "chance": often(now.found.probability(look.by)),
        "by_said": look.when(look.by, LONG),
        "half": look.when(now.found.at(0.5), LONG),
        "low": look.when(now.found.at(0.1), LONG),
        "high": look.when(now.found.at(0.9), LONG),
        "curve": _curve(look),
        "levels": look.levels(now.found, now.before),
        "maps": _maps(look),
        "ranges": _ranges(look),
        "sum": ledger.summed(ledgers),
        "conditions": _conditions(look),
        "heads": sorted((log, size, size - 1) for log, size in now.read.heads.items()),
        "heads_line": heads_line(dict(now.read.heads)),
        "full": full,
        "may_act": person_of(look.request).may_act,
        "progress": _progress(now),
        "progress_rows": [(date.fromordinal(one.day), one) for one in reversed(now.read.progress)],
        "answers": _answers(now),
    }
    if full and (found := look.more(("full", look.by), lambda step: now.full(look.by, step))):
        context |= _slower(look, found)
    return look.page("outlook.html", "outlook", **context)


def _curve(look: Look) -> Any:
    title = _("Chance in per cent that all road maps are agreed, by day; the line stands at %(date)s.") % {
        "date": look.when(look.by)
    }
    now = look.now
    before = look.points(now.before) if now.before else []
    return charts.s_curve(title, look.points(now.found), before, now.today, look.by, look.last(now.found))


def _maps(look: Look) -> list[dict[str, Any]]:
    """The open road maps, by the middle of their range."""
    now = look.now
    last = now.found.last()
    evidence = {noted.event.item: noted.placed for noted in now.read.noted}
    rows = []
    for name in now.found.open:
        days = now.found.of[name]
        low, middle, high = now.ranges[name]
        rows.append(
            {
                "id": name,
                "title": look.title(name),
                "stage": ("drafting", "coordination")[now.read.past.standings[name].stage],
                "low": look.when(low),
                "middle": look.when(middle),
                "high": look.when(high),
                "chance": often(float((days <= look.by).mean())),
                "last": often(last[name]),
                "order": (middle, name),
                "placed": evidence.get(name),
            }
        )
    return sorted(rows, key=lambda row: row["order"])


def _ranges(look: Look) -> Any:
    now, bars = look.now, []
    for name in now.found.open:
        low, middle, high = now.ranges[name]
        bars.append(Bar(look.title(name), low, high, middle))
    bars.sort(key=lambda bar: (bar.middle, bar.label))
    bars.append(Bar(_("all"), now.found.at(0.1), now.found.at(0.9), now.found.at(0.5)))
    title = _("For each open road map the days by which it is agreed in 10, 50 and 90 of 100 futures.")
    return charts.ranges(title, bars, now.today, look.last(now.found), look.by)


def _progress(now: Now) -> Any:
    """Brackets, options and reserves over time."""
    lines = [
        (name, [(one.day, float(getattr(one, field))) for one in now.read.progress])
        for name, field in (
            (_("brackets"), "brackets"), (_("options in them"), "options"), (_("reserves"), "reserves"),
        )
    ]  # fmt: skip
    return charts.series(_("Brackets, options and reserves open at the end of each day."), lines,
                         now.read.past.begun, now.today)  # fmt: skip


def _answers(now: Now) -> list[dict[str, Any]]:
    """How long each party takes to answer what another has proposed, and what waits for it."""
    rows = []
    for party in journal().charter.parties:
        given = sorted(a.days for a in now.read.answers if a.party == party.code and a.answered)
        waits = sorted(a.days for a in now.read.answers if a.party == party.code and not a.answered)
        rows.append(
            {
                "party": party.code,
                "answers": len(given),
                "median": given[len(given) // 2] if given else None,
                "ninth": given[len(given) * 9 // 10] if given else None,
                "waits": len(waits),
                "longest": waits[-1] if waits else None,
            }
        )
    return rows


def _conditions(look: Look) -> list[str]:
    """What the answer rests on, in sentences."""
    now = look.now
    alone = [
        often(float((now.found.done[part] <= look.by).mean()))
        for part in (~now.found.first, now.found.first)
        if part.any()
    ]
    quiet = int(now.read.past.quiet)
    found = [
        _("From the joint record alone: no mandate, no estimate of an expert, no politics."),
        _("Each of %(n)s futures has its own luck: pace, meetings, freezes, returns, hard road maps.")
        % {"n": len(now.found.done)},
        _("Learned from five accession negotiations; %(share)s %% of their dates are from memory.")
        % {"share": round(_from_memory() * 100)},
        _("Assumed: after a year without a step a programme is frozen, and the longer, the longer still."),
    ]
    if now.read.past.meetings:
        found.append(
            ngettext(
                "The last road map took a step %(n)s day ago.",
                "The last road map took a step %(n)s days ago.",
                quiet,
            )
            % {"n": quiet}
        )
    if len(alone) == 2:
        found.insert(
            2,
            _("Two models share the futures. The burn-down alone says %(burn)s, the stages alone %(stages)s.")
            % {"burn": alone[0], "stages": alone[1]},
        )
        found.insert(
            3,
            _(
                "The burn-down gives %(share)s of 100 futures: that follows from other programmes, and from"
                " how well it would have foretold the meetings of this one."
            )
            % {"share": round(100 * float((~now.found.first).mean()))},
        )
    if now.read.past.left:
        rate = round(100 * 11 ** -progress.learned(now.read.past).slope)
        found.append(
            _(
                "This record does not tell yet whether brackets, options and reserves that are left"
                " slow a road map."
            )
            if abs(rate - 100) < TELLING
            else _(
                "As far as this record tells, a road map in which ten brackets, options and reserves are left"
                " goes at %(rate)s %% of the pace of one with none."
            )
            % {"rate": rate}
        )
    return found


@cache
def _from_memory() -> float:
    steps = [one for past in accessions().values() for one in past.events if one.what == "step"]
    return sum(1 for one in steps if not one.sourced) / len(steps)


def _slower(look: Look, full: Full) -> dict[str, Any]:
    """What blocks, on what the day depends, and what would have been said in earlier months."""
    now = look.now
    blockers = [
        {
            "id": one.item,
            "title": look.title(one.item),
            "gain": round(one.probability.value * 100),
            "gain_low": round(one.probability.low * 100),
            "gain_high": round(one.probability.high * 100),
            "days": round(one.median.value),
            "differs": one.probability.differs or one.median.differs,
            "last": often(one.last),
        }
        for one in full.blockers
    ]
    middle = now.found.at(0.5)
    causes = [
        (
            look.title(one.item) if one.item else str(CAUSES[one.kind]),
            one.early,
            one.late,
        )
        for one in full.causes
        if one.moves.low > 0
    ]
    looked = full.looked_back
    pits = counts([one.pit for one in looked])
    return {
        "blockers": blockers,
        "same": len(blockers) > 1 and all(one["gain"] == blockers[0]["gain"] for one in blockers),
        "tornado": charts.tornado(
            _("How far each cause moves the middle day: left where it turns out well, right where badly."),
            [Bar(label, early, late) for label, early, late in causes],
            middle,
            min(now.today + FAR, max([middle + 30, *(late for _label, _early, late in causes)])),
        ),
        "causes": [(label, look.when(early), look.when(late)) for label, early, late in causes],
        "looked": [(date.fromordinal(one.day), one) for one in reversed(looked)],
        "looked_inside": sum(one.inside for one in looked),
        "calibration": charts.columns(
            _("How often the truth fell into each fifth of what was said; equal columns are right."),
            FIFTHS, pits, len(looked) / 5,
        ),
        "fifths": list(zip(FIFTHS, pits, strict=True)),
    }  # fmt: skip


def forecast_of(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """For the board and a road map's page: the range of each open one, as last computed; {} where none is."""
    now = foresight.latest()
    if now is None:
        return {}
    found = {}
    for name in names:
        if name in now.found.open:
            low, middle, high = now.ranges[name]
            found[name] = {
                key: when(day, now.today, str(charts.MONTH))
                for key, day in (("low", low), ("middle", middle), ("high", high))
            }
    return found
