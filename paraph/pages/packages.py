"""Packages: we accept this if you accept that. What they hold together, and how one is put together."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from paraph import acts as a
from paraph.node.access import members, negotiators, person_of
from paraph.node.current import journal
from paraph.pages.acting import noted, record, strength_of
from paraph.pages.frame import reading
from paraph.pages.sayings import name_of, place_of, said
from paraph.pages.shown import languages, redlined, text_of
from paraph.pages.typed import title_of
from paraph.state import agreement, roadmaps
from paraph.state.programme import Programme
from paraph.text.errors import TextRefused

GATHERED = "package"  # the draft in the session of who gathers: it stays on this node
MOST = 60  # members of one package


@require_GET
@members
def page(request: HttpRequest) -> HttpResponse:
    """All packages: who accepts, whose turn, on what subjects."""
    programme = journal().programme()
    first = reading(programme)
    context = {
        "rows": [row(programme, about, first) for about in programme.beside("package")],
        "may_act": person_of(request).may_act,
        "gathered": len(_draft(request, programme)["members"]),
    }
    return render(request, "packages.html", context)


def row(programme: Programme, about: str, language: str) -> dict[str, Any]:
    """One line about a subject that stands beside the road maps, in its best version."""
    here = agreement.standing(programme, about)
    shown = here.agreed or roadmaps.best(programme, here) or programme.on[about][-1]
    return {
        "about": about,
        "name": name_of(programme, about, language),
        "here": here,
        "shown": shown,
        "stances": [(party, agreement.held(programme, party, shown)) for party in programme.parties],
        "subjects": [
            (subject, place_of(programme, subject, language))
            for member in programme.members(shown)
            for subject in [programme.proposals[member].subject.name]
        ],
    }


# ---------------------------------------------------------------- what other pages show of packages


def standing_in(programme: Programme, proposal: str, language: str) -> list[dict[str, Any]]:
    """The live packages in which a proposal stands."""
    about = programme.proposals[proposal].subject.name
    return [
        {"about": subject, "name": name_of(programme, subject, language), "state": here.state}
        for name in sorted(programme.packs.get(about, ()))
        if proposal in programme.members(name)
        for subject in [programme.proposals[name].subject.name]
        for here in [agreement.standing(programme, subject)]
        if name in here.live
    ]


def members_of(programme: Programme, package: str, language: str) -> list[dict[str, Any]]:
    """The members of a package with their redline against the agreed words."""
    return [member_of(programme, name, language) for name in programme.members(package)]


def member_of(programme: Programme, name: str, language: str) -> dict[str, Any]:
    """One proposal as a package shows it: where it stands, against what, who accepts it by itself."""
    about = programme.proposals[name].subject.name
    here = agreement.standing(programme, about)
    texts = []
    for tongue in languages(programme):
        words = text_of(programme, name, tongue)
        old = text_of(programme, here.agreed, tongue) if here.agreed else None
        texts.append((tongue, words if words is None or old is None else redlined(old, words)))
    return {
        "id": name,
        "about": about,
        "name": place_of(programme, about, language),
        "here": here,
        "agreed": here.agreed == name,
        "gone": name not in here.live,
        "texts": texts,
        "stances": [(party, agreement.held(programme, party, name)) for party in programme.parties],
    }


# ---------------------------------------------------------------- putting one together


def _draft(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    """What the person has gathered so far: the members, and the package that it is another version of."""
    kept = request.session.get(GATHERED, {})
    found = [name for name in kept.get("members", []) if name in programme.proposals]
    return {"members": found, "about": kept.get("about", ""), "title": kept.get("title", {})}


@require_POST
@negotiators
def gather(request: HttpRequest) -> HttpResponse:
    """Put proposals in, take one out, begin from a package that stands, or begin anew."""
    programme = journal().programme()
    draft = _draft(request, programme)
    names = [name for name in request.POST.getlist("proposal") if name in programme.proposals]
    match request.POST.get("do"):
        case "take":
            draft["members"] = [name for name in draft["members"] if name not in names]
        case "revise" if names and programme.package(names[0]) is not None:
            draft = {
                "members": list(programme.members(names[0])),
                "about": programme.proposals[names[0]].subject.name,
                "title": agreement.in_languages(programme, names[0], "title"),
            }
        case "anew":
            draft = {}
        case "put":
            for name in names:
                _put(request, programme, draft["members"], name)
    request.session[GATHERED] = draft
    back = redirect("new-package")
    if road_map := request.POST.get("map"):
        back["Location"] += f"?map={road_map}"
    return back


def _put(request: HttpRequest, programme: Programme, gathered: list[str], name: str) -> None:
    """One proposal a subject: the one put in last."""
    about = programme.proposals[name].subject
    if about.kind in ("package", "charter"):
        messages.error(request, _("A package holds neither packages nor charters."))
        return
    for other in [n for n in gathered if n != name and programme.proposals[n].subject == about]:
        gathered.remove(other)
        messages.info(
            request,
            _("A package holds one proposal on a subject; the one put in before is out again: %(subject)s.")
            % {"subject": place_of(programme, about.name, reading(programme))},
        )
    if name not in gathered and len(gathered) < MOST:
        gathered.append(name)


@negotiators
def new(request: HttpRequest) -> HttpResponse:
    """The check page of a package: its members, its title, and what can be put in."""
    programme = journal().programme()
    draft = _draft(request, programme)
    if request.method == "POST" and (about := _propose(request, programme, draft)):
        request.session.pop(GATHERED, None)
        return redirect("subject", about=about)
    first = reading(programme)
    maps = roadmaps.road_maps(programme)
    chosen = next((one for one in maps if one.id == request.GET.get("map")), None)
    context = {
        "members": [member_of(programme, name, first) for name in draft["members"]],
        "titles": [
            (language, request.POST.get(f"title_{language}") or draft["title"].get(language, ""))
            for language in languages(programme)
        ],
        "revised": draft["about"],
        "revised_name": name_of(programme, draft["about"], first) if draft["about"] else "",
        "authentic": programme.authentic,
        "maps": [(one.id, one.number, one.title.get(first) or "") for one in maps],
        "chosen": chosen,
        "offers": _offers(programme, chosen, draft["members"], first) if chosen else [],
        "posted": request.POST,
    }
    return render(request, "new_package.html", context)


def _offers(
    programme: Programme, one: roadmaps.RoadMap, gathered: list[str], language: str
) -> list[dict[str, Any]]:
    """The proposals of a road map that can be put in: what is on the table and not settled."""
    standings = [one.card_standing, one.outline_standing, *(s for item in one.items for s in item.standings)]
    return [
        {
            "id": name,
            "about": here.subject,
            "name": place_of(programme, here.subject, language),
            "by": roadmaps.supporters(programme, name),
            "words": text_of(programme, name, language) or text_of(programme, name, programme.authentic[0]),
        }
        for here in standings
        if here.state != "agreed" or len(here.live) > 1
        for name in here.live
        if name not in gathered and name != here.agreed
    ]


def _propose(request: HttpRequest, programme: Programme, draft: dict[str, Any]) -> str:
    """Put the package forward, and accept it in the same step where asked; its subject, or "" if refused."""
    try:
        title, translations = title_of(request, programme)
    except TextRefused as refused:
        messages.error(request, said(refused.sentence))
        return ""
    about = draft["about"] or f"package:p{secrets.token_hex(5)}"
    content = {**title, "members": draft["members"]}
    if not content["title"]:
        messages.error(request, _("Give the package a title in an authentic language."))
        return ""
    acts: list[a.Act] = [a.Propose(about, content, translations, note=noted(request))]
    if strength := strength_of(request):
        acts.append(a.TakeStance(a.proposal_id(about, content), "accepts", strength))
    return about if record(request, acts, _("The package is proposed.")) else ""
