"""Papers of a road map: which there are, and which are not given yet."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from paraph.node.access import members
from paraph.node.current import journal
from paraph.pages.frame import reading
from paraph.pages.leaving import NAMES, Leaving, views
from paraph.pages.roadmap import found
from paraph.pages.sayings import said
from paraph.pages.shown import languages
from paraph.papers.errors import PaperRefused
from paraph.papers.kinds import KINDS, Kind, drafted, written
from paraph.papers.roadmaps import Wanted


@require_GET
@members
def page(request: HttpRequest, name: str) -> HttpResponse:
    """The papers that the road map gives now, and why it gives others not yet."""
    programme = journal().programme()
    one = found(programme, name)
    tongue = language_of(request)
    wanted = Wanted(programme, name, tongue)
    context = {
        "map": one,
        "title": one.title.get(reading(programme)) or next(iter(one.title.values()), ""),
        "language": tongue,
        "languages": languages(programme),
        "authentic": programme.authentic,
        "rows": [_row(kind, wanted) for kind in KINDS.values()],
    }
    return render(request, "papers.html", context)


def _row(kind: Kind, wanted: Wanted) -> dict[str, object]:
    """A kind of paper, and what stands in its way; the parties whose copies there are."""
    refusal = ""
    if kind.waits:
        try:
            kind.make(Wanted(wanted.programme, wanted.road_map, wanted.language, _first_party(kind)))
        except PaperRefused as refused:
            refusal = said(refused.sentence)
    parties = wanted.programme.parties if kind.name == "alternat" else [""]
    return {
        "kind": kind,
        "title": _(kind.title),
        "says": _(kind.says),
        "refusal": refusal,
        "files": [(format, NAMES[format], party) for party in parties for format in kind.formats],
    }


def _first_party(kind: Kind) -> str:
    return next(iter(journal().programme().parties)) if kind.name == "alternat" else ""


def _asked(request: HttpRequest, name: str, kind: str, format: str) -> Leaving:
    programme = journal().programme()
    found(programme, name)
    if kind not in KINDS or format not in KINDS[kind].formats:
        raise Http404(_("There is no such paper."))
    party = request.GET.get("party", "") or journal().me or next(iter(programme.parties))
    wanted = Wanted(programme, name, language_of(request), party if kind == "alternat" else "")
    return Leaving(
        _(KINDS[kind].title),
        reverse("papers", args=[name]),
        _("Another paper"),
        lambda: partial(written, drafted(kind, format, wanted)),
    )


check, download = views(_asked)


def language_of(request: HttpRequest) -> str:
    """The language of the paper: asked for, else the reader's where the programme has it."""
    programme = journal().programme()
    asked = request.GET.get("language", "")
    return asked if asked in languages(programme) else reading(programme)


def authentic_of(request: HttpRequest) -> str:
    """The language in which words are compared: asked for, else the reader's, where it is authentic."""
    authentic, found = journal().programme().authentic, language_of(request)
    return found if found in authentic else authentic[0]
