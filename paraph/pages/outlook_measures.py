"""Will the measures be carried out in time: deadlines, what can start, what waits, the chain that decides?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from paraph.acts import Bodies, Deadline
from paraph.node.access import unlocked_members
from paraph.node.current import journal
from paraph.outlook import ledger, network
from paraph.outlook.delivery import Measure, carrying_out
from paraph.outlook.durations import fixed, three_points
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.rounds import Rounds
from paraph.outlook.schedule import Schedule, Task
from paraph.pages import foresight
from paraph.pages.foresight import Now
from paraph.pages.frame import reading
from paraph.pages.outlook import often, titles_of, waiting, when
from paraph.pages.outlook_next import bodies_of, three_of
from paraph.pages.sayings import place_of, said
from paraph.papers.measures import reports
from paraph.sentences import in_language
from paraph.state import agreement, roadmaps
from paraph.state.programme import Programme

FUTURES = 1000
USUAL = (30, 120, 360)  # days of work of a measure: assumed, for nothing on record says it
DONE, UNDER_WAY = "carried_out", "under_way"


@dataclass(frozen=True)
class Listed:
    """A measure as the record has it."""

    measure: Measure
    name: str  # for a reader
    deadline: date | None
    done: bool
    after: tuple[str, ...]  # other measures to which its words refer


@require_GET
@unlocked_members
def page(request: HttpRequest) -> HttpResponse:
    """What comes of the measures of all road maps."""
    if not foresight.is_quick():
        return waiting(request)
    now = foresight.now()
    with journal().lock:
        programme = journal().programme()
        listed = _listed(programme, now, reading(programme))
    days = three_of(request, "each", USUAL, _("every measure"))
    context: dict[str, Any] = {
        "tab": "measures",
        "today": date.fromordinal(now.today),
        "days": days,
        "usual": days == USUAL,
        "all": len(listed),
        "done": sum(one.done for one in listed),
    }
    if any(not one.done for one in listed):
        try:
            context |= _told(now, listed, days)
        except OutlookRefused as refused:
            context["trouble"] = said(refused.sentence)
    return render(request, "outlook_measures.html", context)


def _listed(programme: Programme, now: Now, language: str) -> list[Listed]:
    """The measures of all live road maps; carried out where every party reports it."""
    told = {party: reports(programme, party) for party in programme.parties}
    links = network.of_provisions(programme).after()
    found = []
    for one in roadmaps.road_maps(programme):
        for item in one.measures:
            cells = dict(zip(("action", "bodies", "deadline"), item.standings, strict=False))
            due = _content(programme, cells["deadline"])
            bodies = _content(programme, cells["bodies"])
            names = bodies.bodies if isinstance(bodies, Bodies) else {}
            states = [told[party][item.id][1].status if item.id in told[party] else "" for party in told]
            deadline = date.fromisoformat(due.date) if isinstance(due, Deadline) else None
            found.append(
                Listed(
                    Measure(
                        item.id,
                        one.id,
                        tuple(
                            f"{party}: {in_language(name, language)}"
                            for party, own in sorted(names.items())
                            for name in own
                        ),
                        deadline.toordinal() - now.today if deadline else None,
                        any(state in (UNDER_WAY, DONE) for state in states),
                    ),
                    place_of(programme, f"{item.id}/action", language).rpartition(":")[0],
                    deadline,
                    bool(states) and all(state == DONE for state in states),
                    tuple(other for other in links.get(item.id, ()) if other.startswith("measure:")),
                )
            )
    return found


def _content(programme: Programme, standing: agreement.Standing) -> object:
    """What is agreed on a cell, else what was put forward first."""
    name = standing.agreed or (standing.live[0] if standing.live else "")
    return programme.content(name) if name else None


def _told(now: Now, listed: list[Listed], days: tuple[int, int, int]) -> dict[str, Any]:
    titles, by_name = titles_of(now), {one.measure.name: one for one in listed}
    links = [network.Link(one.measure.name, other, "reference") for one in listed for other in one.after]
    links += [network.Link(one.measure.name, one.measure.road_map, "declared") for one in listed]
    maps = now.schedule(now.work)
    duration = three_points(*days)
    measures = {
        name: Task(name, fixed(0), settled=True) if one.done else Task(name, duration)
        for name, one in by_name.items()
    }
    tasks = {task.name: task for task in maps.tasks}
    wanted = network.schedule(
        network.Network((*now.found.of, *by_name), tuple(links)),
        {**{name: tasks[name] for name in now.found.of}, **measures},
    )
    joined = Schedule(
        (
            *maps.tasks,
            *(task for task in wanted.tasks if task.name not in tasks),
        ),
        targets=tuple(name for name, one in by_name.items() if not one.done),
    )
    found = carrying_out(Rounds(joined), [one.measure for one in listed], FUTURES, ledger.SEED)
    prospects = [
        {
            "about": f"{one.name}/action",
            "title": by_name[one.name].name,
            "bodies": by_name[one.name].measure.bodies,
            "deadline": by_name[one.name].deadline,
            "at_50": when(now.today + one.at_50, now.today),
            "at_80": when(now.today + one.at_80, now.today),
            "holds": None if one.holds is None else often(one.holds),
        }
        for one in found.prospects
    ]
    return {
        "prospects": prospects,
        "likely": sum(1 for one in found.prospects if one.holds is not None and one.holds >= 0.5),
        "dated": sum(1 for one in found.prospects if one.holds is not None),
        "half": when(now.today + found.outcome.at(0.5), now.today, "j E Y"),
        "ready": [(f"{name}/action", by_name[name].name) for name in found.ready],
        "waits": _waits(found.waits, by_name, titles, now),
        "between": found.between,
        "chain": [
            {
                "about": f"{step.name}/action",
                "title": by_name[step.name].name,
                "map": titles.get(step.road_map, step.road_map),
                "begins": when(now.today + step.begins, now.today),
                "ends": when(now.today + step.ends, now.today),
                "share": often(step.share),
            }
            for step in found.chain
        ],
    }


def _waits(
    waits: Any, by_name: Mapping[str, Listed], titles: Mapping[str, str], now: Now
) -> list[dict[str, Any]]:
    """How many measures wait for each thing, and for how long."""
    bodies = bodies_of(now)
    grouped: dict[str, list[Any]] = {}
    for one in waits:
        grouped.setdefault(one.awaited, []).append(one)
    return [
        {
            "awaited": titles[name] if name in titles else by_name[name].name if name in by_name else name,
            "map": name if name in titles else "",
            "bodies": bodies.get(name) or (by_name[name].measure.bodies if name in by_name else ()),
            "n": len(some),
            "at_50": when(now.today + some[0].at_50, now.today),
            "at_80": when(now.today + some[0].at_80, now.today),
        }
        for name, some in grouped.items()
    ]
