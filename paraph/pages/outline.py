"""The outline of a road map is itself a proposal: insert, move, delete, through a check page."""

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from paraph.acts import Act, Propose, TakeStance, proposal_id, provision
from paraph.node.access import members, negotiators, person_of
from paraph.node.current import journal
from paraph.pages import typed
from paraph.pages.acting import noted, record, strength_of
from paraph.pages.frame import reading
from paraph.pages.roadmap import found
from paraph.pages.sayings import said
from paraph.pages.shown import heading_of
from paraph.sentences import Sentence, in_language
from paraph.state import rules
from paraph.state.programme import Programme
from paraph.state.roadmaps import RoadMap
from paraph.text import outline as order
from paraph.text.errors import TextRefused

Items = list[tuple[int, str]]
NOTHING: Mapping[str, str] = {}


class PlaceForm(forms.Form):
    """A new provision or section, a deletion or a move."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("insert", "section", "delete", "move")])
    item = forms.CharField(required=False)
    after = forms.CharField(required=False)
    fresh = forms.RegexField(r"^n[0-9a-f]{10}$", required=False)  # the id of what is inserted


@members
def page(request: HttpRequest, name: str) -> HttpResponse:
    """The outline with what each side proposes; and what can be changed in it."""
    programme = journal().programme()
    one = found(programme, name)
    if request.method == "POST":
        return _change(request, programme, one)
    return _page(request, programme, one)


def _page(
    request: HttpRequest, programme: Programme, one: RoadMap, refused: TextRefused | None = None
) -> HttpResponse:
    first = reading(programme)
    base = agreed_items(programme, one)
    context = {
        "map": one,
        "title": in_language(one.title, first),
        "items": [(item, heading_of(programme, item.id, first)) for item in one.items],
        "rivals": [
            {
                "proposal": rival,
                "authors": sorted(programme.proposals[rival].last),
                **change(programme, base, programme.outline_items(rival), first),
            }
            for rival in one.outline_standing.live
            if rival != one.outline_standing.agreed
        ],
        "fields": typed.fields(request, programme),
        "chosen": request.POST,
        "trouble": said(refused.sentence) if refused else "",
        "fix": refused.fix if refused else "",
        "subject": f"outline:{one.id}",
        "may_act": person_of(request).may_act,
    }
    return render(request, "outline.html", context, status=422 if refused else 200)


def agreed_items(programme: Programme, one: RoadMap) -> Items:
    """The outline shown, agreed or best supported: every other one is compared with it."""
    return list(programme.outline_items(one.outline_proposal)) if one.outline_proposal else []


def change(
    programme: Programme, base: Items, items: Items, language: str, typed_now: Mapping[str, str] = NOTHING
) -> dict[str, Any]:
    """What an outline changes in another, in headings; `typed_now` has those not proposed yet."""
    found = order.compare_outlines(base, items)

    def named(changed: tuple[str, ...]) -> list[str]:
        return [typed_now.get(item) or heading_of(programme, item, language) or item for item in changed]

    return {
        "inserted": named(found.inserted),
        "deleted": named(found.deleted),
        "moved": named(found.moved),
        "renumbered": len(found.renumbered),
    }


@negotiators
def _change(request: HttpRequest, programme: Programme, one: RoadMap) -> HttpResponse:
    """Show what would be sent; send it where that was seen."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what to do and where."))
        return redirect("outline", name=one.id)
    asked = form.cleaned_data | {"fresh": form.cleaned_data["fresh"] or f"n{secrets.token_hex(5)}"}
    base = agreed_items(programme, one)
    put: list[Propose] = []
    try:
        if asked["do"] in ("insert", "section"):
            put.append(Propose(provision(one.id, asked["fresh"]), *typed.words_of(request, programme)))
        items = _changed(asked, base, put[0].subject if put else "")
        order.check_outline(items)
    except TextRefused as refused:
        return _page(request, programme, one, refused)
    outline = {"items": [[level, item] for level, item in items]}
    put.append(Propose(f"outline:{one.id}", outline, replaces=one.outline_proposal, note=noted(request)))
    if "send" not in request.POST:
        return _check(request, programme, one, asked, put, items)
    acts: list[Act] = []
    for act in put:
        acts.append(act)
        if strength := strength_of(request):
            acts.append(TakeStance(proposal_id(act.subject, act.content), "accepts", strength))
    if record(request, acts, _("The change of the outline is proposed.")):
        return redirect("outline", name=one.id)
    return _check(request, programme, one, asked, put, items)


def _changed(asked: dict[str, str], items: Items, fresh: str) -> Items:
    """The outline that the form asks for; TextRefused where it cannot be."""
    match asked["do"]:
        case "delete":
            return order.remove(items, asked["item"])
        case "move":
            return order.move(items, asked["item"], asked["after"])
        case "section":
            return order.insert_after(items, asked["after"], fresh, 1)
        case _:
            return order.insert_after(items, asked["after"], fresh, _level(items, asked["after"]))


def _level(items: Items, after: str) -> int:
    """A provision behind a section goes into it; behind a provision it stands beside it."""
    if not after:
        return 1
    levels = {item: level for level, item in items}
    level = levels.get(after, 1)
    places = [item for _level, item in items]
    nested = after in places and (
        level == 1 or (places.index(after) + 1 < len(items) and items[places.index(after) + 1][0] > level)
    )
    return level + 1 if nested else level


def _check(
    request: HttpRequest,
    programme: Programme,
    one: RoadMap,
    asked: dict[str, str],
    put: list[Propose],
    items: Items,
) -> HttpResponse:
    """The check page: what leaves this node, compared with the outline shown; nothing was written yet."""
    first = reading(programme)
    me = journal().me or ""
    foreseen: list[Sentence] = []
    for act in put:
        foreseen += [sentence for sentence in rules.foresee(programme, me, act) if sentence not in foreseen]
    fresh = put[0].subject if len(put) > 1 else ""
    heading = in_language(typed.typed(request, programme, "heading"), first)
    context = {
        "map": one,
        "title": in_language(one.title, first),
        "asked": asked,
        "change": change(programme, agreed_items(programme, one), items, first, {fresh: heading}),
        "fresh": fresh,
        "fields": typed.fields(request, programme),
        "behind": heading_of(programme, asked["after"], first) if asked["after"] else "",
        "foreseen": foreseen,
        "proposal": proposal_id(put[-1].subject, put[-1].content),
        "posted": request.POST,
    }
    return render(request, "check_outline.html", context)
