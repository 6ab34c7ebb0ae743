"""What next? Which road maps the experts take, and what goes on the agenda of a meeting."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from paraph.node.access import unlocked_members
from paraph.node.current import journal
from paraph.outlook import ledger
from paraph.outlook.agenda import LEVELS, MOST, Agenda, Level, Meeting, Point, agenda
from paraph.outlook.choice import RoundPlan, round_plan
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.rounds import Rounds, Team
from paraph.outlook.schedule import Gain, Span, simulate
from paraph.pages import foresight
from paraph.pages.foresight import Now, Three
from paraph.pages.frame import reading
from paraph.pages.outlook import asked_day, often, titles_of, waiting, when
from paraph.pages.sayings import said
from paraph.sentences import in_language
from paraph.state import roadmaps

FUTURES = 1000
TAKEN = 6  # road maps in detailed study at a time
MINUTES = 360  # of a meeting
EACH = 60  # minutes of a point
MEETINGS = {
    "experts": gettext_lazy("experts"),
    "heads": gettext_lazy("heads of delegation"),
    "ministers": gettext_lazy("ministers"),
    "leaders": gettext_lazy("leaders"),
}
WHY = {
    "level": gettext_lazy("needs a higher level"),
    "time": gettext_lazy("no time left"),
    "presence": gettext_lazy("who is needed is not there long enough"),
    "no gain": gettext_lazy("gains nothing beside the others"),
}


# ---------------------------------------------------------------- what is given


def _number(given: str | None, usual: int, least: int, most: int) -> int:
    """A whole number between two; the usual one where none was given."""
    try:
        return min(most, max(least, int(given))) if given else usual
    except ValueError:
        return usual


def three_of(request: HttpRequest, name: str, usual: Three, called: str) -> Three:
    """Days as typed: at least, most likely, at most; the usual ones where nothing, or nonsense, is typed."""
    typed = [request.GET.get(f"{name}.{place}", "").strip() for place in range(3)]
    try:
        low, likely, high = (int(word) if word else days for word, days in zip(typed, usual, strict=True))
        if not 0 <= low <= likely <= high <= 100_000:
            raise ValueError
    except ValueError:
        messages.error(
            request,
            _("An estimate names whole days: at least, most likely, at most, in rising order: %(map)s")
            % {"map": called},
        )
        return usual
    return low, likely, high


def bodies_of(now: Now) -> dict[str, tuple[str, ...]]:
    """The responsible bodies of each open road map, in the reader's language."""
    with journal().lock:
        programme = journal().programme()
        first = reading(programme)
        return {
            one.id: tuple(
                f"{party}: {in_language(body, first)}"
                for party, bodies in sorted(one.card.bodies.items())
                for body in bodies
            )
            for one in roadmaps.road_maps(programme)
            if one.id in now.found.open
        }


def _days(span: Span) -> str:
    """A gain in days with its interval; "no difference" where it covers zero."""
    if not span.differs:
        return _("no difference")
    n = round(span.value)
    return ngettext("%(n)s day (%(low)s … %(high)s)", "%(n)s days (%(low)s … %(high)s)", n) % {
        "n": n,
        "low": round(span.low),
        "high": round(span.high),
    }


# ---------------------------------------------------------------- the round plan


@require_GET
@unlocked_members
def plan(request: HttpRequest) -> HttpResponse:
    """Which road maps are taken next, why, and what binds."""
    if not foresight.is_quick():
        return waiting(request)
    now = foresight.now()
    if not now.found.open:
        return redirect("outlook")
    titles, bodies = titles_of(now), bodies_of(now)
    days = {name: three_of(request, name, usual, titles.get(name, name)) for name, usual in now.work.items()}
    limit = _number(request.GET.get("limit"), min(TAKEN, len(now.found.open)), 1, 100)
    each = _number(request.GET.get("each"), 1, 1, 20)
    teams = {body: Team(each) for names in bodies.values() for body in names}
    found, trouble = None, ""
    try:
        rounds = Rounds(now.schedule(days), bodies, teams, limit)
        tries = max(40, min(200, 1400 // len(now.found.open)))
        found = round_plan(rounds, FUTURES, ledger.SEED, tries)
    except OutlookRefused as refused:
        trouble = said(refused.sentence)
    context = {
        "tab": "next",
        "limit": limit,
        "each": each,
        "inputs": [
            (name, titles.get(name, name), days[name], bodies.get(name, ())) for name in now.found.open
        ],
        "trouble": trouble,
        "today": date.fromordinal(now.today),
        **(_told(now, found, titles, bodies) if found else {}),
    }
    return render(request, "outlook_next.html", context)


def _told(
    now: Now, found: RoundPlan, titles: Mapping[str, str], bodies: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    taken = {one.name: one for one in found.next}
    needs = {name: [titles[other] for other in now.read.past.after.get(name, ()) if other in now.found.open]
             for name in now.found.open}  # fmt: skip
    binding = found.binding
    return {
        "plan": found,
        "next": [titles.get(one.name, one.name) for one in found.next],
        "order": [
            {
                "id": name,
                "title": titles.get(name, name),
                "bodies": bodies.get(name, ()),
                "waits": needs.get(name, []),
                "now": name in taken,
                "saves": _days(taken[name].saves) if name in taken else "",
            }
            for name in sorted(found.order, key=lambda name: name not in taken)
            if name in now.found.open
        ],
        "at": when(now.today + found.at, now.today),
        "first_come": when(now.today + found.first_come, now.today),
        "gains": _days(found.gains),
        "gained": found.gains.differs,
        "binding": binding,
        "relief": _days(binding.gains) if binding else "",
    }


# ---------------------------------------------------------------- the agenda


@require_GET
@unlocked_members
def meeting(request: HttpRequest) -> HttpResponse:
    """What goes on the agenda of a meeting, in which order, and what falls off at what cost."""
    if not foresight.is_quick():
        return waiting(request)
    now = foresight.now()
    if not now.found.open:
        return redirect("outlook")
    by, titles, bodies, asked = asked_day(request, now), titles_of(now), bodies_of(now), request.GET
    minutes = _number(asked.get("minutes"), MINUTES, 1, MOST)
    level: Level = next((one for one in LEVELS if one == asked.get("level")), "heads")
    begins = _clock(asked.get("begins", ""), 10 * 60)
    points = [
        Point(
            name,
            _number(asked.get(f"{name}.minutes"), EACH, 1, MOST),
            next((one for one in LEVELS if one == asked.get(f"{name}.level")), "experts"),
            bodies.get(name, ()),
        )
        for name in now.found.open
    ]
    present: dict[str, tuple[tuple[int, int], ...]] = {}
    people = sorted({body for names in bodies.values() for body in names})
    for place, body in enumerate(people):
        span = tuple(_clock(asked.get(f"there.{place}.{end}", ""), -1) for end in (0, 1))
        if min(span) >= 0:
            present[body] = ((span[0] - begins, span[1] - begins),)
    pause = tuple(_clock(asked.get(f"break.{end}", ""), -1) for end in (0, 1))
    breaks = ((pause[0] - begins, pause[1] - begins),) if min(pause) >= 0 else ()
    found, before, trouble = None, 0.0, ""
    try:
        schedule = now.schedule(now.work)
        before = simulate(schedule, FUTURES, ledger.SEED, look_back=False).probability(by - now.today)
        sits = Meeting(minutes, level, breaks, present)
        found = agenda(sits, points, schedule, by - now.today, FUTURES, ledger.SEED)
    except OutlookRefused as refused:
        trouble = said(refused.sentence)
    context = {
        "tab": "agenda",
        "by": date.fromordinal(by),
        "minutes": minutes,
        "begins": _time(begins),
        "pause": [asked.get(f"break.{end}", "") for end in (0, 1)],
        "level": level,
        "level_said": MEETINGS[level],
        "levels": MEETINGS.items(),
        "inputs": [(point, titles.get(point.name, point.name)) for point in points],
        "people": [
            (place, body, *(asked.get(f"there.{place}.{end}", "") for end in (0, 1)))
            for place, body in enumerate(people)
        ],
        "trouble": trouble,
        **(_agenda(found, before, titles, bodies, begins) if found else {}),
    }
    return render(request, "outlook_agenda.html", context)


def _agenda(
    found: Agenda,
    before: float,
    titles: Mapping[str, str],
    bodies: Mapping[str, tuple[str, ...]],
    begins: int,
) -> dict[str, Any]:
    return {
        "slots": [
            {
                "from": _time(begins + slot.begins),
                "to": _time(begins + slot.ends),
                "id": slot.name,
                "title": titles.get(slot.name, slot.name),
                "bodies": bodies.get(slot.name, ()),
                "worth": _worth(slot.worth),
            }
            for slot in found.slots
        ],
        "before": often(before),
        "after": often(min(1.0, before + found.gains.probability.value)),
        "together_differs": found.gains.probability.differs,
        "sooner": _days(found.gains.median),
        "left": [
            {
                "title": titles.get(one.name, one.name),
                "id": one.name,
                "why": WHY[one.why],
                "costs": _worth(one.costs),
            }
            for one in found.left
        ],
    }


def _worth(gain: Gain) -> str:
    """A gain in futures of 100, else in days of the middle one; "no difference" where both cover zero."""
    return often(gain.probability.value) if gain.probability.differs else _days(gain.median)


def _clock(written: str, usual: int) -> int:
    """Minutes since midnight of 10:30; the usual ones where it is no time."""
    hours, _colon, minutes = written.partition(":")
    if hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60:
        return int(hours) * 60 + int(minutes)
    return usual


def _time(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
