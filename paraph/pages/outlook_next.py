"""What next? Which road maps the experts take, and what goes on the agenda of a meeting."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from paraph.node.access import unlocked_members
from paraph.outlook import ledger
from paraph.outlook.agenda import LEVELS, MOST, Agenda, Level, Meeting, Point, agenda
from paraph.outlook.choice import RoundPlan, round_plan
from paraph.outlook.rounds import Rounds, Team
from paraph.outlook.schedule import Gain, simulate
from paraph.pages.foresight import Three
from paraph.pages.outlook_head import Look, days_said, often, while_open

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


# ---------------------------------------------------------------- the round plan


def rounds_of(look: Look, days: Mapping[str, Three]) -> Rounds:
    """The open road maps under the experts of their bodies and the limit that were typed."""
    open_ = look.now.found.open
    each = look.number("each", 1, 1, 20)
    teams = {body: Team(each) for names in look.bodies.values() for body in names}
    limit = look.number("limit", min(TAKEN, len(open_)), 1, 100)
    return Rounds(look.now.schedule(days), look.bodies, teams, limit)


@require_GET
@unlocked_members
@while_open
def plan(look: Look) -> HttpResponse:
    """Which road maps are taken next, why, and what binds."""
    days = {name: look.three(name, usual, look.title(name)) for name, usual in look.now.work.items()}
    rounds = rounds_of(look, days)
    each = look.number("each", 1, 1, 20)
    tries = max(40, min(200, 1400 // len(days)))
    found = look.more(
        ("plan", days, look.bodies, rounds.limit, each),
        lambda step: round_plan(rounds, FUTURES, ledger.SEED, tries, step),
    )
    return look.page(
        "outlook_next.html",
        "next",
        limit=rounds.limit,
        each=each,
        inputs=[(name, look.title(name), three) for name, three in days.items()],
        **(_told(look, found) if found else {}),
    )


def _told(look: Look, found: RoundPlan) -> dict[str, Any]:
    now = look.now
    taken = {one.name: one for one in found.next}
    return {
        "plan": found,
        "next": [look.title(name) for name in found.order if name in taken],
        "order": [
            {
                "id": name,
                "title": look.title(name),
                "bodies": look.bodies.get(name, ()),
                "waits": [
                    look.title(other)
                    for other in now.read.past.after.get(name, ())
                    if other in now.found.open
                ],
                "now": name in taken,
                "saves": days_said(taken[name].saves) if name in taken else "",
            }
            for name in sorted(found.order, key=lambda name: name not in taken)
            if name in now.found.open
        ],
        "at": look.when(now.today + found.at),
        "first_come": look.when(now.today + found.first_come),
        "gains": days_said(found.gains),
        "gained": found.gains.differs,
        "binding": found.binding,
        "relief": days_said(found.binding.gains) if found.binding else "",
    }


# ---------------------------------------------------------------- the agenda


@require_GET
@unlocked_members
@while_open
def meeting(look: Look) -> HttpResponse:
    """What goes on the agenda of a meeting, in which order, and what falls off at what cost."""
    now, asked = look.now, look.request.GET
    begins = _clock(asked.get("begins", ""), 10 * 60)
    level: Level = next((one for one in LEVELS if one == asked.get("level")), "heads")
    points = [
        Point(
            name,
            look.number(f"{name}.minutes", EACH, 1, MOST),
            next((one for one in LEVELS if one == asked.get(f"{name}.level")), "experts"),
            look.bodies.get(name, ()),
        )
        for name in now.found.open
    ]
    people = sorted({body for names in look.bodies.values() for body in names})

    def span(what: str) -> tuple[tuple[int, int], ...]:
        """From and to in minutes of the meeting, where both are typed."""
        ends = [_clock(asked.get(f"{what}.{end}", ""), -1) for end in (0, 1)]
        return ((ends[0] - begins, ends[1] - begins),) if min(ends) >= 0 else ()

    sits = Meeting(
        look.number("minutes", MINUTES, 1, MOST),
        level,
        span("break"),
        {body: there for place, body in enumerate(people) if (there := span(f"there.{place}"))},
    )
    schedule, by = now.schedule(now.work), look.by - now.today
    found = look.more(
        ("agenda", sits, points, by),
        lambda step: agenda(sits, points, schedule, by, FUTURES, ledger.SEED, step),
    )
    return look.page(
        "outlook_agenda.html",
        "agenda",
        minutes=sits.minutes,
        begins=_time(begins),
        pause=[asked.get(f"break.{end}", "") for end in (0, 1)],
        level=level,
        level_said=MEETINGS[level],
        levels=MEETINGS.items(),
        inputs=[(point, look.title(point.name)) for point in points],
        people=[
            (place, body, *(asked.get(f"there.{place}.{end}", "") for end in (0, 1)))
            for place, body in enumerate(people)
        ],
        **(_agenda(look, found, begins) if found else {}),
    )


def _agenda(look: Look, found: Agenda, begins: int) -> dict[str, Any]:
    schedule = look.now.schedule(look.now.work)
    before = simulate(schedule, FUTURES, ledger.SEED, look_back=False).probability(look.by - look.now.today)
    return {
        "slots": [
            {
                "from": _time(begins + slot.begins),
                "to": _time(begins + slot.ends),
                "id": slot.name,
                "title": look.title(slot.name),
                "bodies": look.bodies.get(slot.name, ()),
                "worth": _worth(slot.worth),
            }
            for slot in found.slots
        ],
        "before": often(before),
        "after": often(min(1.0, before + found.gains.probability.value)),
        "together_differs": found.gains.probability.differs,
        "sooner": days_said(found.gains.median),
        "left_off": [
            {
                "title": look.title(one.name),
                "id": one.name,
                "why": WHY[one.why],
                "costs": _worth(one.costs),
            }
            for one in found.left
        ],
    }


def _worth(gain: Gain) -> str:
    """A gain in futures of 100, else in days of the middle one; "no difference" where both cover zero."""
    return (
        _("%(chance)s futures") % {"chance": often(gain.probability.value)}
        if gain.probability.differs
        else days_said(gain.median)
    )


def _clock(written: str, usual: int) -> int:
    """Minutes since midnight of 10:30; the usual ones where it is no time."""
    hours, _colon, minutes = written.partition(":")
    if hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60:
        return int(hours) * 60 + int(minutes)
    return usual


def _time(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
