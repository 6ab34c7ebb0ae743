"""What do all pages of the outlook share: the reader's question, words for numbers, the page that waits?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from paraph.node.access import View, person_of, unlocked_members
from paraph.node.asked import Asked, Step
from paraph.node.current import journal
from paraph.outlook.finish import HORIZON, Finish
from paraph.outlook.ledger import LEVELS
from paraph.outlook.schedule import Span
from paraph.pages import foresight
from paraph.pages.charts import Point
from paraph.pages.foresight import Now, Three
from paraph.pages.frame import reading
from paraph.pages.sayings import said
from paraph.sentences import in_language
from paraph.state import roadmaps

SHOWN = (25, 100, 200, 300, 400, 500, 600, 700, 800, 900, 975)  # per mille, in a table beside a curve
FAR = 5 * 366  # days: a chart ends there, or where nine in ten futures are done
LONG = "j E Y"  # a date within a sentence


# ---------------------------------------------------------------- words for numbers


def when(day: float, today: int, form: str = "") -> str:
    """A day for a reader; how far the outlook goes where it lies beyond."""
    if day >= today + int(HORIZON):
        return _("after %(year)s") % {"year": date.fromordinal(today + int(HORIZON)).year}
    return date_format(date.fromordinal(ceil(day)), form or pgettext("a date in a table", "j M Y"))


def often(chance: float) -> str:
    """A chance as a number of futures: 44 of 100."""
    number = round(chance * 100)
    if chance and not number:
        return _("fewer than 1 of 100")
    if chance < 1 and number == 100:
        return _("more than 99 of 100")
    return _("%(n)s of 100") % {"n": number}


def days_said(span: Span) -> str:
    """A gain in days with its interval; "no difference" where it covers zero, or is less than a day."""
    n = round(span.value)
    if not (span.differs and n):
        return _("no difference")
    return ngettext("%(n)s day (%(low)s … %(high)s)", "%(n)s days (%(low)s … %(high)s)", n) % {
        "n": n,
        "low": round(span.low),
        "high": round(span.high),
    }


def number(given: str | None, usual: int, least: int, most: int) -> int:
    """A whole number between two; the usual one where none was given."""
    try:
        return min(most, max(least, int(given))) if given else usual
    except ValueError:
        return usual


# ---------------------------------------------------------------- a reader's question


@dataclass
class Look:
    """What a reader asks of the outlook, and the answer on which everything rests."""

    request: HttpRequest
    now: Now
    work: dict[str, Any] = field(default_factory=dict)  # how far it is with what takes longer

    @property
    def today(self) -> date:
        """The day on which the record was read."""
        return date.fromordinal(self.now.today)

    def day(self, name: str) -> int | None:
        """A day that was typed, within the twenty years to come; None, and told, where it is none."""
        try:
            found = date.fromisoformat(given) if (given := self.request.GET.get(name, "")) else None
        except ValueError:
            messages.error(self.request, _("Write the date like 2021-12-31."))
            return None
        if found and not self.now.today < found.toordinal() <= self.now.today + HORIZON:
            messages.error(self.request, _("Ask about a day to come within twenty years."))
            return None
        return found.toordinal() if found else None

    @cached_property
    def by(self) -> int:
        """The day that is asked about."""
        return self.day("by") or foresight.usual(self.now.today)

    @cached_property
    def _named(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        with journal().lock:
            programme = journal().programme()
            first = reading(programme)
            return {
                one.id: (
                    f"{one.number} {in_language(one.title, first)}",
                    tuple(
                        f"{party}: {in_language(body, first)}"
                        for party, bodies in sorted(one.card.bodies.items())
                        for body in bodies
                    ),
                )
                for one in roadmaps.road_maps(programme)
            }

    def title(self, name: str) -> str:
        """Number and title of a road map, as the reader reads."""
        return self._named[name][0] if name in self._named else name

    @cached_property
    def bodies(self) -> dict[str, tuple[str, ...]]:
        """The responsible bodies of each open road map, in the reader's language."""
        return {name: bodies for name, (_title, bodies) in self._named.items() if name in self.now.found.open}

    def number(self, name: str, usual: int, least: int, most: int) -> int:
        """A whole number that was typed."""
        return number(self.request.GET.get(name), usual, least, most)

    def three(self, name: str, usual: Three, called: str) -> Three:
        """Days as typed: at least, most likely, at most; the usual ones where nothing is, or nonsense."""
        typed = [self.request.GET.get(f"{name}.{place}", "").strip() for place in range(3)]
        try:
            low, likely, high = (int(word) if word else days for word, days in zip(typed, usual, strict=True))
            if not 0 <= low <= likely <= high <= 100_000:
                raise ValueError
        except ValueError:
            messages.error(
                self.request,
                _("An estimate names whole days: at least, most likely, at most, in rising order: %(map)s")
                % {"map": called},
            )
            return usual
        return low, likely, high

    def when(self, day: float, form: str = "") -> str:
        """A day of the outlook for a reader."""
        return when(day, self.now.today, form)

    def levels(self, *found: Finish | None) -> list[tuple[Any, ...]]:
        """The table beside a curve: a share of the futures, and by when each answer has it."""
        return [
            (share / 10, *(self.when(one.at(share / 1000)) if one else "" for one in found))
            for share in SHOWN
        ]

    def points(self, found: Finish) -> list[Point]:
        """The curve of an answer: day, per cent."""
        return [(max(self.now.today, found.at(share / 1000)), share / 10) for share in LEVELS]

    def last(self, *found: Finish) -> float:
        """Where a chart of these answers ends."""
        return max(self.by + 30, *(self.end(one.at(0.9)) for one in found))

    def end(self, nine: float) -> float:
        """Where a chart ends of an answer of which nine in ten futures are done by that day."""
        return min(self.now.today + FAR, max(self.now.today + 90, nine + 30))

    def more(self, question: object, work: Callable[[Step], Any]) -> Any:
        """
        What takes longer; None where it is not there, and the page says how far it is (`outlook_work.html`).

        Args:
            question: all that the answer rests on, beside the record.
            work: gives the answer.
        """
        if self.request.GET.get("stopped"):
            self.work = {"stopped": _again(self.request)}
            return None
        found = foresight.more(self.now, question, work, person_of(self.request).pk)
        if isinstance(found, Asked):
            self.work = how_far(self.request, found)
            return None
        return found

    def page(self, template: str, tab: str, **context: Any) -> HttpResponse:
        """Draw a page of the outlook."""
        shared = {"tab": tab, "today": self.today, "by": date.fromordinal(self.by), **self.work}
        return render(self.request, template, {**shared, **context})


def looking(view: Callable[[Look], HttpResponse]) -> View:
    """A view that is handed the answer once it is there; meanwhile its page says how far it is."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        found = foresight.now(person_of(request).pk)
        if isinstance(found, Asked):
            return render(
                request, "outlook_wait.html", {"tab": "", **how_far(request, found), "back": "/board"}
            )
        return view(Look(request, found))

    return wrapped


def while_open(view: Callable[[Look], HttpResponse]) -> View:
    """The same for a view that has nothing to say once all road maps are agreed."""

    @wraps(view)
    def wrapped(look: Look) -> HttpResponse:
        return view(look) if look.now.found.open else redirect("outlook")

    return looking(wrapped)


# ---------------------------------------------------------------- while the answer is not there


def how_far(request: HttpRequest, asked: Asked[Any]) -> dict[str, Any]:
    """What `outlook_work.html` says of work: how far it is, or why it has failed."""
    return {
        "asked": asked,
        "back": request.get_full_path(),
        "percent": 100 * asked.done // asked.total if asked.total else None,
        "left": int(asked.left) + 1 if asked.left is not None else None,
        "failed": said(asked.trouble) if asked.trouble else "",
    }


def _again(request: HttpRequest) -> str:
    """The address without the word that the work was cancelled."""
    asked = request.GET.copy()
    del asked["stopped"]
    return f"{request.path}?{asked.urlencode()}"


@require_POST
@unlocked_members
def cancel(request: HttpRequest) -> HttpResponse:
    """Want an answer no more; the page with all that was typed stays."""
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, None) or not back.startswith("/"):
        raise Http404
    foresight.leave(request.POST.get("name", ""), person_of(request).pk)
    if back == "/board":
        messages.info(request, _("Cancelled."))
        return redirect(back)
    return redirect(f"{back}{'&' if '?' in back else '?'}stopped=1")
