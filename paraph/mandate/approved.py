"""Which draft of a road map has our government approved?

A file, or a state of the record. What was approved, by which act and when, is our own affair: it never leaves
this node, and neither does what the text is found to differ in.
"""

from datetime import datetime

from paraph.mandate.models import ApprovedDraft


def approved(road_map: str) -> ApprovedDraft | None:
    """The approved draft of a road map; None where none is kept."""
    return ApprovedDraft.objects.filter(road_map=road_map).select_related("person").first()


def all_approved() -> list[ApprovedDraft]:
    """The approved drafts of all road maps, without their files."""
    return list(ApprovedDraft.objects.order_by("road_map").defer("file"))


def keep(
    road_map: str,
    person: int,
    at: datetime,
    basis: str,
    *,
    state: str = "",
    name: str = "",
    file: bytes = b"",
) -> None:
    """
    Keep a draft as the approved one, in the place of the one before.

    Args:
        road_map: its id.
        person: the primary key of who says so.
        at: when.
        basis: the act by which it was approved.
        state: the name of a state of the record, where that was approved.
        name: what the file is called, where a file was.
        file: its bytes.
    """
    ApprovedDraft.objects.update_or_create(
        road_map=road_map,
        defaults={
            "person_id": person,
            "at": at,
            "basis": basis,
            "state": state,
            "file_name": name,
            "file": file,
        },
    )
