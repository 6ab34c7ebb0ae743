"""One subject: its proposals, stances, redline and history; what one can do about it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from paraph import acts as a
from paraph.mandate.models import InternalNote
from paraph.node.access import members, negotiators, person_of
from paraph.node.current import journal
from paraph.node.proofs import initialled_by
from paraph.pages import paper_fields, typed
from paraph.pages.acting import noted, record, strength_of
from paraph.pages.frame import reading
from paraph.pages.lineage import steps_of
from paraph.pages.packages import members_of, standing_in
from paraph.pages.paper_fields import KINDS
from paraph.pages.sayings import by_whom, name_of, place_of, said, telling, told
from paraph.pages.shown import (
    bracketed,
    card_text,
    heading_of,
    labels_of,
    languages,
    paper_text,
    redlined,
    slot,
    text_of,
)
from paraph.sentences import Sentence, in_language
from paraph.state import agreement, closing, concordance, roadmaps, rules
from paraph.state.composed import REFERENCE
from paraph.state.history import history
from paraph.state.programme import Programme
from paraph.text.alike import alike_words
from paraph.text.canonical import canonical, looks_alike, mended
from paraph.text.errors import TextRefused

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def known(programme: Programme, about: str) -> a.Subject:
    """The subject of an address, on which something was proposed."""
    try:
        found = a.subject(about)
    except ValueError:
        raise Http404(_("There is no such subject.")) from None
    if about not in programme.on and found.road_map and f"card:{found.road_map}" not in programme.on:
        raise Http404(_("There is no such subject."))
    return found


@require_GET
@members
def page(request: HttpRequest, about: str) -> HttpResponse:
    """The subject as every party sees it, and at the right what stays inside."""
    programme = journal().programme()
    found = known(programme, about)
    first = reading(programme)
    here = agreement.standing(programme, about)
    one = roadmaps.road_map(programme, found.road_map) if found.road_map else None
    item_id = about.rsplit("/", 1)[0] if found.cell else about
    order = [item.id for item in one.items] if one else []
    at = order.index(item_id) if item_id in order else -1
    me = journal().me or ""
    proposals = [_proposal(programme, name, place, me, first) for place, name in enumerate(here.live)]
    left, right = _pair(request, here.live)
    context = {
        "about": about,
        "subject": found,
        "kind": found.kind,
        "map": one,
        "map_title": (in_language(one.title, first)) if one else "",
        "name": name_of(programme, about, first),
        "headings": [(lang, heading_of(programme, item_id, lang)) for lang in languages(programme)]
        if found.kind in ("provision", "measure")
        else [],
        "here": here,
        "texts": [(language, bracketed(programme, about, language)) for language in languages(programme)],
        "proposals": proposals,
        "twins": _twins(programme, proposals),
        "pair": _redline(programme, left, right) if left and right else None,
        "pairs": [
            (x["letter"], y["letter"], x["id"], y["id"], (x["id"], y["id"]) == (left, right))
            for place, x in enumerate(proposals)
            for y in proposals[place + 1 :]
        ][:12],
        "seen": agreement.seen(programme, about),
        "entries": told(programme, history(programme, about), first, 40),
        "reserves": here.reserves,
        "my_reserves": {r.type for r in here.reserves if r.party == me},
        "reserve_types": a.RESERVES,
        "positions": a.POSITIONS,
        "notes": InternalNote.objects.filter(subject=about).select_related("person"),
        "remarks": _remarks(programme, about, first),
        "before": _neighbour(programme, order, at - 1, first),
        "after": _neighbour(programme, order, at + 1, first),
        "cells": [f"{item_id}/{cell}" for cell in a.CELLS] if found.cell else [],
        "form": _editable(programme, found, about, here, request),
        "languages": languages(programme),
        "authentic": programme.authentic,
        "closes": about == "charter" or found.kind == "decision",
        "shut": closing.closed(programme, about),
        "initialled": initialled_by(programme, about),
        "may_act": person_of(request).may_act,
        "others": [party for party in programme.parties if party != me],
    }
    return render(request, "provision.html", context)


def _proposal(programme: Programme, name: str, place: int, me: str, language: str) -> dict[str, Any]:
    """One live proposal with everybody's stance."""
    known_one = programme.proposals[name]
    author = agreement.author(programme, name)
    whose = agreement.speakers(programme, name)
    stances = []
    for party in programme.parties:
        choice = programme.by[party].choices.get(known_one.subject.name)
        packed = choice is not None and choice.proposal == name and not choice.direct
        stances.append(
            {
                "party": party,
                "stance": agreement.stance(programme, party, name),
                "packed": packed,
                "ended": agreement.ended(programme, party, name),
                "placed": choice.placed if choice and packed else programme.by[party].stances.get(name),
                "author": party in whose,
            }
        )
    return {
        "id": name,
        "letter": LETTERS[place % 26],
        "author": author,
        "received": [party for party, signed in whose.items() if not signed],
        "slot": slot(programme, agreement.speaker(programme, author.log, author.n)),
        "texts": [(lang, text_of(programme, name, lang)) for lang in languages(programme)],
        "translators": concordance.translators(programme, name),
        "discord": concordance.discord(programme, name),
        "complete": known_one.complete,
        "stances": stances,
        "labels": labels_of(programme, name),
        "mine": me in known_one.last,
        "foreseen": rules.foresee(programme, me, a.TakeStance(name, "accepts")),
        "note": author.act.note if isinstance(author.act, a.Propose) else {},
        "steps": steps_of(programme, name, language) if known_one.subject.kind == "charter" else [],
        "packages": standing_in(programme, name, language),
        "members": members_of(programme, name, language),
        "bracketed": agreement.resting_on(programme, {name}),
    }


def _twins(programme: Programme, proposals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pairs of proposals with words that look the same and are not; all of them, or some."""
    found = []
    for place, one in enumerate(proposals):
        for other in proposals[place + 1 :]:
            words: list[tuple[str, str]] = []
            whole = False
            for language in languages(programme):
                old, new = (text_of(programme, p["id"], language) or "" for p in (one, other))
                whole = whole or looks_alike(old, new)
                words += [pair for pair in alike_words(new, [old]) if pair not in words]
            if whole or words:
                found.append({"one": one["letter"], "other": other["letter"], "whole": whole, "words": words})
    return found


def _pair(request: HttpRequest, live: tuple[str, ...]) -> tuple[str, str]:
    asked = (request.GET.get("left", ""), request.GET.get("right", ""))
    if all(name in live for name in asked):
        return asked
    return (live[0], live[1]) if len(live) > 1 else ("", "")


def _redline(programme: Programme, left: str, right: str) -> list[tuple[str, Any]]:
    """The redline of two proposals in every language that both have."""
    found = []
    for language in languages(programme):
        old, new = text_of(programme, left, language), text_of(programme, right, language)
        if old is not None and new is not None:
            found.append((language, redlined(old, new)))
    return found


def _remarks(programme: Programme, about: str, language: str) -> list[dict[str, Any]]:
    found = history(programme, about)
    return [
        {
            "placed": placed,
            "words": in_language(placed.act.words, language) or telling(programme, placed, language),
            "by": by_whom(programme, placed, language),
        }
        for placed in found
        if isinstance(placed.act, a.Remark)
    ]


def _neighbour(programme: Programme, order: list[str], at: int, language: str) -> dict[str, str] | None:
    if not 0 <= at < len(order):
        return None
    about = f"{order[at]}/action" if order[at].startswith("measure:") else order[at]
    return {"about": about, "name": name_of(programme, about, language)}


def _editable(
    programme: Programme, found: a.Subject, about: str, here: agreement.Standing, request: HttpRequest
) -> dict[str, Any]:
    """What stands in the form for other words at first: the agreed words, or the own ones, or the first."""
    me = journal().me or ""
    own = next((name for name in here.live if me in agreement.speakers(programme, name)), "")
    name = request.GET.get("from") or here.agreed or own or (here.live[0] if here.live else "")
    if name not in programme.proposals:
        return {"fields": [], "from": ""}
    fields = []
    for language in languages(programme):
        part = "title" if found.kind == "card" else "words"
        fields.append(
            {
                "language": language,
                "authentic": language in programme.authentic,
                "heading": agreement.in_languages(programme, name, "heading").get(language, ""),
                "words": agreement.in_languages(programme, name, part).get(language, ""),
                "area": agreement.in_languages(programme, name, "area").get(language, ""),
            }
        )
    content = programme.content(name)
    paper = paper_fields.inputs(found.kind, content.fields if isinstance(content, a.Paper) else {})
    return {"fields": fields, "from": name, "content": content, "paper": paper}


# ---------------------------------------------------------------- acts


@require_POST
@negotiators
def propose(request: HttpRequest, about: str) -> HttpResponse:
    """Propose other words; look at the preview first, accept in the same step if wanted."""
    programme = journal().programme()
    found = known(programme, about)
    if "mend" in request.POST:
        request.POST = _mended(request.POST)  # type: ignore[assignment]
    try:
        made = content, translations = _content(request, programme, found, about)
    except TextRefused as refused:
        return _preview(request, programme, found, about, None, said(refused.sentence), refused.fix)
    except forms.ValidationError as error:
        return _preview(request, programme, found, about, None, " ".join(error.messages), None)
    except ValueError as error:
        return _preview(request, programme, found, about, None, str(error), None)
    if "send" not in request.POST:
        return _preview(request, programme, found, about, made, "", None)
    act = a.Propose(
        about,
        content,
        translations,
        replaces=request.POST.get("from", "")[:64],
        note=noted(request),
        seen=request.POST.get("seen", ""),
    )
    acts: list[a.Act] = [act]
    if strength := strength_of(request):
        acts.append(a.TakeStance(a.proposal_id(about, content), "accepts", strength))
    if record(request, acts, _("Your words are proposed.")):
        return redirect("subject", about=about)
    return _preview(request, programme, found, about, made, "", None)


def _mended(posted: QueryDict) -> QueryDict:
    """A form with every text mended as far as the software can."""
    found = posted.copy()
    for name, value in posted.items():
        if name.startswith(("words_", "heading_")) or name in ("target", "unit", "source"):
            found[name] = mended(str(value)) or str(value)
    return found


def _near(programme: Programme, found: a.Subject, here: agreement.Standing) -> list[str]:
    """The words that a reader has before the eyes beside new ones: on this subject, and in its road map."""
    names = list(here.live)
    if found.road_map:
        items = roadmaps.road_map(programme, found.road_map).items
        names += [one.agreed for item in items for one in item.standings if one.agreed]
    return [text_of(programme, name, language) or "" for name in names for language in languages(programme)]


def _content(
    request: HttpRequest, programme: Programme, found: a.Subject, about: str
) -> tuple[typed.Content, typed.Translations]:
    """The content of the form, canonical, in the structure of the subject; and its translations."""
    if found.kind in ("provision", "term") or found.cell in ("action", "completion"):
        return typed.words_of(request, programme)
    if found.kind in KINDS:
        content, translations = typed.words_of(request, programme)
        if given := paper_fields.checked(paper_fields.posted(request, found.kind)):
            content["fields"] = given
        return content, translations
    if found.cell == "deadline":
        value = forms.DateField().clean(request.POST.get("date", ""))
        return {"date": value.isoformat()}, {}
    if found.cell == "indicator":
        content, translations = typed.words_of(request, programme)
        content.pop("heading", None)
        for part in ("unit", "target", "source"):
            if text := canonical(request.POST.get(part, "")):
                content[part] = text
        return content, translations
    if found.kind == "card":
        here = agreement.standing(programme, about)
        name = here.agreed or here.live[0]
        card = _plain(programme, name)
        content, translations = typed.card_of(request, programme)
        return {**card, **content}, translations
    raise ValueError(_("This cannot be proposed here."))


def _plain(programme: Programme, name: str) -> dict[str, Any]:
    """The content of a proposal as it was put forward."""
    placed = agreement.author(programme, name)
    return dict(placed.act.content) if isinstance(placed.act, a.Propose) else {}


def _preview(
    request: HttpRequest,
    programme: Programme,
    found: a.Subject,
    about: str,
    made: tuple[typed.Content, typed.Translations] | None,
    trouble: str,
    fix: str | None,
) -> HttpResponse:
    """The check page: what will be sent, redlined against what stands; nothing was written yet."""
    here = agreement.standing(programme, about)
    name = request.POST.get("from", "")
    fields = typed.fields(request, programme)
    for field in fields:
        language = field["language"]
        base = text_of(programme, name, language) if name in programme.proposals else None
        if made is not None and (new := _typed_text(programme, found, made, language)):
            field["redline"] = redlined(base or "", new)
    proposal = a.proposal_id(about, made[0]) if made else ""
    near = _near(programme, found, here) if made is not None else []
    written = [f"{field['heading']}\n{field['words']}" for field in fields]
    alike = dict.fromkeys(pair for text in written for pair in alike_words(text, [*near, *written]))
    context = {
        "alike": list(alike) if made is not None else [],
        "same_looking": _same_looking(programme, here, proposal, fields) if made is not None else [],
        "discord": _discord(request, programme) if made is not None else [],
        "about": about,
        "subject": found,
        "kind": found.kind,
        "name": place_of(programme, about, reading(programme)),
        "fields": fields,
        "made": made,
        "proposal": proposal,
        "exists": proposal in here.live,
        "trouble": trouble,
        "fix": fix,
        "from": name,
        "seen": agreement.seen(programme, about),
        "changed": request.POST.get("seen", "") not in ("", agreement.seen(programme, about)),
        "foreseen": rules.foresee(programme, journal().me or "", a.Propose(about, made[0])) if made else [],
        "posted": request.POST,
        "paper": paper_fields.inputs(found.kind, paper_fields.posted(request, found.kind)),
    }
    return render(request, "propose.html", context, status=200 if not trouble else 422)


def _discord(request: HttpRequest, programme: Programme) -> list[Sentence]:
    """What the languages of the typed words do not have in common."""
    texts = typed.typed(request, programme, "words")
    return concordance.discord_of(programme, {one: REFERENCE.sub("", words) for one, words in texts.items()})


def _same_looking(
    programme: Programme, here: agreement.Standing, proposal: str, fields: list[dict[str, Any]]
) -> list[str]:
    """The authors of proposals on the table that look the same as these words, and are not."""
    return [
        ", ".join(sorted(programme.proposals[name].last))
        for name in here.live
        if name != proposal
        and any(
            looks_alike(field["words"], agreement.in_languages(programme, name).get(field["language"], ""))
            for field in fields
        )
    ]


def _typed_text(
    programme: Programme, found: a.Subject, made: tuple[typed.Content, typed.Translations], language: str
) -> str:
    """What was typed, canonical, as a proposal of it would read in that language."""
    content, translations = made
    other = translations.get(language, {})

    def part(name: str) -> str:
        given = content.get(name) or {}
        return str((given.get(language) if isinstance(given, dict) else "") or other.get(name, ""))

    if found.kind in KINDS:
        return paper_text(part("heading"), part("words"), content.get("fields", {}))
    if found.kind == "card":
        first = content["area"] if language == programme.authentic[0] else ""
        return card_text(part("title"), part("area") or first)
    return part("words")


class StanceForm(forms.Form):
    """A position on exactly the words that were read."""

    proposal = forms.RegexField(r"^[0-9a-f]{64}$")
    position = forms.ChoiceField(choices=[(p, p) for p in a.POSITIONS])
    strength = forms.ChoiceField(choices=[(s, s) for s in a.STRENGTHS], required=False)
    seen = forms.CharField(required=False)


@require_POST
@negotiators
def stance(request: HttpRequest, about: str) -> HttpResponse:
    """Take a stance; where other words came meanwhile, say so and show them."""
    form = StanceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a position, and its strength."))
        return redirect("subject", about=about)
    asked = form.cleaned_data
    act = a.TakeStance(
        asked["proposal"],
        asked["position"],
        asked["strength"] or "confirmed",
        note=noted(request),
        seen=asked["seen"],
    )
    acts: list[a.Act] = [act]
    for kind in request.POST.getlist("reserve"):
        if kind in a.RESERVES:
            acts.insert(0, a.Reserve(about, kind))
    record(request, acts, _("Your stance is taken."))
    return redirect("subject", about=about)


@require_POST
@negotiators
def reserve(request: HttpRequest, about: str) -> HttpResponse:
    """Enter or lift a reserve; it stands on the subject, whatever the words."""
    kind = request.POST.get("reserve", "")
    if kind not in a.RESERVES:
        messages.error(request, _("Choose a type of reserve."))
    elif request.POST.get("do") == "lift":
        record(request, [a.Lift(about, kind)], _("The reserve is lifted."))
    else:
        record(
            request,
            [a.Reserve(about, kind, note=noted(request))],
            _("The reserve is entered."),
        )
    return redirect("subject", about=about)


@require_POST
@negotiators
def remark(request: HttpRequest, about: str) -> HttpResponse:
    """A word to all parties; it decides nothing."""
    programme = journal().programme()
    words = request.POST.get("words", "").strip()
    if words:
        record(request, [a.Remark(about, {reading(programme): words[:4000]})], _("The remark is sent."))
    return redirect("subject", about=about)


@require_POST
@members
def note(request: HttpRequest, about: str) -> HttpResponse:
    """An internal note: it stays on this node."""
    known(journal().programme(), about)
    words = request.POST.get("words", "").strip()
    if words:
        InternalNote.objects.create(
            subject=about, person=person_of(request), words=words[:10_000], at=timezone.now()
        )
        messages.success(request, _("The note is kept on this node."))
    return redirect("subject", about=about)
