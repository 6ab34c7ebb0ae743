"""One road map: its text with brackets, its outline, its way back to refinement."""

from functools import lru_cache
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from paraph.acts import CELLS, Act, Propose, Resume, Return, TakeStance, proposal_id
from paraph.mandate.seen import look
from paraph.node.access import members, negotiators, person_of
from paraph.node.current import journal
from paraph.pages import typed
from paraph.pages.acting import record
from paraph.pages.frame import language, reading
from paraph.pages.lineage import around
from paraph.pages.outlook import forecast_of
from paraph.pages.sayings import said, told
from paraph.pages.shown import (
    bracketed,
    bracketed_bodies,
    day,
    heading_of,
    labels_of,
    languages,
    open_points,
    slot,
)
from paraph.sentences import Sentence, in_language
from paraph.state import agreement, closing, concordance, cuts, roadmaps, rules
from paraph.state.agreement import Standing
from paraph.state.composed import Composed
from paraph.state.history import history
from paraph.state.programme import Programme
from paraph.state.roadmaps import Item, RoadMap
from paraph.text.errors import TextRefused


def found(programme: Programme, name: str) -> RoadMap:
    """The road map of an address."""
    try:
        return roadmaps.road_map(programme, name)
    except KeyError:
        raise Http404(_("There is no such road map.")) from None


@require_GET
@members
def text(request: HttpRequest, name: str) -> HttpResponse:
    """The text with named brackets, languages side by side, measures, stage, what is missing."""
    programme = journal().programme()
    one = found(programme, name)
    acts = history(programme, f"road_map:{name}")
    if "HX-Request" not in request.headers:  # what comes while somebody reads is the same sight
        look(person_of(request).pk, name, cuts.name(cuts.now(programme)), len(acts))
    tongues = languages(programme)
    asked = request.GET.get("language", "")
    spoken = [tongue for tongue in tongues if _speaks(programme, one, tongue)]
    shown = [asked] if asked in tongues else spoken
    first = reading(programme)
    rows = [_drawn(_row(programme, item, shown, first), language()) for item in one.provisions]
    context = {
        "map": one,
        "title": in_language(one.title, first),
        "other_title": next((t for language, t in one.title.items() if language != first), ""),
        "other_language": next((language for language in one.title if language != first), ""),
        "reading": first,
        "languages": tongues,
        "spoken": spoken,
        "shown": shown,
        "authentic": programme.authentic,
        "rows": rows,
        "measures": [_measure(programme, item, shown, first) for item in one.measures],
        "missing": _missing(one),
        "stages": roadmaps.STAGES,
        "reached": _reached(one),
        "entries": told(programme, acts, first, 12),
        "returned": [(party, placed, _reason(placed, first)) for party, placed in one.returned.items()],
        "forecast": forecast_of([name]).get(name),
        "points": sum(open_points(programme, s.subject, shown[0]) for i in one.items for s in i.standings),
        "ended": roadmaps.ended(programme).get(name),
        "lineage": around(programme, name, first),
        "initials": closing_lines(programme, f"road_map:{name}", one.composed, one.closing),
        "mine_returned": (journal().me or "") in one.returned,
        "may_act": person_of(request).may_act,
    }
    return render(request, "roadmap.html", context)


def _speaks(programme: Programme, one: RoadMap, language: str) -> bool:
    """Whether the text is to be in a language, or somebody has given words of it there."""
    return language in programme.authentic or any(
        agreement.in_languages(programme, name).get(language)
        for item in one.items
        for standing in item.standings
        for name in standing.live
    )


def _reason(placed: Any, language: str) -> str:
    reason = placed.act.reason
    return in_language(reason, language)


class Row(NamedTuple):
    """One provision, or the heading of a section, as everybody at this node sees it."""

    about: str
    anchor: str
    section: bool
    number: str
    heading: str  # in the reader's language
    headings: tuple[tuple[str, str], ...]  # language, words
    texts: tuple[tuple[str, SafeString], ...]
    state: str
    standing: str  # the state of its words, where they stand in brackets
    turns: tuple[tuple[str, bool], ...]  # party, and whether it is the own one
    reserves: tuple[tuple[str, str], ...]  # party, type
    since: str  # the day on which it was agreed
    inserted_by: tuple[str, ...]
    deleted_by: tuple[str, ...]
    bands: tuple[int, ...]
    discord: tuple[str, ...]  # what the languages do not have in common


@lru_cache(maxsize=4096)
def _drawn(row: Row, _language: str) -> tuple[SafeString, SafeString]:
    """Its line in the outline and itself, drawn again only where something in it is new."""
    seen = row._asdict()
    return render_to_string("roadmap_line.html", seen), render_to_string("roadmap_row.html", seen)


def _row(programme: Programme, item: Item, shown: list[str], first: str) -> Row:
    standing, me, state = item.standings[0], journal().me, item.state
    parties = list(item.inserted_by or item.deleted_by)
    if not parties and state != "agreed":
        parties = sorted({p for name in standing.live for p in labels_of(programme, name)})
    return Row(
        standing.subject,
        item.id.replace(":", "-").replace("/", "-"),
        item.kind == "section",
        item.number,
        heading_of(programme, item.id, first),
        tuple((tongue, heading_of(programme, item.id, tongue)) for tongue in shown),
        tuple((tongue, bracketed(programme, standing.subject, tongue)) for tongue in shown),
        state,
        standing.state,
        tuple((party, party == me) for party in item.turns),
        tuple((reserve.party, reserve.type) for reserve in item.reserves),
        standing.since.at[:10] if standing.since and state == "agreed" else "",
        tuple(item.inserted_by),
        tuple(item.deleted_by),
        tuple(slot(programme, party) for party in parties),
        tuple(said(sentence) for sentence in _discord(programme, standing)),
    )


def _discord(programme: Programme, standing: Standing) -> list[Sentence]:
    """What the languages of the wordings on a subject do not have in common."""
    return [sentence for name in standing.live for sentence in concordance.discord(programme, name)]


def _measure(programme: Programme, item: Item, shown: list[str], first: str) -> dict[str, Any]:
    """One row of the table of measures."""
    by_cell = dict(zip(CELLS, item.standings, strict=True))
    return {
        "item": item,
        "cells": [(standing, _discord(programme, standing)) for standing in item.standings],
        "anchor": item.id.replace(":", "-").replace("/", "-"),
        "heading": heading_of(programme, item.id, first),
        "action": [(language, bracketed(programme, f"{item.id}/action", language)) for language in shown],
        "bodies": [
            (party, bracketed_bodies(programme, f"{item.id}/bodies", party, first))
            for party in programme.parties
        ],
        "deadline": bracketed(programme, f"{item.id}/deadline", shown[0]),
        "completion": [
            (language, bracketed(programme, f"{item.id}/completion", language)) for language in shown
        ],
        "indicator": [
            (language, bracketed(programme, f"{item.id}/indicator", language)) for language in shown
        ],
        "source": next(
            (
                getattr(programme.content(n), "source", "")
                for n in (by_cell["indicator"].agreed, *by_cell["indicator"].live)
                if n
            ),
            "",
        ),
    }


def _missing(one: RoadMap) -> list[dict[str, Any]]:
    """What keeps the text from being complete, counted by kind, with the first place of each."""
    kinds: dict[str, dict[str, Any]] = {}
    for lack in one.composed.missing:
        kind = kinds.setdefault(lack.state, {"kind": lack.state, "count": 0, "subject": lack.subject})
        kind["count"] += 1
    return list(kinds.values())


def _reached(one: RoadMap) -> int:
    """How far the stage line goes; what was returned stands in co-ordination."""
    return roadmaps.STAGES.index(one.stage) if one.stage in roadmaps.STAGES else 1


def closing_lines(
    programme: Programme, about: str, text: Composed, shut: closing.Closing | None
) -> list[str]:
    """What initials and seals stand, and on which text; also what changed since."""
    lines: list[str] = []
    if shut is not None:
        mine = closing.final(programme, journal().me, about)
        lines.append(
            _("Final: all parties have initialled and sealed this text.")
            if mine
            else _("Bound; final here once this node has acknowledged every seal.")
        )
        if text.text and text.text != shut.text:
            lines.append(_("Since then the agreed words changed; what was closed stands."))
        for party in programme.parties:
            if (about, shut.text) in programme.by[party].signed:
                lines.append(_("%(party)s has signed.") % {"party": party})
            if (about, shut.text) in programme.by[party].notified:
                lines.append(_("%(party)s has notified that its procedures are complete.") % {"party": party})
        return lines
    for party in programme.parties:
        stand = closing.standing(programme, party, about)
        if stand is None:
            continue
        when = {"party": party, "date": day(stand.placed.at)}
        if stand.text == text.text:
            lines.append(_("%(party)s has initialled this text on %(date)s.") % when)
        elif text.text:
            lines.append(_("%(party)s has initialled another text on %(date)s.") % when)
        else:
            changed = text.missing[0] if text.missing else None
            since = said(changed.sentence) if changed else ""
            lines.append(
                _("%(party)s has initialled the text of %(date)s; since then: %(since)s.")
                % {**when, "since": since}
            )
        if closing.own_seal(programme, party, about) is not None:
            lines.append(_("%(party)s has sealed it.") % {"party": party})
    for party in closing.may_still_be_completed(programme, about):
        lines.append(_("Returned, may still be completed by %(party)s.") % {"party": party})
    return lines


# ---------------------------------------------------------------- a new road map, return, resume


class NewForm(forms.Form):
    """What opens a road map."""

    number = forms.IntegerField(min_value=1, max_value=999, label=gettext_lazy("Number"))
    key = forms.RegexField(
        r"^[a-z0-9-]{2,64}$",
        label=gettext_lazy("Permanent id"),
        help_text=gettext_lazy("small Latin letters, digits and hyphens; it never changes"),
    )


@negotiators
def new(request: HttpRequest) -> HttpResponse:
    """Open a road map: propose its title, area and number."""
    programme = journal().programme()
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        if f"card:{asked['key']}" in programme.on:
            form.add_error("key", _("A road map of this id was opened before."))
        else:
            try:
                content, other = typed.card_of(request, programme)
            except TextRefused as refused:
                messages.error(request, said(refused.sentence))
            else:
                content = {"number": asked["number"], **content}
                about = f"card:{asked['key']}"
                acts: list[Act] = [Propose(about, content, other)]
                if set(content["title"]) == set(programme.authentic):
                    acts.append(TakeStance(proposal_id(about, content), "accepts"))
                if record(request, acts, _("The road map is proposed.")):
                    return redirect("road-map", name=asked["key"])
    return render(
        request,
        "new.html",
        {"form": form, "fields": typed.fields(request, programme)},
    )


@require_POST
@negotiators
def send_back(request: HttpRequest, name: str) -> HttpResponse:
    """Return a road map to refinement, with a reason."""
    programme = journal().programme()
    one = found(programme, name)
    reason = {}
    for tongue in languages(programme):
        if words := request.POST.get(f"reason_{tongue}", "").strip():
            reason[tongue] = words
    act = Return(one.id, reason)
    if "sure" not in request.POST:
        return render(
            request,
            "return.html",
            {
                "map": one,
                "foreseen": rules.foresee(programme, journal().me or "", act),
                "languages": languages(programme),
            },
        )
    record(request, [act], _("The road map is returned to refinement."))
    return redirect("road-map", name=name)


@require_POST
@negotiators
def resume(request: HttpRequest, name: str) -> HttpResponse:
    """End the own return."""
    found(journal().programme(), name)
    record(request, [Resume(name)], _("The road map is resumed."))
    return redirect("road-map", name=name)
