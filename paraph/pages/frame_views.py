"""The pulse of a page, and how the reader wants it displayed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from paraph.node.current import journal
from paraph.pages.frame import heads_line


@require_GET
def pulse(request: HttpRequest) -> HttpResponse:
    """Say whether the record went on since the page was drawn; asked once a second."""
    answer = HttpResponse(status=204)
    if heads_line(journal().heads()) != request.GET.get("heads", ""):
        answer["HX-Trigger"] = "record-went-on"
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Keep the colour scheme and density that the reader chose."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    answer = redirect(back)
    for name, allowed in (("theme", ("", "light", "dark")), ("density", ("", "compact", "touch"))):
        value = request.POST.get(name, "")
        if value in allowed:
            answer.set_cookie(f"paraph_{name}", value, max_age=31_536_000, samesite="Lax")
    return answer
