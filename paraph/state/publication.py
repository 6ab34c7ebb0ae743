"""What does a party's node have to make public?

Where the charter makes stages public, each party's node states the stage it sees whenever it
changes. An observer shows each statement under the party's name, side by side where they differ.
"""

from paraph.acts import Placed, Publish
from paraph.state import agreement
from paraph.state.programme import Programme
from paraph.state.roadmaps import RoadMap, ended, opened, road_map

ENDED = {"withdraw": "withdrawn", "merge": "succeeded", "split": "succeeded", "succeed": "succeeded"}


def due(programme: Programme, party: str, today: str) -> list[Publish]:
    """The statements that the party's node has to write now."""
    if "stages" not in programme.charter.public or party in programme.shared:
        return []  # while its own log has two histories, nothing that it says would count
    gone = ended(programme)
    found: list[Publish] = []
    for name in opened(programme):
        if not agreement.agreed(programme, f"card:{name}"):
            continue
        one = road_map(programme, name)
        stage = ENDED[gone[name].change] if name in gone else published_stage(one)
        last = programme.by[party].published.get(name)
        if last is None or not isinstance(last.act, Publish) or _differs(last.act, one, stage):
            found.append(
                Publish(
                    name,
                    one.number,
                    one.title,
                    stage,
                    today,
                    programme.sizes(),
                    one.card.marks,
                    len(one.measures),
                )
            )
    return found


def published_stage(one: RoadMap) -> str:
    """The stage as it is made public; of a text in co-ordination whether it is agreed in substance."""
    return "in_substance" if one.count == "in_substance" else one.stage


def _differs(last: Publish, one: RoadMap, stage: str) -> bool:
    return (last.stage, last.number, last.title) != (stage, one.number, one.title)


def statements(programme: Programme) -> dict[str, dict[str, Placed]]:
    """Road map -> party -> its last public statement."""
    found: dict[str, dict[str, Placed]] = {}
    for party in programme.parties:
        for name, placed in programme.by[party].published.items():
            found.setdefault(name, {})[party] = placed
    return found
