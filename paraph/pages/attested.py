"""Signatures made elsewhere (CMS, XAdES, ASiC-E): put on record, shown, handed out, verified by a command."""

import base64
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from paraph.acts import FORMS, Attest, Placed
from paraph.node import signatures
from paraph.node.access import members, negotiators
from paraph.node.current import journal
from paraph.node.errors import NodeError
from paraph.pages.acting import record
from paraph.pages.frame import reading
from paraph.pages.sayings import by_whom
from paraph.record.entries import blobs_of
from paraph.state.programme import Programme

MAX_CONTAINER = 4 * 2**20
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Attested:
    """One signature made elsewhere, as it stands in the record."""

    placed: Placed
    act: Attest
    by: str

    @property
    def size(self) -> int:
        """Bytes of the container; 0 where the entry carries none."""
        return sum(ref.size for ref in blobs_of(self.act.container))


def attested(programme: Programme, language: str, fingerprint: str = "") -> list[Attested]:
    """All signatures made elsewhere, or those over one fingerprint, the newest claimed first."""
    found = [
        Attested(placed, placed.act, by_whom(programme, placed, language))
        for party in programme.parties
        for placed in programme.by[party].entries
        if isinstance(placed.act, Attest) and (party, placed.n) not in programme.voids
    ]
    chosen = [one for one in found if fingerprint in ("", one.act.fingerprint)]
    return sorted(chosen, key=lambda one: one.placed.order, reverse=True)


@members
def page(request: HttpRequest) -> HttpResponse:
    """What was attested, and the form that attests."""
    if request.method == "POST":
        return _attest(request)
    return _shown(request)


def _shown(request: HttpRequest, **more: Any) -> HttpResponse:
    programme = journal().programme()
    asked = request.GET.get("fingerprint", "")
    context = {
        "found": attested(programme, reading(programme), asked if _FINGERPRINT.fullmatch(asked) else ""),
        "fingerprint": asked,
        "forms": FORMS,
        "verifies": bool(settings.HOME.signatures.get("verify")),
        **more,
    }
    return render(request, "attested.html", context)


@negotiators
def _attest(request: HttpRequest) -> HttpResponse:
    fingerprint, form = request.POST.get("fingerprint", "").strip().lower(), request.POST.get("form", "")
    given = request.FILES.get("file")
    back = redirect(
        f"{request.path}?fingerprint={fingerprint}" if _FINGERPRINT.fullmatch(fingerprint) else "attested"
    )
    if not given or not given.size or given.size > MAX_CONTAINER or form not in FORMS:
        messages.error(request, _("Choose the file of the signature, of at most 4 MB, and its form."))
        return back
    act = Attest(fingerprint, base64.b64encode(given.read()).decode(), form, str(given.name)[-100:])
    record(request, [act], _("The signature is on record."))
    return back


@require_GET
@members
def content(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """What is to be signed: the digits of a fingerprint, in a file."""
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise Http404(_("A fingerprint has 64 digits and letters from a to f."))
    answer = HttpResponse(fingerprint, content_type="text/plain")
    answer["Content-Disposition"] = f'attachment; filename="{fingerprint[:16]}.txt"'
    return answer


@require_GET
@members
def container(request: HttpRequest, log: str, n: int) -> HttpResponse:
    """The signature as it was made."""
    data, act = _container(log, n)
    answer = HttpResponse(data, content_type="application/octet-stream")
    ending = {"cms": "p7s", "xades": "xml", "asic-e": "asice"}.get(act.form, "bin")
    answer["Content-Disposition"] = f'attachment; filename="{log}-{n}.{ending}"'
    return answer


@require_POST
@members
def verify(request: HttpRequest, log: str, n: int) -> HttpResponse:
    """Let the command of this node look at a signature, and show what it says."""
    data, act = _container(log, n)
    try:
        said = signatures.verify(settings.HOME, act.fingerprint, data)
    except NodeError as error:
        messages.error(request, str(error))
        return redirect("attested")
    return _shown(request, said=said, about=f"{log} {n}")


def _container(log: str, n: int) -> tuple[bytes, Attest]:
    programme = journal().programme()
    entries = programme.by[log].entries if log in programme.by else []
    act = entries[n].act if n < len(entries) else None
    refs = blobs_of(act.container) if isinstance(act, Attest) else []
    data = journal().blob(refs[0].name) if refs else None
    if not isinstance(act, Attest) or data is None:
        raise Http404(_("There is no such signature."))
    return data, act
