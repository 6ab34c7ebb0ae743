"""Papers of a road map: which there are, what one would carry away, and the file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from paraph.node.access import members, unlocked_members
from paraph.node.current import journal
from paraph.pages.frame import reading
from paraph.pages.roadmap import found
from paraph.pages.sayings import said
from paraph.pages.shown import languages
from paraph.papers.check import Outgoing, leaving
from paraph.papers.errors import PaperRefused
from paraph.papers.kinds import KINDS, Draft, Kind, drafted, written
from paraph.papers.roadmaps import Wanted

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "akn": "application/akn+xml",
    "html": "text/html; charset=utf-8",
}
NAMES = {"docx": "Word", "pdf": "PDF", "html": "HTML", "akn": "AKN"}


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


@require_GET
@unlocked_members
def check(request: HttpRequest, name: str, kind: str, format: str) -> HttpResponse:
    """What would leave in this file, line by line, before it does."""
    file, refusal = _made(request, name, kind, format)
    return before_it_leaves(
        request,
        name,
        file,
        refusal=refusal,
        kind=_(KINDS[kind].title),
        address=f"{reverse('paper-file', args=[name, kind, format])}?{request.GET.urlencode()}",
        back=reverse("papers", args=[name]),
        back_name=_("Another paper"),
    )


def before_it_leaves(request: HttpRequest, name: str, file: Outgoing | None, **more: str) -> HttpResponse:
    """
    The check page of a file about a road map: what it holds, line by line.

    Args:
        request: of the reader.
        name: the road map.
        file: None where there is none: `refusal` says why.
        more: `kind`, the title; `address` of the file; `back` and `back_name`; `refusal`.
    """
    with journal().lock:
        context = {
            "map": found(journal().programme(), name),
            "file": file,
            "size": len(file.data) // 1024 + 1 if file else 0,
            "holds": leaving(file) if file else [],
            **more,
        }
        return render(request, "paper_check.html", context)


def handed_out(file: Outgoing, format: str) -> HttpResponse:
    """The file itself."""
    answer = HttpResponse(file.data, content_type=TYPES[format])
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@require_GET
@unlocked_members
def download(request: HttpRequest, name: str, kind: str, format: str) -> HttpResponse:
    """The file."""
    file, refusal = _made(request, name, kind, format)
    if file is None:
        raise Http404(refusal)
    return handed_out(file, format)


def _made(request: HttpRequest, name: str, kind: str, format: str) -> tuple[Outgoing | None, str]:
    """The file, or why there is none; nobody waits for its drawing but who asked for it."""
    try:
        with journal().lock:
            draft = _drafted(request, name, kind, format)
        return written(draft), ""
    except PaperRefused as refused:
        return None, said(refused.sentence)


def _drafted(request: HttpRequest, name: str, kind: str, format: str) -> Draft:
    programme = journal().programme()
    found(programme, name)
    if kind not in KINDS or format not in KINDS[kind].formats:
        raise Http404(_("There is no such paper."))
    party = request.GET.get("party", "")
    if kind == "alternat" and not party:
        party = journal().me or next(iter(programme.parties))
    wanted = Wanted(programme, name, language_of(request), party if kind == "alternat" else "")
    return drafted(kind, format, wanted)


def language_of(request: HttpRequest) -> str:
    """The language of the paper: asked for, else the reader's where the programme has it."""
    programme = journal().programme()
    asked = request.GET.get("language", "")
    return asked if asked in languages(programme) else reading(programme)
