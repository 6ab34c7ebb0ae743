"""Two states of a road map compared: chosen from the record, named in the address, taken away as a file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import lru_cache, partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from paraph.acts import Ack, Initial, Paper, Placed, Publish, Seal
from paraph.mandate.seen import last_seen
from paraph.node.access import members, person_of
from paraph.node.current import journal
from paraph.pages.frame import reading
from paraph.pages.leaving import NAMES, Leaving, views
from paraph.pages.papers import authentic_of, language_of
from paraph.pages.redline import redline_of, tally
from paraph.pages.redline import views as views_of
from paraph.pages.roadmap import found
from paraph.pages.sayings import said, telling, told
from paraph.pages.shown import day, languages
from paraph.papers.errors import PaperRefused
from paraph.papers.roadmaps import Wanted
from paraph.papers.states import FILES, WORDINGS, Compared, Wording, compared, outgoing
from paraph.sentences import in_language
from paraph.state import agreement, cuts
from paraph.state.cuts import Cut
from paraph.state.errors import Refused
from paraph.state.history import history
from paraph.state.programme import Programme

_ACTS = 30  # the latest acts that are offered as states
_ENTRIES = 20  # of those between two states that the page lists


@dataclass(frozen=True, slots=True)
class Asked:
    """Which comparison an address names."""

    road_map: str
    old: Cut
    new: Cut
    language: str
    wording: Wording


@require_GET
@members
def page(request: HttpRequest, name: str) -> HttpResponse:
    """What has changed between two states, which the address names for good."""
    programme = journal().programme()
    one = found(programme, name)
    offered = _offered(programme, request, name)
    asked: Asked | None = None
    try:
        asked = _asked(programme, request, name)
    except Refused as refused:
        messages.error(request, said(refused.sentence))
    else:
        lasting = _lasting(request, asked)
        if lasting != request.GET.dict():
            query = request.GET.copy()
            query.clear()
            query.update(lasting)
            return redirect(f"{reverse('compare', args=[name])}?{query.urlencode()}")
    first = reading(programme)
    context: dict[str, Any] = {
        "map": one,
        "title": in_language(one.title, first),
        "reading": first,
        "languages": languages(programme),
        "authentic": programme.authentic,
        "offered": offered,
        "given": {side: request.GET.get(side, "") for side in ("old", "new")},
        "language": asked.language if asked else _language(request),
        "wording": asked.wording if asked else "bracketed",
    }
    if asked is not None:
        between = [
            placed
            for placed in history(programme, f"road_map:{name}")
            if asked.old[placed.log] <= placed.n < asked.new[placed.log]
        ]
        context |= {
            **redline_of(_compared(programme, asked).found, request.GET.dict()),
            "views": views_of(request),
            "elsewhere": list(_elsewhere(request, programme, asked)),
            "sides": [
                (side, _side(programme, cut)) for side, cut in (("old", asked.old), ("new", asked.new))
            ],
            "entries": told(programme, between, first, _ENTRIES),
            "count_between": len(between),
            "swapped": _swapped(request),
            "files": [
                (f"{reverse('compare-check', args=[name, format])}?{request.GET.urlencode()}", NAMES[format])
                for format in FILES
            ],
        }
    return render(request, "compare.html", context)


def _elsewhere(request: HttpRequest, programme: Programme, asked: Asked) -> Iterator[tuple[str, str, str]]:
    """The other authentic languages in which something differs: what, and where it is shown."""
    for language in programme.authentic:
        found = _compared(programme, replace(asked, language=language)).found
        if language != asked.language and not found.same:
            query = request.GET.copy()
            query["language"] = language
            yield language, ", ".join(text for _sign, text in tally(found)), f"?{query.urlencode()}"


def _leaving(request: HttpRequest, name: str, format: str) -> Leaving:
    programme = journal().programme()
    found(programme, name)
    known = next((one for one in FILES if one == format), None)
    if known is None:
        raise Http404(_("There is no such paper."))
    try:
        asked = _asked(programme, request, name)
    except Refused as refused:
        raise Http404(said(refused.sentence)) from None
    called = f"{name}-{cuts.name(asked.old)}-to-{cuts.name(asked.new)}-{asked.language}"
    return Leaving(
        _("Comparison of two states"),
        f"{reverse('compare', args=[name])}?{request.GET.urlencode()}",
        _("Back to the comparison"),
        lambda: partial(outgoing, _compared(programme, asked), called, known),
    )


check, download = views(_leaving)


def _compared(programme: Programme, asked: Asked) -> Compared:
    try:
        return _kept(
            programme,
            asked.road_map,
            cuts.name(asked.old),
            cuts.name(asked.new),
            asked.language,
            asked.wording,
        )
    except PaperRefused as refused:
        raise Http404(said(refused.sentence)) from None


@lru_cache(maxsize=8)
def _kept(
    programme: Programme, road_map: str, old: str, new: str, language: str, wording: Wording
) -> Compared:
    """A comparison: what a state holds never changes, so neither does this."""
    before, after = (cuts.at(programme, cuts.named(programme, name)) for name in (old, new))
    return compared(Wanted(before, road_map, language), Wanted(after, road_map, language), wording)


# ---------------------------------------------------------------- which states


def _asked(programme: Programme, request: HttpRequest, name: str) -> Asked:
    """
    The comparison that the query asks for.

    Raises:
        Refused: a state that it names is none, or has not come yet.
    """
    default = last_seen(person_of(request).pk, name) or _before_last(programme, name)
    return Asked(
        name,
        state_of(programme, request.GET.get("old_day") or request.GET.get("old") or default),
        state_of(programme, request.GET.get("new_day") or request.GET.get("new") or "now"),
        _language(request),
        next((one for one in WORDINGS if one == request.GET.get("wording")), WORDINGS[0]),
    )


def _language(request: HttpRequest) -> str:
    """The language that is asked for, or one in which words are agreed."""
    return language_of(request) if "language" in request.GET else authentic_of(request)


def state_of(programme: Programme, asked: str) -> Cut:
    """
    A state by what people call it: now, a day, before-BY-12, after-BY-12, or its name.

    Raises:
        Refused: there is no such state.
    """
    if asked == "now":
        return cuts.now(programme)
    when, _dash, entry = asked.partition("-")
    log, _dash, n = entry.partition("-")
    if when in ("before", "after") and log in programme.logs and n.isdigit():
        entries = programme.logs[log].entries
        if int(n) < len(entries):
            placed = entries[int(n)]
            return cuts.before(programme, placed) if when == "before" else cuts.after(programme, placed)
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return cuts.named(programme, asked)
    if day > (today := journal().clock().astimezone(UTC).date()):
        raise Refused(
            _("The day %(day)s has not come yet; name one until today, %(today)s."),
            day=day.isoformat(),
            today=today.isoformat(),
        )
    return cuts.on_day(programme, day.isoformat())


def _lasting(request: HttpRequest, asked: Asked) -> dict[str, str]:
    """The query that means the same comparison for everybody and at any time."""
    found = {"old": cuts.name(asked.old), "new": cuts.name(asked.new), "language": asked.language,
             "wording": asked.wording}  # fmt: skip
    return found | {key: request.GET[key] for key in ("view", "show") if request.GET.get(key)}


def _swapped(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["old"], query["new"] = request.GET["new"], request.GET["old"]
    return f"?{query.urlencode()}"


def _side(programme: Programme, cut: Cut) -> dict[str, Any]:
    """A state as its head says it: the entries that came last, and their claimed time."""
    heads = [programme.logs[party].entries[size - 1] for party, size in sorted(cut.items()) if size]
    return {"heads": heads, "at": max((one.at for one in heads), default="")}


def _acts(programme: Programme, name: str) -> list[Placed]:
    """The acts about a road map, the latest first."""
    about = history(programme, f"road_map:{name}")
    acts = [placed for placed in about if not isinstance(placed.act, (Ack, Publish))]
    return sorted(acts, key=lambda placed: placed.order, reverse=True)


def _before_last(programme: Programme, name: str) -> str:
    last = next(iter(_acts(programme, name)), None)
    return f"before-{last.log}-{last.n}" if last else "now"


def _offered(programme: Programme, request: HttpRequest, name: str) -> list[dict[str, Any]]:
    """The states that people ask for, by groups: the token of the old and of the new side, and the words."""
    acts, first = _acts(programme, name), reading(programme)
    seen = last_seen(person_of(request).pk, name)
    groups: list[dict[str, Any]] = [{"label": _("The record"), "states": [("now", "now", _("as it is now"))]}]
    if seen:
        groups[0]["states"].append((seen, seen, _("as you last saw it")))
    rounds = []
    for about in programme.beside("meeting"):
        standing = agreement.standing(programme, about)
        paper = next((programme.content(one) for one in (standing.agreed, *standing.live) if one), None)
        if isinstance(paper, Paper) and (when := paper.fields.get("date")):
            title = in_language(paper.heading or paper.words, first)
            rounds.append((when, when, f"{day(when)}: {title}"))
    groups.append({"label": _("At the end of the day of a meeting"), "states": sorted(rounds, reverse=True)})
    closed = [one for one in acts if isinstance(one.act, (Initial, Seal))]
    for label, some in ((_("At initials and seals"), closed), (_("At an act"), acts[:_ACTS])):
        groups.append({"label": label, "states": [
            (f"before-{one.log}-{one.n}", f"after-{one.log}-{one.n}",
             f"{one.log} {one.n}, {day(one.at)}: {telling(programme, one, first)}") for one in some
        ]})  # fmt: skip
    return [group for group in groups if group["states"]]
