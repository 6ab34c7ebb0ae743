"""Forecasts on record: said in advance, computed again, scored; and the page from which one goes on record.

It knows the joint forecast alone: what a party's mandate says of it cannot be reached from here.
"""

from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from paraph.acts import Forecast
from paraph.node.access import person_of, unlocked_members, unlocked_negotiators
from paraph.node.current import journal
from paraph.outlook import ledger
from paraph.outlook.errors import OutlookRefused
from paraph.pages import charts, foresight
from paraph.pages.acting import record
from paraph.pages.frame import heads_line
from paraph.pages.outlook import FIFTHS
from paraph.pages.outlook_head import Look, looking, often, when, while_open
from paraph.pages.sayings import said

MOST = 200  # forecasts that are listed


@require_GET
@unlocked_members
@looking
def page(look: Look) -> HttpResponse:
    """The forecasts of the record: computed again, and scored where the outcome is known."""
    with journal().lock:
        found = ledger.ledgers(journal().programme(), look.now.read)
    scored = sorted(
        (one for group in found for one in group.scored),
        key=lambda one: (one.act.as_of, one.placed.order),
        reverse=True,
    )
    rows: list[dict[str, Any]] = []
    for _together, some in groupby(scored[:MOST], lambda one: foresight.made_together(one.act)):
        ones = list(some)
        again = foresight.again([one.act for one in ones])
        rows += [
            {
                "one": one,
                "day": date.fromisoformat(one.act.as_of),
                "about": _about(look, one.act.question),
                "low": _said(one.act, "100"),
                "middle": _said(one.act, "500"),
                "high": _said(one.act, "900"),
                "happened": date.fromordinal(one.happened) if one.happened else None,
                "crps": round(one.crps) if one.crps is not None else None,
                **_compared(again[one.act.question] if again else None),
            }
            for one in ones
        ]
    total = ledger.summed(found)
    return look.page(
        "outlook_ledger.html",
        "ledger",
        rows=rows,
        pending=any(row["again"] is None and not row["refused"] for row in rows),
        sum=total,
        missing=[
            (group.party, _about(look, group.question), group.missing) for group in found if group.missing
        ],
        calibration=charts.columns(
            _("How often the truth fell into each fifth of what was said; equal columns are right."),
            FIFTHS, total.pits, total.known / 5,
        ),
        fifths=list(zip(FIFTHS, total.pits, strict=True)),
        crps=round(total.crps) if total.crps is not None else None,
        brier=f"{total.brier:.3f}" if total.brier is not None else "",
        may_act=person_of(look.request).may_act and bool(look.now.found.open),
    )  # fmt: skip


def _compared(again: ledger.Again | OutlookRefused | None) -> dict[str, Any]:
    """What the column says: reproduced, the difference, why it cannot be computed, or not yet."""
    if isinstance(again, OutlookRefused):
        return {"again": None, "refused": said(again.sentence)}
    return {"again": again, "refused": ""}


def _about(look: Look, question: str) -> str:
    name = question.partition(":")[2]
    return look.title(name) if name else _("all road maps")


def _said(act: Forecast, share: str) -> str:
    today = date.fromisoformat(act.as_of).toordinal()
    return when(today + act.quantiles[share], today) if share in act.quantiles else ""


@unlocked_negotiators
@while_open
def publish(look: Look) -> HttpResponse:
    """What would go on record, line by line; sent from here."""
    now, request = look.now, look.request
    seen = heads_line(dict(now.read.heads))
    acts = [
        ledger.answer(now.found, now.read, name, [date.fromordinal(look.by)], ledger.SEED)
        for name in ("", *now.found.open)
    ]
    if request.method == "POST":
        if request.POST.get("seen") != seen:
            messages.error(
                request, _("The record went on while you were reading; look again before you send.")
            )
        elif record(request, acts, _("The forecast is on record.")):
            return redirect("outlook-ledger")
    return look.page(
        "outlook_publish.html",
        "ledger",
        rows=[
            (_about(look, act.question), _said(act, "100"), _said(act, "500"), _said(act, "900"),
             often(next(iter(act.chances.values())) / 1000))
            for act in acts
        ],
        seen=seen,
        model=ledger.MODEL,
        seed=ledger.SEED,
        futures=ledger.FUTURES,
    )  # fmt: skip
