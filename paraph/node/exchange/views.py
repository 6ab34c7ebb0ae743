"""The exchange over Django: no session, no cookie, no form, only signed requests."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from paraph.node import current, nonces
from paraph.node.exchange.limits import MAX_BODY
from paraph.node.exchange.messages import READ, Request, Response
from paraph.node.exchange.server import Server
from paraph.node.exchange.signing import anyone


@cache
def server() -> Server:
    """
    The server of this process; it wakes the loop of this process when a peer has news.

    Alone, it answers what was sent since it was made, so it is made before the first request; several workers
    tell each other what they answered, and count from the start of them all.
    """
    several = settings.SEVERAL_WORKERS
    return Server(
        current.journal(),
        on_poke=lambda sender, heads: current.loop().poked(sender, heads),
        first=nonces.first if several else anyone,
        since=settings.STARTED if several else None,
    )


@csrf_exempt
@login_not_required
def resource(request: HttpRequest, target: str) -> HttpResponse:
    """Answer another node."""
    if not _length(request) <= MAX_BODY:
        return _http(Response(413, f"The request has more than {MAX_BODY} bytes.".encode()))
    query = request.META.get("QUERY_STRING", "")
    given = {name: request.headers.get(name, "") for name in READ}
    return _http(
        server().answer(
            Request(request.method or "", f"{target}?{query}" if query else target, given, request.body)
        )
    )


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return MAX_BODY + 1


def _http(response: Response) -> HttpResponse:
    headers = {**response.headers, "Content-Length": str(len(response.body))}
    return HttpResponse(response.body, status=response.status, headers=headers)
