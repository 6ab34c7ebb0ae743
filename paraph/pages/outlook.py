"""The outlook: when all will be agreed, what blocks, what if, and how good earlier forecasts were."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from paraph.acts import Forecast
from paraph.node.access import person_of, unlocked_members, unlocked_negotiators
from paraph.node.current import journal
from paraph.outlook import ledger, progress
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import HORIZON, Change, Finish
from paraph.outlook.past import accessions
from paraph.outlook.schedule import earlier, more_likely
from paraph.outlook.scores import counts
from paraph.pages import charts, foresight
from paraph.pages.acting import record
from paraph.pages.charts import Bar
from paraph.pages.foresight import Now
from paraph.pages.frame import heads_line, reading
from paraph.pages.sayings import said
from paraph.sentences import in_language
from paraph.state import roadmaps

SHOWN = (25, 100, 200, 300, 400, 500, 600, 700, 800, 900, 975)  # per mille, in the table
FAR = 5 * 366  # days: a chart ends there, or where nine in ten futures are done
LONG = "j E Y"  # a date within a sentence
MOST = 200  # forecasts that are listed
TELLING = 3  # per cent by which what is left has to move the pace before it is told
FIFTHS = ("0–20 %", "20–40 %", "40–60 %", "60–80 %", "80–100 %")
CAUSES = {
    "model": gettext_lazy("Which model holds: burn-down or stages"),
    "pace": gettext_lazy("Pace of the programme"),
    "gap": gettext_lazy("Time between meetings"),
    "freeze": gettext_lazy("Freezes of the programme"),
    "returned": gettext_lazy("Returns to refinement"),
}


# ---------------------------------------------------------------- words for numbers


def when(day: float, today: int, form: str = "j M Y") -> str:
    """A day for a reader; how far the outlook goes where it lies beyond."""
    if day >= today + int(HORIZON):
        return _("after %(year)s") % {"year": date.fromordinal(today + int(HORIZON)).year}
    return date_format(date.fromordinal(ceil(day)), form)


def often(chance: float) -> str:
    """A chance as a number of futures: 44 of 100."""
    number = round(chance * 100)
    if chance and not number:
        return _("fewer than 1 of 100")
    if chance < 1 and number == 100:
        return _("more than 99 of 100")
    return _("%(n)s of 100") % {"n": number}


def asked_day(request: HttpRequest, now: Now) -> int:
    """The day that is asked about."""
    today, usual = date.fromordinal(now.today), date.fromordinal(foresight.usual(now.today))
    given = request.GET.get("by", "")
    try:
        day = date.fromisoformat(given) if given else usual
    except ValueError:
        messages.error(request, _("Write the date like 2021-12-31."))
        day = usual
    if not today < day <= date.fromordinal(now.today + int(HORIZON)):
        messages.error(request, _("Ask about a day to come within twenty years."))
        day = usual
    return day.toordinal()


def titles_of(now: Now) -> dict[str, str]:
    """Number and title of each road map, as the reader reads."""
    with journal().lock:
        programme = journal().programme()
        first = reading(programme)
        return {
            one.id: f"{one.number} {in_language(one.title, first)}" for one in roadmaps.road_maps(programme)
        }


def waiting(request: HttpRequest) -> HttpResponse:
    return render(request, "outlook_wait.html", {"tab": ""})


# ---------------------------------------------------------------- the outlook


@require_GET
@unlocked_members
def page(request: HttpRequest) -> HttpResponse:
    """The answer in a sentence, the curve, the road maps; and what takes a second more, when asked for."""
    if not foresight.is_quick():
        return waiting(request)
    now = foresight.now()
    if not now.found.open:
        return render(request, "outlook.html", {"tab": "outlook", "settled": bool(now.found.of)})
    by, titles, full = asked_day(request, now), titles_of(now), bool(request.GET.get("full"))
    context: dict[str, Any] = {
        "tab": "outlook",
        "answered": True,
        "by": date.fromordinal(by),
        "today": date.fromordinal(now.today),
        "count": len(now.found.of),
        "chance": often(now.found.probability(by)),
        "by_said": when(by, now.today, LONG),
        "half": when(now.found.at(0.5), now.today, LONG),
        "low": when(now.found.at(0.1), now.today, LONG),
        "high": when(now.found.at(0.9), now.today, LONG),
        "curve": _curve(now, by),
        "levels": [
            (share / 10, when(now.found.at(share / 1000), now.today), _ago(now, share / 1000))
            for share in SHOWN
        ],
        "maps": _maps(now, titles, by),
        "ranges": _ranges(now, titles, by),
        "sum": ledger.summed(_ledgers(now)),
        "conditions": _conditions(now, by),
        "heads": sorted((log, size, size - 1) for log, size in now.read.heads.items()),
        "heads_line": heads_line(dict(now.read.heads)),
        "full": full,
        "may_act": person_of(request).may_act,
        "progress": _progress(now),
        "progress_rows": [(date.fromordinal(one.day), one) for one in reversed(now.read.progress)],
        "answers": _answers(now),
    }
    if full:
        context |= _slower(now, titles, by)
    return render(request, "outlook.html", context)


def _ago(now: Now, share: float) -> str:
    return when(now.before.at(share), now.today) if now.before else ""


def _last(now: Now, found: Finish) -> float:
    """Where a chart ends."""
    return min(now.today + FAR, max(now.today + 90, found.at(0.9) + 30))


def _curve(now: Now, by: int) -> Any:
    def points(found: Finish) -> list[tuple[float, float]]:
        return [(max(now.today, found.at(share / 1000)), share / 10) for share in ledger.LEVELS]

    title = _("Chance in per cent that all road maps are agreed, by day; the line stands at %(date)s.") % {
        "date": when(by, now.today)
    }
    before = points(now.before) if now.before else []
    return charts.s_curve(
        title, points(now.found), before, now.today, by, max(by + 30, _last(now, now.found))
    )


def _maps(now: Now, titles: dict[str, str], by: int) -> list[dict[str, Any]]:
    """The open road maps, by the middle of their range."""
    last = now.found.last()
    evidence = {noted.event.item: noted.placed for noted in now.read.noted}
    rows = []
    for name in now.found.open:
        days = now.found.of[name]
        low, middle, high = now.ranges[name]
        rows.append(
            {
                "id": name,
                "title": titles.get(name, name),
                "stage": ("drafting", "coordination")[now.read.past.standings[name].stage],
                "low": when(low, now.today),
                "middle": when(middle, now.today),
                "high": when(high, now.today),
                "chance": often(float((days <= by).mean())),
                "last": often(last[name]),
                "order": (middle, name),
                "placed": evidence.get(name),
            }
        )
    return sorted(rows, key=lambda row: row["order"])


def _ranges(now: Now, titles: dict[str, str], by: int) -> Any:
    bars = []
    for name in now.found.open:
        low, middle, high = now.ranges[name]
        bars.append(Bar(titles.get(name, name), low, high, middle))
    bars.sort(key=lambda bar: (bar.middle, bar.label))
    bars.append(Bar(_("all"), now.found.at(0.1), now.found.at(0.9), now.found.at(0.5)))
    title = _("For each open road map the days by which it is agreed in 10, 50 and 90 of 100 futures.")
    return charts.ranges(title, bars, now.today, max(by + 30, _last(now, now.found)), by)


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


def _conditions(now: Now, by: int) -> list[str]:
    """What the answer rests on, in sentences."""
    alone = [
        often(float((now.found.done[part] <= by).mean()))
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
        ngettext(
            "The last road map took a step %(n)s day ago.",
            "The last road map took a step %(n)s days ago.",
            quiet,
        )
        % {"n": quiet},
    ]
    if len(alone) == 2:
        found.insert(
            2,
            _("Two models share the futures. The burn-down alone says %(burn)s, the stages alone %(stages)s.")
            % {"burn": alone[0], "stages": alone[1]},
        )
    if now.read.past.left:
        rate = round(100 * 11 ** -progress.learned(now.read.past).slope)
        found.append(
            _(
                "This record does not tell yet whether brackets, options and reserves that are left slow a road map."
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


def _slower(now: Now, titles: dict[str, str], by: int) -> dict[str, Any]:
    """What blocks, on what the day depends, and what would have been said in earlier months."""
    blockers = [
        {
            "id": one.item,
            "title": titles.get(one.item, one.item),
            "gain": round(one.probability.value * 100),
            "gain_low": round(one.probability.low * 100),
            "gain_high": round(one.probability.high * 100),
            "days": round(one.median.value),
            "differs": one.probability.differs or one.median.differs,
            "last": often(one.last),
        }
        for one in now.blockers(by)
    ]
    middle = now.found.at(0.5)
    causes = [
        (
            titles.get(one.item, one.item) if one.item else str(CAUSES[one.kind]),
            one.early,
            one.late,
        )
        for one in now.causes
        if one.moves.low > 0
    ]
    looked = now.looked_back
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
        "causes": [(label, when(early, now.today), when(late, now.today)) for label, early, late in causes],
        "looked": [(date.fromordinal(one.day), one) for one in reversed(looked)],
        "looked_inside": sum(one.inside for one in looked),
        "calibration": charts.columns(
            _("How often the truth fell into each fifth of what was said; equal columns are right."),
            FIFTHS, pits, len(looked) / 5,
        ),
        "fifths": list(zip(FIFTHS, pits, strict=True)),
    }  # fmt: skip


# ---------------------------------------------------------------- what if


@require_GET
@unlocked_members
def what_if(request: HttpRequest) -> HttpResponse:
    """Before and after in the same futures."""
    if not foresight.is_quick():
        return waiting(request)
    now = foresight.now()
    if not now.found.open:
        return redirect("outlook")
    by, titles = asked_day(request, now), titles_of(now)
    asked = request.GET
    known = set(now.found.of)
    change = Change(
        settled=tuple(name for name in asked.getlist("settled") if name in known),
        dropped=tuple(name for name in asked.getlist("dropped") if name in known),
        returned=tuple(name for name in asked.getlist("returned") if name in known),
        frozen=_slider(asked.get("frozen"), 0, 0, 730),
        spacing=_slider(asked.get("spacing"), 100, 25, 300) / 100,
        pace=_slider(asked.get("pace"), 100, 25, 400) / 100,
    )
    after = now.changed(change)
    one, two = (found.done.astype("float32") for found in (now.found, after))
    more, sooner = more_likely(one, two, by), earlier(one, two)
    rows = [
        (share / 10, when(now.found.at(share / 1000), now.today), when(after.at(share / 1000), now.today))
        for share in SHOWN
    ]
    title = _("Chance in per cent that all road maps are agreed, by day; in grey without the change.")
    curves = [
        [(max(now.today, found.at(share / 1000)), share / 10) for share in ledger.LEVELS]
        for found in (after, now.found)
    ]
    last = max(_last(now, now.found), _last(now, after), by + 30)
    agreed = [name for name in sorted(now.found.of) if name not in now.found.open]
    context = {
        "tab": "what-if",
        "by": date.fromordinal(by),
        "by_said": when(by, now.today, LONG),
        "change": change,
        "changed": change != Change(),
        "frozen": round(change.frozen),
        "spacing": round(change.spacing * 100),
        "pace": round(change.pace * 100),
        "open_maps": [(name, titles.get(name, name)) for name in now.found.open],
        "agreed_maps": [(name, titles.get(name, name)) for name in agreed],
        "curve": charts.s_curve(title, curves[0], curves[1], now.today, by, last),
        "levels": rows,
        "before": often(now.found.probability(by)),
        "after": often(after.probability(by)),
        "more": _told(100 * more.value, 100 * more.low, 100 * more.high),
        "sooner": _told(sooner.value, sooner.low, sooner.high),
        "differs": more.differs or sooner.differs,
    }
    return render(request, "outlook_what_if.html", context)


def _told(value: float, low: float, high: float) -> dict[str, Any]:
    """A difference for a sentence: how much, from what to what, and whether it is one to the worse."""
    least, most = sorted(abs(one) for one in (low, high)) if low * high > 0 else (low, high)
    return {"n": round(abs(value)), "low": round(least), "high": round(most), "worse": value < 0,
            "differs": low * high > 0}  # fmt: skip


def _slider(given: str | None, usual: int, least: int, most: int) -> int:
    """A whole number between two; the usual one where none was given."""
    try:
        return min(most, max(least, int(given or usual)))
    except ValueError:
        return usual


# ---------------------------------------------------------------- on record


@require_GET
@unlocked_members
def on_record(request: HttpRequest) -> HttpResponse:
    """The forecasts of the record: computed again, and scored where the outcome is known."""
    if not foresight.is_quick():
        return waiting(request)
    now = foresight.now()
    titles, found = titles_of(now), _ledgers(now)
    rows: list[dict[str, Any]] = [
        {
            "one": one,
            "day": date.fromisoformat(one.act.as_of),
            "about": _about(one.act, titles),
            "low": _said(one.act, "100"),
            "middle": _said(one.act, "500"),
            "high": _said(one.act, "900"),
            "happened": date.fromordinal(one.happened) if one.happened else None,
            "crps": round(one.crps) if one.crps is not None else None,
        }
        for group in found
        for one in group.scored
    ]
    rows.sort(key=lambda row: (row["day"], row["one"].placed.order), reverse=True)
    rows = rows[:MOST]
    for row in rows:
        row |= _again(row["one"].act)
    total = ledger.summed(found)
    context = {
        "tab": "ledger",
        "rows": rows,
        "pending": any(row["again"] is None and not row["refused"] for row in rows),
        "sum": total,
        "missing": [
            (group.party, _about_question(group.question, titles), group.missing)
            for group in found
            if group.missing
        ],
        "calibration": charts.columns(
            _("How often the truth fell into each fifth of what was said; equal columns are right."),
            FIFTHS, total.pits, total.known / 5,
        ),
        "fifths": list(zip(FIFTHS, total.pits, strict=True)),
        "crps": round(total.crps) if total.crps is not None else None,
        "brier": f"{total.brier:.3f}" if total.brier is not None else "",
        "may_act": person_of(request).may_act and bool(now.found.open),
    }  # fmt: skip
    return render(request, "outlook_ledger.html", context)


def _ledgers(now: Now) -> list[ledger.Ledger]:
    with journal().lock:
        return ledger.ledgers(journal().programme(), now.read)


def _again(act: Forecast) -> dict[str, Any]:
    """What the column says: reproduced, the difference, why it cannot be computed, or not yet."""
    try:
        return {"again": foresight.again(act), "refused": ""}
    except OutlookRefused as refused:
        return {"again": None, "refused": said(refused.sentence)}


def _about(act: Forecast, titles: dict[str, str]) -> str:
    return _about_question(act.question, titles)


def _about_question(question: str, titles: dict[str, str]) -> str:
    name = question.partition(":")[2]
    return titles.get(name, name) if name else _("all road maps")


def _said(act: Forecast, share: str) -> str:
    today = date.fromisoformat(act.as_of).toordinal()
    return when(today + act.quantiles[share], today) if share in act.quantiles else ""


@unlocked_negotiators
def publish(request: HttpRequest) -> HttpResponse:
    """What would go on record, line by line; sent from here."""
    if not foresight.is_quick():
        return waiting(request)
    now = foresight.now()
    if not now.found.open:
        return redirect("outlook-ledger")
    by, titles = asked_day(request, now), titles_of(now)
    seen = heads_line(dict(now.read.heads))
    acts = [
        ledger.answer(now.found, now.read, name, [date.fromordinal(by)], ledger.SEED)
        for name in ("", *now.found.open)
    ]
    if request.method == "POST":
        if request.POST.get("seen") != seen:
            messages.error(
                request, _("The record went on while you were reading; look again before you send.")
            )
        elif record(request, acts, _("The forecast is on record.")):
            return redirect("outlook-ledger")
    context = {
        "tab": "ledger",
        "rows": [
            (_about(act, titles), _said(act, "100"), _said(act, "500"), _said(act, "900"),
             often(next(iter(act.chances.values())) / 1000))
            for act in acts
        ],
        "seen": seen,
        "by": date.fromordinal(by),
        "model": ledger.MODEL,
        "seed": ledger.SEED,
        "futures": ledger.FUTURES,
    }  # fmt: skip
    return render(request, "outlook_publish.html", context)


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
                key: when(day, now.today, "M Y")
                for key, day in (("low", low), ("middle", middle), ("high", high))
            }
    return found
