"""The observer's page: what each party made public, side by side, and the state of the logs."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from paraph.acts import Publish
from paraph.node.access import reading as consistently
from paraph.node.current import journal
from paraph.pages.frame import reading
from paraph.sentences import in_language
from paraph.state.programme import Programme
from paraph.state.publication import statements
from paraph.state.roadmaps import SETTLED

GONE = ("withdrawn", "succeeded")


@require_GET
@consistently
def page(request: HttpRequest) -> HttpResponse:
    """Stages as each party published them; never the text under negotiation."""
    if not settings.HOME.observer and not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    programme = journal().programme()
    rows = sorted(_rows(programme), key=lambda row: (row["gone"], row["number"], row["id"]))
    counts = {party: _counts(rows, party) for party in programme.parties}
    roots = [(log, size, journal().ledger.root(log).hex()) for log, size in journal().ledger.sizes().items()]
    return render(
        request,
        "public.html",
        {
            "rows": [row for row in rows if not row["gone"]],
            "former": [row for row in rows if row["gone"]],
            "counts": counts,
            "roots": roots,
            "differ": sum(row["differ"] for row in rows),
            "chronicle": _chronicle(programme),
        },
    )


def _rows(programme: Programme) -> list[dict[str, Any]]:
    first = reading(programme)
    rows = []
    for name, by_party in statements(programme).items():
        said = {party: placed.act for party, placed in by_party.items() if isinstance(placed.act, Publish)}
        one = next(iter(said.values()))
        stages = {act.stage for act in said.values()}
        rows.append(
            {
                "id": name,
                "number": one.number,
                "title": in_language(one.title, first),
                "other": next((t for language, t in one.title.items() if language != first), ""),
                "said": [(party, by_party.get(party), said.get(party)) for party in programme.parties],
                "differ": len(stages) > 1 or len(said) < len(programme.parties),
                "gone": stages <= set(GONE),
                "marks": one.marks,
            }
        )
    return rows


def _counts(rows: list[dict[str, Any]], party: str) -> Counter[str]:
    """Agreed, in substance, open: as this party published them."""
    counts: Counter[str] = Counter()
    for row in rows:
        act = next((act for code, _placed, act in row["said"] if code == party), None)
        if act is None or act.stage in GONE:
            continue
        counts[
            "agreed" if act.stage in SETTLED else "in_substance" if act.stage == "in_substance" else "open"
        ] += 1
    return counts


def _chronicle(programme: Programme) -> list[Any]:
    """The last public statements, newest first."""
    found = [
        placed
        for party in programme.parties
        for placed in programme.by[party].entries
        if isinstance(placed.act, Publish)
    ]
    found.sort(key=lambda placed: (placed.at, placed.log, placed.n), reverse=True)
    return found[:30]
