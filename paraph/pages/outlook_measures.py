"""Will the measures be carried out in time: deadlines, what can start, what waits, the chain that decides?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from paraph.acts import Bodies, Deadline
from paraph.node.access import unlocked_members
from paraph.node.current import journal
from paraph.outlook import ledger, network
from paraph.outlook.delivery import Delivery, Measure, Wait, carrying_out
from paraph.outlook.durations import fixed, three_points
from paraph.outlook.rounds import Rounds
from paraph.outlook.schedule import Schedule, Task
from paraph.pages.foresight import Now, Three
from paraph.pages.frame import reading
from paraph.pages.outlook_head import LONG, Look, looking, often
from paraph.pages.sayings import place_of
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
@looking
def page(look: Look) -> HttpResponse:
    """What comes of the measures of all road maps."""
    with journal().lock:
        programme = journal().programme()
        listed = _listed(programme, look.now, reading(programme))
    days = look.three("each", USUAL, _("every measure"))
    found = None
    if any(not one.done for one in listed):
        found = look.more(("measures", days, listed), lambda _step: _carried_out(look.now, listed, days))
    return look.page(
        "outlook_measures.html",
        "measures",
        days=days,
        usual=days == USUAL,
        all=len(listed),
        done=sum(one.done for one in listed),
        **(_told(look, listed, found) if found else {}),
    )


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


def _carried_out(now: Now, listed: Sequence[Listed], days: Three) -> Delivery:
    """Play road maps and measures together."""
    by_name = {one.measure.name: one for one in listed}
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
    return carrying_out(Rounds(joined), [one.measure for one in listed], FUTURES, ledger.SEED)


def _told(look: Look, listed: Sequence[Listed], found: Delivery) -> dict[str, Any]:
    by_name, today = {one.measure.name: one for one in listed}, look.now.today
    prospects = [
        {
            "about": f"{one.name}/action",
            "title": by_name[one.name].name,
            "bodies": by_name[one.name].measure.bodies,
            "deadline": by_name[one.name].deadline,
            "at_50": look.when(today + one.at_50),
            "at_80": look.when(today + one.at_80),
            "holds": None if one.holds is None else often(one.holds),
        }
        for one in found.prospects
    ]
    return {
        "prospects": prospects,
        "likely": sum(1 for one in found.prospects if one.holds is not None and one.holds >= 0.5),
        "dated": sum(1 for one in found.prospects if one.holds is not None),
        "half": look.when(today + found.outcome.at(0.5), LONG),
        "ready": [(f"{name}/action", by_name[name].name) for name in found.ready],
        "waits": _waits(look, found.waits, by_name),
        "between": found.between,
        "chain": [
            {
                "about": f"{step.name}/action",
                "title": by_name[step.name].name,
                "map": look.title(step.road_map),
                "begins": look.when(today + step.begins),
                "ends": look.when(today + step.ends),
                "share": often(step.share),
            }
            for step in found.chain
        ],
    }


def _waits(look: Look, waits: Sequence[Wait], by_name: Mapping[str, Listed]) -> list[dict[str, Any]]:
    """How many measures wait for each thing, and for how long."""
    grouped: dict[str, list[Wait]] = {}
    for one in waits:
        grouped.setdefault(one.awaited, []).append(one)
    return [
        {
            "awaited": by_name[name].name if name in by_name else look.title(name),
            "map": name if name in look.now.found.of else "",
            "bodies": by_name[name].measure.bodies if name in by_name else look.bodies.get(name, ()),
            "n": len(some),
            "at_50": look.when(look.now.today + some[0].at_50),
            "at_80": look.when(look.now.today + some[0].at_80),
        }
        for name, some in grouped.items()
    ]
