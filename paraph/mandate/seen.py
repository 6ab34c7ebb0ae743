"""How did a road map stand when somebody last looked at it?

Kept for the reader alone: who reads what, and when, never leaves this node.
"""

from paraph.mandate.models import Seen


def look(person: int, road_map: str, state: str, acts: int) -> None:
    """
    Remember what a person sees now, and what it was before.

    Args:
        person: the primary key of who looks.
        road_map: its id.
        state: the name of the state shown.
        acts: how many entries about the road map there are; the same number is the same sight.
    """
    seen, new = Seen.objects.get_or_create(
        person_id=person, road_map=road_map, defaults={"state": state, "acts": acts}
    )
    if not new and seen.acts != acts:
        seen.before, seen.state, seen.acts = seen.state, state, acts
        seen.save(update_fields=["before", "state", "acts"])


def last_seen(person: int, road_map: str) -> str:
    """The name of the state before the one that the person saw last; "" where there is none."""
    found = Seen.objects.filter(person_id=person, road_map=road_map).first()
    return found.before if found else ""
