"""Proof files for download: what a reader takes along who trusts neither this node nor its programme."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from paraph.node import proofs
from paraph.node.access import members
from paraph.node.access import reading as consistently
from paraph.node.current import journal
from paraph.node.errors import NothingToProve


@require_GET
@consistently
def of_entry(request: HttpRequest, log: str, n: int) -> HttpResponse:
    """One entry; an observer's node gives it to anybody, without contents."""
    if not settings.HOME.observer and not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}")
    return _file(request, f"{log}-{n}", lambda: proofs.of_entry(journal(), log, n))


@require_GET
@members
def of_initials(request: HttpRequest, party: str, about: str) -> HttpResponse:
    """The words on a subject, as a party has initialled them."""
    return _file(request, f"{party}-{about}", lambda: proofs.of_initials(journal(), about, [party]))


@require_GET
@members
def of_closing(request: HttpRequest, about: str) -> HttpResponse:
    """The initials and seals on a text."""
    return _file(request, about, lambda: proofs.of_closing(journal(), about))


@require_GET
@consistently
def charter(request: HttpRequest) -> HttpResponse:
    """The founding paper, of which whoever checks a proof compares the fingerprint."""
    if not settings.HOME.observer and not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}")
    return _download("charter.json", journal().charter.encode(), "application/json")


def _file(request: HttpRequest, name: str, make: Callable[[], bytes]) -> HttpResponse:
    """The proof as a file; where there is nothing to prove, back to where the reader was, with the reason."""
    try:
        data = make()
    except NothingToProve as reason:
        messages.error(request, _("There is no proof: %(reason)s") % {"reason": reason})
        return redirect("timeline")
    plain = "".join(one if one.isalnum() else "-" for one in name)
    return _download(f"{plain}.proof", data, "application/gzip")


def _download(name: str, data: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
