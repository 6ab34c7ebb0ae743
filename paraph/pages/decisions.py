"""Meetings, minutes, decisions, taskings: papers that are agreed like any other words."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from paraph.acts import Paper
from paraph.node.access import members, negotiators, person_of
from paraph.node.current import journal
from paraph.pages import paper_fields, provision
from paraph.pages.frame import reading
from paraph.pages.packages import row
from paraph.pages.paper_fields import DATES, FIELDS, KINDS
from paraph.pages.shown import day, languages


@require_GET
@members
def page(request: HttpRequest) -> HttpResponse:
    """All papers, or those of one kind, the last moved first; and a form for a new one."""
    programme = journal().programme()
    first = reading(programme)
    asked = request.GET.get("kind", "")
    kinds = [asked] if asked in KINDS else list(KINDS)
    rows = [row(programme, about, first) for about in programme.beside(*kinds)]
    rows.sort(key=lambda one: one["here"].since.at if one["here"].since else "", reverse=True)
    for one in rows:
        content = programme.content(one["shown"])
        one["kind"] = KINDS[one["about"].partition(":")[0]]
        given = content.fields if isinstance(content, Paper) else {}
        one["fields"] = [
            (label, day(given[name]) if name in DATES else given[name])
            for name, label in FIELDS.items()
            if name in given
        ]
    context = {
        "rows": rows,
        "kinds": KINDS.items(),
        "asked": asked,
        "fields": paper_fields.inputs(asked, {}),
        "languages": languages(programme),
        "authentic": programme.authentic,
        "may_act": person_of(request).may_act,
    }
    return render(request, "decisions.html", context)


@require_POST
@negotiators
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A new paper: the check page comes first, as for all words."""
    if kind not in KINDS:
        messages.error(request, _("Choose what kind of paper it is."))
        return redirect("decisions")
    return provision.propose(request, about=f"{kind}:{kind[0]}{secrets.token_hex(5)}")
