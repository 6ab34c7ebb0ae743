"""The record: every act with what it knew, the raw notes, the exchange and the courier's file."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from paraph.acts import Ack, Placed, Publish
from paraph.node.access import members, negotiators
from paraph.node.access import reading as consistently
from paraph.node.current import journal, loop
from paraph.node.exchange import courier, receipts
from paraph.node.models import StampRow
from paraph.node.time_tokens import AUTHORITY
from paraph.pages.frame import reading
from paraph.pages.moments import latest, moments
from paraph.pages.sayings import place_of, row
from paraph.record.charter import members as named_by
from paraph.record.checkpoints import Checkpoint
from paraph.record.cosignatures import Receipt
from paraph.record.errors import RecordError
from paraph.record.merkle import leaf_hash
from paraph.record.notes import parse_note
from paraph.state.history import abouts
from paraph.state.programme import Programme

MAX_UPLOAD = 16 * 2**20


@require_GET
@consistently
def timeline(request: HttpRequest) -> HttpResponse:
    """Every act, by whom, when claimed, what it knew; an observer's page shows what it may."""
    if not settings.HOME.observer and not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}")
    programme = journal().programme()
    asked = request.GET
    entries = [
        placed
        for party in programme.parties
        for placed in programme.by[party].entries
        if (not asked.get("party") or asked["party"] == party)
        and (asked.get("all") or not isinstance(placed.act, (Ack, Publish)))
    ]
    entries.sort(key=lambda placed: placed.order, reverse=True)
    page = Paginator(entries, 100).get_page(asked.get("page"))
    return render(
        request,
        "timeline.html",
        {
            "page": page,
            "rows": [
                {
                    **row(programme, placed, reading(programme), place_of),
                    "moments": known,
                    "latest": latest(known),
                }
                for placed, known in zip(
                    page.object_list, moments(programme, list(page.object_list)), strict=True
                )
            ],
            "timed": True,
            "chosen": asked,
            "own": journal().me,
            "published": receipts.published(journal()) if journal().me else 0,
            "sizes": sorted(programme.sizes().items()),
        },
    )


@require_GET
@consistently
def entry(request: HttpRequest, log: str, n: int) -> HttpResponse:
    """One entry: what it says, what it knew, and its raw note."""
    if not settings.HOME.observer and not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}")
    programme = journal().programme()
    kept = journal().raw(log, n) if log in programme.by else None
    if kept is None:
        raise Http404(_("There is no such entry."))
    placed = programme.entry(log, n)
    note = parse_note(kept.note)
    return render(
        request,
        "entry.html",
        {
            "row": row(programme, placed, reading(programme), place_of),
            "placed": placed,
            "raw": kept.note.decode(),
            "leaf": leaf_hash(kept.note).hex(),
            "content": kept.content.decode() if kept.content else "",
            "signatures": [line.name for line in note.signatures],
            "size": programme.sizes()[log],
            "moments": moments(programme, [placed])[0],
            "own": log == journal().me,
            "changed": _road_maps(programme, placed),
            "vouched": [
                {"party": code, "at": _moment(receipt)}
                for code, receipt in receipts.given(journal()).items()
                if n < receipt.head.size
            ],
        },
    )


def _road_maps(programme: Programme, placed: Placed) -> list[str]:
    """The road maps whose text an entry is about; what a member of the delegation can compare."""
    if placed.act is None or settings.HOME.observer:
        return []
    names = abouts(programme, placed.act)
    found = [name.removeprefix("road_map:") for name in names if name.startswith("road_map:")]
    return [name for name in dict.fromkeys(found) if f"card:{name}" in programme.on]


@require_GET
@consistently
def raw_note(request: HttpRequest, log: str, n: int) -> HttpResponse:
    """The bytes of a note, as they were signed."""
    if not settings.HOME.observer and not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}")
    kept = journal().raw(log, n) if log in journal().ledger.logs else None
    if kept is None:
        raise Http404(_("There is no such entry."))
    return HttpResponse(kept.note, content_type="text/plain; charset=utf-8")


@require_GET
@members
def token(request: HttpRequest, log: str, size: int) -> HttpResponse:
    """The token of an authority over a head of the own log, or that head, as it was asked about."""
    found = StampRow.objects.filter(log=log, size=size, source=AUTHORITY).first()
    if found is None:
        raise Http404(_("There is no such token."))
    if "head" in request.GET:
        return HttpResponse(bytes(found.raw), content_type="text/plain; charset=utf-8")
    answer = HttpResponse(bytes(found.token), content_type="application/timestamp-reply")
    answer["Content-Disposition"] = f'attachment; filename="{log}-{size}.tsr"'
    return answer


@members
def exchange(request: HttpRequest) -> HttpResponse:
    """How far each node is, and the courier's file both ways."""
    if request.method == "POST":
        return _read_bundle(request)
    given, own = receipts.given(journal()), journal().ledger.sizes().get(journal().me or "", 0)
    peers = [
        {
            "view": view,
            "head": _head_of(code),
            "receipt": given.get(code),
            "vouched_at": _moment(given.get(code)),
            "missing": own - (given[code].head.size if code in given else 0),
            "vouches": code in journal().ledger.logs,
        }
        for code, view in loop().state().items()
    ]
    readers = [one.code for one in named_by(journal().charter) if one.code != settings.HOME.code]
    roots = [(log, size, journal().ledger.root(log).hex()) for log, size in journal().ledger.sizes().items()]
    return render(request, "exchange.html", {"peers": peers, "readers": readers, "roots": roots})


def _moment(receipt: Receipt | None) -> datetime | None:
    return datetime.fromtimestamp(receipt.time, UTC) if receipt else None


def _head_of(code: str) -> Checkpoint | None:
    """The signed head of a peer's log, as it last came."""
    log = journal().ledger.logs.get(code)
    raw = journal().checkpoint(code) if log else None
    return log.read_head(raw) if raw and log else None


@negotiators
def _read_bundle(request: HttpRequest) -> HttpResponse:
    given = request.FILES.get("file")
    if given is None or given.size is None or given.size > MAX_UPLOAD:
        messages.error(request, _("Choose a courier's file of at most 16 MB."))
        return redirect("exchange")
    try:
        admitted = courier.read(journal(), given.read())
    except RecordError as error:
        messages.error(request, _("The file was refused whole: %(reason)s") % {"reason": str(error)})
    else:
        messages.success(
            request,
            _("%(new)s new entries, %(known)s known, %(waiting)s wait for others.")
            % {"new": len(admitted.new), "known": admitted.known, "waiting": len(admitted.waiting)},
        )
    return redirect("exchange")


@require_GET
@members
def bundle(request: HttpRequest, to: str) -> HttpResponse:
    """The courier's file for another node."""
    try:
        data = courier.pack(journal(), to)
    except KeyError:
        raise Http404(_("The charter names no such node.")) from None
    sizes = "-".join(f"{log}{size}" for log, size in sorted(journal().heads().items()))
    answer = HttpResponse(data, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="for-{to}-{sizes}.zip"'
    return answer
