"""A party's own forecast: what is not cleared at home waits for it. Internal; it never leaves this node."""

from datetime import UTC, date

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from paraph.mandate import approved
from paraph.mandate.models import ApprovedDraft
from paraph.node.access import unlocked_members
from paraph.outlook import ledger
from paraph.outlook.clearance import Clearance, clearance, internal
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import Finish
from paraph.pages import charts
from paraph.pages.outlook_head import LONG, Look, often, while_open
from paraph.pages.sayings import said


@require_GET
@unlocked_members
@while_open
def page(look: Look) -> HttpResponse:
    """The joint forecast beside what it becomes where clearance at home is waited for."""
    now = look.now
    kept = {one.road_map: one for one in approved.all_approved()}
    opened = {event.item: event.day for event in reversed(now.read.past.events) if event.what == "enters"}
    cleared = {name: float(one.at.astimezone(UTC).date().toordinal()) for name, one in kept.items()}
    try:
        known = clearance(now.found, opened, cleared)
    except OutlookRefused as refused:
        open_maps = [(name, look.title(name)) for name in now.found.open]
        return look.page("outlook_inside.html", "inside", trouble=said(refused.sentence), open_maps=open_maps)
    found = internal(now.found, known, ledger.SEED)
    return look.page(
        "outlook_inside.html",
        "inside",
        told=True,
        by_said=look.when(look.by, LONG),
        chance=often(found.probability(look.by)),
        joint=often(now.found.probability(look.by)),
        half=look.when(found.at(0.5), LONG),
        low=look.when(found.at(0.1), LONG),
        high=look.when(found.at(0.9), LONG),
        curve=charts.s_curve(
            _("Chance in per cent that all is agreed and cleared at home, by day; grey: the joint forecast."),
            look.points(found), look.points(now.found), now.today, look.by, look.last(found, now.found),
        ),
        levels=look.levels(found, now.found),
        maps=[_row(look, found, known, name, kept.get(name)) for name in now.found.open],
        cleared=len(known.took),
        waiting=len(known.lasts),
        mean=round(known.mean),
    )  # fmt: skip


def _row(
    look: Look, found: Finish, known: Clearance, name: str, kept: ApprovedDraft | None
) -> dict[str, object]:
    """An open road map: cleared or not, and by when it is agreed here and in the joint forecast."""
    half = sorted(found.of[name])[len(found.done) // 2]
    return {
        "id": name,
        "title": look.title(name),
        "cleared": date.fromordinal(int(kept.at.astimezone(UTC).toordinal())) if kept else None,
        "basis": kept.basis if kept else "",
        "lasts": round(known.lasts.get(name, 0)),
        "middle": look.when(half),
        "joint": look.when(look.now.ranges[name][1]),
        "chance": often(float((found.of[name] <= look.by).mean())),
    }
