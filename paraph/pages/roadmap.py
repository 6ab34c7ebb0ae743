"""One road map: its text with brackets, its outline, its way back to refinement."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from paraph.acts import CELLS, Act, Propose, Resume, Return, TakeStance, proposal_id, provision
from paraph.node.access import members, negotiators, person_of
from paraph.node.current import journal
from paraph.pages.acting import record
from paraph.pages.frame import reading
from paraph.pages.lineage import around
from paraph.pages.sayings import said, told
from paraph.pages.shown import bracketed, heading_of, labels_of, languages, open_points, slot
from paraph.state import closing, roadmaps, rules
from paraph.state.composed import Composed
from paraph.state.history import history
from paraph.state.programme import Programme
from paraph.state.roadmaps import Item, RoadMap
from paraph.text import outline as order
from paraph.text.canonical import canonical
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
    tongues = languages(programme)
    asked = request.GET.get("language", "")
    shown = [asked] if asked in tongues else tongues
    first = reading(programme)
    rows = [_row(programme, item, shown, first) for item in one.provisions]
    context = {
        "map": one,
        "title": one.title.get(first) or next(iter(one.title.values()), ""),
        "other_title": next((t for language, t in one.title.items() if language != first), ""),
        "other_language": next((language for language in one.title if language != first), ""),
        "reading": first,
        "languages": tongues,
        "shown": shown,
        "authentic": programme.authentic,
        "rows": rows,
        "measures": [_measure(programme, item, shown, first) for item in one.measures],
        "missing": _missing(one),
        "stages": roadmaps.STAGES,
        "reached": _reached(one),
        "entries": told(programme, history(programme, f"road_map:{name}"), first, 12),
        "returned": [(party, placed, _reason(placed, first)) for party, placed in one.returned.items()],
        "points": sum(open_points(programme, s.subject, shown[0]) for i in one.items for s in i.standings),
        "ended": roadmaps.ended(programme).get(name),
        "lineage": around(programme, name, first),
        "initials": closing_lines(programme, f"road_map:{name}", one.composed, one.closing),
        "mine_returned": (journal().me or "") in one.returned,
        "may_act": person_of(request).may_act,
    }
    return render(request, "roadmap.html", context)


def _reason(placed: Any, language: str) -> str:
    reason = placed.act.reason
    return reason.get(language) or next(iter(reason.values()), "")


def _row(programme: Programme, item: Item, shown: list[str], first: str) -> dict[str, Any]:
    """One provision for the page."""
    about = item.standings[0].subject
    parties = list(item.inserted_by or item.deleted_by)
    if not parties and item.state != "agreed":
        parties = sorted({p for name in item.standings[0].live for p in labels_of(programme, name)})
    return {
        "item": item,
        "about": about,
        "anchor": item.id.replace(":", "-").replace("/", "-"),
        "headings": [(language, heading_of(programme, item.id, language)) for language in shown],
        "heading": heading_of(programme, item.id, first),
        "texts": [(language, bracketed(programme, about, language)) for language in shown],
        "bands": [slot(programme, party) for party in parties],
    }


def _measure(programme: Programme, item: Item, shown: list[str], first: str) -> dict[str, Any]:
    """One row of the table of measures."""
    by_cell = dict(zip(CELLS, item.standings, strict=True))
    bodies = by_cell["bodies"]
    names: dict[str, list[dict[str, str]]] = {}
    chosen = bodies.agreed or (bodies.live[0] if bodies.live else "")
    if chosen:
        names = getattr(programme.content(chosen), "bodies", {})
    return {
        "item": item,
        "anchor": item.id.replace(":", "-").replace("/", "-"),
        "heading": heading_of(programme, item.id, first),
        "action": [(language, bracketed(programme, f"{item.id}/action", language)) for language in shown],
        "bodies": [
            (party, [one.get(first) or next(iter(one.values()), "") for one in names.get(party, [])])
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
        when = {"party": party, "date": said_day(stand.placed.at)}
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


def said_day(at: str) -> str:
    """The date of a claimed time."""
    from paraph.pages.shown import day

    return day(at)


# ---------------------------------------------------------------- outline


class PlaceForm(forms.Form):
    """A new provision, a deletion or a move: what it does to the outline."""

    do = forms.ChoiceField(choices=[("insert", ""), ("section", ""), ("delete", ""), ("move", "")])
    item = forms.CharField(required=False)
    after = forms.CharField(required=False)
    accept = forms.BooleanField(required=False)


@members
def outline(request: HttpRequest, name: str) -> HttpResponse:
    """The outline is itself a proposal: insert, move, delete, and compare with what is agreed."""
    programme = journal().programme()
    one = found(programme, name)
    if request.method == "POST":
        return _propose_outline(request, programme, one)
    first = reading(programme)
    base = programme.outline_items(one.outline_proposal) if one.outline_proposal else []
    context = {
        "map": one,
        "title": one.title.get(first) or next(iter(one.title.values()), ""),
        "items": [(item, heading_of(programme, item.id, first)) for item in one.items],
        "rivals": [
            _rival(programme, rival, base, first)
            for rival in one.outline_standing.live
            if rival != one.outline_standing.agreed
        ],
        "languages": languages(programme),
        "authentic": programme.authentic,
        "subject": f"outline:{name}",
        "may_act": person_of(request).may_act,
    }
    return render(request, "outline.html", context)


def _rival(programme: Programme, rival: str, base: list[tuple[int, str]], language: str) -> dict[str, Any]:
    """An outline on the table, compared with the agreed one and not with the one it began from."""
    change = order.compare_outlines(base, programme.outline_items(rival))

    def named(items: tuple[str, ...]) -> list[str]:
        return [heading_of(programme, item, language) or item for item in items]

    return {
        "proposal": rival,
        "authors": sorted(programme.proposals[rival].last),
        "inserted": named(change.inserted),
        "deleted": named(change.deleted),
        "moved": named(change.moved),
        "renumbered": len(change.renumbered),
    }


@negotiators
def _propose_outline(request: HttpRequest, programme: Programme, one: RoadMap) -> HttpResponse:
    form = PlaceForm(request.POST)
    back = redirect("outline", name=one.id)
    if not form.is_valid():
        messages.error(request, _("Choose what to do and where."))
        return back
    asked = form.cleaned_data
    items = list(programme.outline_items(one.outline_proposal)) if one.outline_proposal else []
    acts: list[Act] = []
    try:
        if asked["do"] in ("insert", "section"):
            fresh = provision(one.id, f"n{secrets.token_hex(5)}")
            content = words_of(request, programme)
            level = 1 if asked["do"] == "section" or not asked["after"] else _level(items, asked["after"])
            items = order.insert_after(items, asked["after"], fresh, level)
            acts.append(Propose(fresh, content["content"], content["translations"]))
            if asked["accept"]:
                acts.append(TakeStance(proposal_id(fresh, content["content"]), "accepts"))
        elif asked["do"] == "delete":
            items = order.remove(items, asked["item"])
        else:
            items = order.move(items, asked["item"], asked["after"])
        order.check_outline(items)
    except TextRefused as refused:
        messages.error(request, said(refused.sentence))
        return back
    value = {"items": [[level, item] for level, item in items]}
    about = f"outline:{one.id}"
    acts.append(Propose(about, value, replaces=one.outline_proposal))
    if asked["accept"]:
        acts.append(TakeStance(proposal_id(about, value), "accepts"))
    record(request, acts, _("The change of the outline is proposed."))
    return back


def _level(items: list[tuple[int, str]], after: str) -> int:
    """A provision behind a section goes into it; behind a provision it stands beside it."""
    levels = {item: level for level, item in items}
    level = levels.get(after, 1)
    places = [item for _level, item in items]
    nested = after in places and (
        level == 1 or (places.index(after) + 1 < len(items) and items[places.index(after) + 1][0] > level)
    )
    return level + 1 if nested else level


def words_of(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    """Heading and words from a form, canonical; working languages as translations."""
    content: dict[str, Any] = {"words": {}}
    translations: dict[str, dict[str, Any]] = {}
    for language in languages(programme):
        heading = canonical(request.POST.get(f"heading_{language}", ""))
        words = canonical(request.POST.get(f"words_{language}", ""))
        if language in programme.authentic:
            if words:
                content["words"][language] = words
            if heading:
                content.setdefault("heading", {})[language] = heading
        elif words or heading:
            translations[language] = {"words": words} | ({"heading": heading} if heading else {})
    if not content["words"] and "heading" not in content:
        raise TextRefused("empty", gettext_noop("Write the words in an authentic language first."))
    return {"content": content, "translations": translations}


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation."""
    return message


# ---------------------------------------------------------------- a new road map, return, resume


class NewForm(forms.Form):
    """What opens a road map."""

    number = forms.IntegerField(min_value=1, max_value=999, label=gettext_lazy("Number"))
    key = forms.RegexField(
        r"^[a-z0-9-]{2,64}$",
        label=gettext_lazy("Permanent id"),
        help_text=gettext_lazy("small Latin letters, digits and hyphens; it never changes"),
    )
    area = forms.CharField(max_length=80, required=False, label=gettext_lazy("Area"))


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
                titles = {
                    language: canonical(request.POST.get(f"title_{language}", ""))
                    for language in languages(programme)
                }
            except TextRefused as refused:
                messages.error(request, said(refused.sentence))
            else:
                content = {
                    "number": asked["number"],
                    "title": {k: v for k, v in titles.items() if v and k in programme.authentic},
                    "area": asked["area"],
                }
                other = {k: {"title": v} for k, v in titles.items() if v and k not in programme.authentic}
                about = f"card:{asked['key']}"
                acts: list[Act] = [Propose(about, content, other)]
                if set(content["title"]) == set(programme.authentic):
                    acts.append(TakeStance(proposal_id(about, content), "accepts"))
                if record(request, acts, _("The road map is proposed.")):
                    return redirect("road-map", name=asked["key"])
    return render(
        request,
        "new.html",
        {"form": form, "languages": languages(programme), "authentic": programme.authentic},
    )


@require_POST
@negotiators
def send_back(request: HttpRequest, name: str) -> HttpResponse:
    """Return a road map to refinement, with a reason."""
    programme = journal().programme()
    one = found(programme, name)
    reason = {}
    for language in languages(programme):
        if words := request.POST.get(f"reason_{language}", "").strip():
            reason[language] = words
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
