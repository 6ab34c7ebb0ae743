"""The glossary: agreed terms in all languages, and where a text does not use them alike."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from paraph.node.access import members, negotiators, person_of
from paraph.node.current import journal
from paraph.pages import provision
from paraph.pages.frame import reading
from paraph.pages.packages import row
from paraph.pages.sayings import place_of
from paraph.pages.shown import languages, text_of
from paraph.state import concordance
from paraph.state.programme import Programme

_PLACES = 12  # that are named of each term


@require_GET
@members
def page(request: HttpRequest) -> HttpResponse:
    """All terms with their state; of the agreed ones, where they stand and where a language lacks them."""
    programme = journal().programme()
    first = reading(programme)
    rows = [_term(programme, row(programme, about, first), first) for about in programme.beside("term")]
    rows.sort(key=lambda one: one["name"].casefold())
    context = {
        "rows": rows,
        "languages": languages(programme),
        "authentic": programme.authentic,
        "may_act": person_of(request).may_act,
    }
    return render(request, "glossary.html", context)


def _term(programme: Programme, one: dict[str, Any], language: str) -> dict[str, Any]:
    shown = one["shown"]
    words = {tongue: text_of(programme, shown, tongue) or "" for tongue in languages(programme)}
    uses = list(concordance.uses(programme, words)) if one["here"].agreed else []
    wrong = [use for use in uses if use.lacking]
    return one | {
        "words": words.items(),
        "uses": len(uses),
        "wrong": [
            (use.about, place_of(programme, use.about, language), ", ".join(use.lacking).upper())
            for use in wrong[:_PLACES]
        ],
        "more": max(len(wrong) - _PLACES, 0),
    }


@require_POST
@negotiators
def new(request: HttpRequest) -> HttpResponse:
    """A new term: the check page comes first, as for all words."""
    return provision.propose(request, about=f"term:t{secrets.token_hex(5)}")
