"""What waits for what, and what can only be settled together?

A road map waits for those that its card names. A provision waits for those that its words refer to, and a
measure likewise; so does a road map for another road map to whose provisions its words refer. What waits for
itself in a circle is a package: its members begin together, and what waits for one of them waits for all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from paraph.outlook.durations import fixed
from paraph.outlook.schedule import Schedule, Task
from paraph.state.composed import REFERENCE
from paraph.state.programme import Programme
from paraph.state.roadmaps import RoadMap, road_maps

Why = Literal["declared", "reference"]


@dataclass(frozen=True, order=True)
class Link:
    """One thing waits for another."""

    name: str
    after: str
    why: Why  # a card says so, or the words refer to it
    where: str = ""  # the provision or measure whose words do


@dataclass(frozen=True)
class Network:
    """Things and what they wait for."""

    names: tuple[str, ...]
    links: tuple[Link, ...]

    def after(self) -> dict[str, list[str]]:
        """What each thing waits for."""
        found: dict[str, dict[str, None]] = {name: {} for name in self.names}
        for link in self.links:
            found[link.name][link.after] = None
        return {name: list(others) for name, others in found.items()}

    def packages(self) -> list[tuple[str, ...]]:
        """What waits for itself in a circle and can only be settled together; the largest first."""
        found = [tuple(sorted(part)) for part in _circles(self.after()) if len(part) > 1]
        return sorted(found, key=lambda part: (-len(part), part))


def of_road_maps(programme: Programme) -> Network:
    """The live road maps; links to what has ended or was never opened are left out."""
    maps = road_maps(programme)
    known = {one.id for one in maps}
    links = {Link(one.id, needed, "declared") for one in maps for needed in one.card.depends_on}
    for one in maps:
        for item, referred in _references(programme, one):
            other = referred.partition(":")[2].partition("/")[0]
            if other != one.id:
                links.add(Link(one.id, other, "reference", item))
    return Network(
        tuple(one.id for one in maps),
        tuple(sorted(link for link in links if link.after in known and link.after != link.name)),
    )


def of_provisions(programme: Programme) -> Network:
    """The provisions and measures of all live road maps, by what their words refer to."""
    maps = road_maps(programme)
    names = tuple(item.id for one in maps for item in one.items if item.kind != "section")
    known = set(names)
    links = {
        Link(item, referred, "reference", item)
        for one in maps
        for item, referred in _references(programme, one)
        if item in known and referred in known and item != referred
    }
    return Network(names, tuple(sorted(links)))


def schedule(network: Network, tasks: Mapping[str, Task]) -> Schedule:
    """
    Turn a network into a schedule.

    The members of a package begin when all that any of them waits for outside it is done, and are done when
    all of them are: each package becomes one more task without days, named `package:` and its first member.

    Args:
        tasks: how long each thing takes, by its name; what they wait for comes from the network.
    """
    after = network.after()
    package = {name: f"package:{members[0]}" for members in network.packages() for name in members}
    outer: dict[str, dict[str, None]] = defaultdict(dict)
    for name, others in after.items():
        for other in others:
            if package.get(other, other) != package.get(name, name):
                outer[package.get(name, name)][package.get(other, other)] = None
    found = [replace(tasks[name], after=tuple(outer[package.get(name, name)])) for name in network.names]
    for members in network.packages():
        found.append(Task(package[members[0]], fixed(0), members))
    return Schedule(tuple(found), targets=network.names)


def dependants(network: Network) -> dict[str, int]:
    """How many things wait for each, directly or through others; what a glance takes for importance."""
    before: dict[str, list[str]] = defaultdict(list)
    for link in network.links:
        before[link.after].append(link.name)
    return {name: len(_reached(name, before)) for name in network.names}


def _reached(name: str, before: Mapping[str, Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for other in before.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen - {name}


def _references(programme: Programme, one: RoadMap) -> Iterable[tuple[str, str]]:
    """The items of a road map, each with the provisions to which its agreed or live words refer."""
    for item in one.items:
        for standing in item.standings:
            for proposal in [standing.agreed] if standing.agreed else standing.live:
                for languages in programme.content(proposal).texts:
                    for words in languages.values():
                        for key in REFERENCE.findall(words):
                            yield item.id, f"provision:{key if '/' in key else f'{one.id}/{key}'}"


def _circles(after: Mapping[str, list[str]]) -> Iterable[list[str]]:
    """The strongly connected parts of a graph (Tarjan), without recursion: a chain may be long."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in after:
        if root in number:
            continue
        path = [(root, iter(after[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while path:
            name, others = path[-1]
            for other in others:
                if other not in number:
                    number[other] = low[other] = len(number)
                    stack.append(other)
                    on_stack.add(other)
                    path.append((other, iter(after[other])))
                    break
                if other in on_stack:
                    low[name] = min(low[name], number[other])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[name])
                if low[name] == number[name]:
                    part: list[str] = []
                    while not part or part[-1] != name:
                        part.append(stack.pop())
                        on_stack.discard(part[-1])
                    yield part
