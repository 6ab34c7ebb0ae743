"""A file about a road map: what it holds, line by line, before it leaves; and the file itself."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from paraph.node.access import unlocked_members
from paraph.node.current import journal
from paraph.pages.roadmap import found
from paraph.pages.sayings import said
from paraph.papers.check import Outgoing, leaving
from paraph.papers.errors import PaperRefused

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "akn": "application/akn+xml",
    "html": "text/html; charset=utf-8",
}
NAMES = {"docx": "Word", "pdf": "PDF", "html": "HTML", "akn": "AKN"}
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file that is asked for, and the page that one comes from."""

    title: str
    back: str
    back_name: str
    read: Callable[[], Callable[[], Outgoing]]  # reads the record; what it gives writes the file from that


def views(asked: Callable[..., Leaving]) -> tuple[View, View]:
    """
    The page that lists what would leave, and the file.

    Args:
        asked: which file a request is about, by the parts of its address; Http404 where there is none.
    """

    def made(request: HttpRequest, parts: dict[str, str]) -> tuple[Leaving, Outgoing | None, str]:
        """The file, or why there is none; nobody waits for its drawing but who asked for it."""
        with journal().lock:
            one = asked(request, **parts)
            try:
                write = one.read()
            except PaperRefused as refused:
                return one, None, said(refused.sentence)
        try:
            return one, write(), ""
        except PaperRefused as refused:
            return one, None, said(refused.sentence)

    @require_GET
    @unlocked_members
    def check(request: HttpRequest, **parts: str) -> HttpResponse:
        """What would leave in this file, line by line, before it does."""
        one, file, refusal = made(request, parts)
        with journal().lock:
            context = {
                "map": found(journal().programme(), parts["name"]),
                "leaving": one,
                "file": file,
                "refusal": refusal,
                "size": len(file.data) // 1024 + 1 if file else 0,
                "holds": leaving(file) if file else [],
                "address": f"{request.path}/file?{request.GET.urlencode()}",
            }
            return render(request, "paper_check.html", context)

    @require_GET
    @unlocked_members
    def download(request: HttpRequest, **parts: str) -> HttpResponse:
        """The file."""
        _one, file, refusal = made(request, parts)
        if file is None:
            raise Http404(refusal)
        answer = HttpResponse(file.data, content_type=TYPES[parts["format"]])
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer

    return check, download
