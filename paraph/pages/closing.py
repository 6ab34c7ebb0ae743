"""Initials and seals: slow on purpose."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from paraph.acts import REOPENED, Act, Initial, Notify, Seal, Sign
from paraph.node.access import heads, members, person_of
from paraph.node.current import journal
from paraph.pages.acting import record
from paraph.pages.frame import reading
from paraph.pages.roadmap import closing_lines, found
from paraph.pages.shown import languages
from paraph.state import closing
from paraph.state.programme import Programme
from paraph.state.roadmaps import RoadMap


@members
def page(request: HttpRequest, name: str) -> HttpResponse:
    """What initials and seals stand on this text, and what is asked of us now."""
    programme = journal().programme()
    one = found(programme, name)
    if request.method == "POST":
        return _close(request, programme, one)
    about = f"road_map:{name}"
    me = journal().me or ""
    first = reading(programme)
    stands = []
    for party in programme.parties:
        stand = closing.standing(programme, party, about)
        stands.append(
            {
                "party": party,
                "stand": stand,
                "same": stand is not None and stand.text == one.composed.text,
                "seal": closing.own_seal(programme, party, about),
                "signed": one.closing and programme.by[party].signed.get((about, one.closing.text)),
                "notified": one.closing and programme.by[party].notified.get((about, one.closing.text)),
            }
        )
    mine = closing.standing(programme, me, about)
    context = {
        "map": one,
        "title": one.title.get(first) or next(iter(one.title.values()), ""),
        "stands": stands,
        "mine": mine,
        "may_initial": bool(one.composed.text)
        and not one.closing
        and (mine is None or mine.text != one.composed.text),
        "may_seal": not one.closing
        and closing.whole_set(programme, about) is not None
        and closing.own_seal(programme, me, about) is None,
        "may_sign": one.closing and (about, one.closing.text) not in programme.by[me].signed,
        "may_notify": one.closing
        and (about, one.closing.text) in programme.by[me].signed
        and (about, one.closing.text) not in programme.by[me].notified,
        "may_reopen": one.closing is not None and (mine is None or mine.text != REOPENED),
        "lines": closing_lines(programme, one),
        "may_close": person_of(request).may_close,
        "languages": languages(programme),
        "chain": closing.closings(programme, about),
        "final": closing.final(programme, me, about),
    }
    return render(request, "closing.html", context)


@heads
def _close(request: HttpRequest, programme: Programme, one: RoadMap) -> HttpResponse:
    """Initial, seal, sign or notify: with the password, and the words typed."""
    about = f"road_map:{one.id}"
    back = redirect("closing", name=one.id)
    made = _act(request, programme, one, about)
    if made is None:
        messages.error(request, _("The text changed while you were reading. Read it, then decide again."))
        return back
    act, done = made
    if request.POST.get("typed", "").strip() != str(one.number):
        messages.error(request, _("Type the number of the road map to confirm."))
        return back
    record(request, [act], done, password=request.POST.get("password", ""))
    return back


def _act(request: HttpRequest, programme: Programme, one: RoadMap, about: str) -> tuple[Act, str] | None:
    """The act that the form asks for, on exactly the text that was shown."""
    shown = request.POST.get("text", "")
    charter = programme.charter.prog
    after = closing.after(programme, about)
    titles: Any = {"en": person_of(request).title_en}
    match request.POST.get("do"):
        case "initial" if shown == one.composed.text and shown:
            return (
                Initial(about, after, charter, shown, list(one.composed.lines)),
                _("Initialled."),
            )
        case "seal":
            stand = closing.standing(programme, journal().me or "", about)
            if stand is not None and stand.text == shown:
                return Seal(about, stand.after, shown), _("Sealed.")
        case "sign" if one.closing and shown == one.closing.text:
            return Sign(about, shown, titles), _("Signed.")
        case "notify" if one.closing and shown == one.closing.text:
            return Notify(about, shown), _("Notified.")
        case "reopen" if one.closing and shown == one.closing.text:
            return Initial(about, after, charter, REOPENED), _("The reopening is initialled.")
    return None
