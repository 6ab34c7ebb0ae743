"""Long work of a person on its page: how far it is, what became of it, and that it has ended."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from paraph.acts import Act, TakeStance
from paraph.node import jobs
from paraph.node.access import members, person_of
from paraph.node.current import journal
from paraph.node.models import Job, Person
from paraph.papers.measures import Trouble
from paraph.record.keys import SecretKey
from paraph.sentences import Sentence
from paraph.state.errors import Refused
from paraph.state.programme import Programme

T = TypeVar("T")

AT_ONCE = 200  # acts that are written while the journal is held
_LATELY = timedelta(days=1)  # in which an end is news
_NOTICED = 3  # ends that are told at once


@dataclass(frozen=True, slots=True)
class Shown:
    """How one kind of work is told on its page."""

    doing: Any  # a lazy sentence
    done: Any = ""
    look: Any = ""
    found: str = ""  # the name of the address that shows the result; "": it stands on the page of the work
    back: Callable[[Job], tuple[str, Any]] = lambda _job: (
        reverse("measures"),
        gettext_lazy("Tables of measures"),
    )


KINDS: dict[str, Shown] = {}  # each area of pages adds its own


def work_of(request: HttpRequest, name: Any, *kinds: str) -> Job:
    """A job of who is signed in, whose end is seen now; others have their own."""
    found = get_object_or_404(
        Job, pk=name, person=person_of(request), **({"kind__in": kinds} if kinds else {})
    )
    if found.state != Job.State.RUNNING and not found.seen:
        Job.objects.filter(pk=found.pk).update(seen=True)
    return found


def ended(person: Person) -> list[Job]:
    """The work that has ended lately and whose end its person has not seen yet, the last first."""
    found = Job.objects.filter(person=person, seen=False).exclude(state=Job.State.RUNNING).defer("result")
    return list(found.filter(changed_at__gt=timezone.now() - _LATELY).order_by("-changed_at")[:_NOTICED])


def told(troubles: Iterable[dict[str, Any]]) -> list[tuple[Trouble, Sentence]]:
    """What could not be written, or is to be looked at: errors first."""
    found = msgspec.convert(list(troubles), list[Trouble])
    order = {"error": 0, "stale": 1, "known": 2}
    return [(one, one.sentence) for one in sorted(found, key=lambda one: (order[one.kind], one.row))]


def refused(row: int, head: str, sentence: Sentence) -> Trouble:
    """An act that a rule refuses, while others were written."""
    params = {name: str(value) for name, value in sentence.params.items()}
    return Trouble(row, "", head, "error", sentence.template, params)


def write(
    chosen: Sequence[T],
    heads: Sequence[tuple[int, str]],
    acts_of: Callable[[Programme, T], tuple[list[Act], int]],
    key: SecretKey,
    progress: jobs.Progress,
) -> dict[str, Any]:
    """
    Write what was chosen, one after the other; what a rule refuses is named, the rest is written.

    Args:
        chosen: what is to be written.
        heads: of each of it its row, and what it is called in a refusal.
        acts_of: its acts that are not in the record yet, and how many things of it are.
        key: of whom writes.
        progress: is told how far it is.
    """
    troubles: list[Trouble] = []
    written = known = 0
    first = last = ""
    for at, one in enumerate(chosen):
        progress.step(at, len(chosen))
        with journal().lock:
            acts, already = acts_of(journal().programme(), one)
        known += already
        for begin in range(0, len(acts), AT_ONCE):
            portion = acts[begin : begin + AT_ONCE]
            try:
                with journal().lock:
                    placed = journal().record(portion, [key])
            except Refused as refusal:
                troubles.append(refused(*heads[at], refusal.sentence))
                break
            written += sum(not isinstance(act, TakeStance) for act in portion)
            first, last = first or f"{placed[0].log} {placed[0].n}", f"{placed[-1].log} {placed[-1].n}"
    progress.step(len(chosen), len(chosen))
    return {
        "written": written,
        "known": known,
        "first": first,
        "last": last,
        "troubles": msgspec.to_builtins(troubles),
    }


@require_GET
@members
def job(request: HttpRequest, name: Any) -> HttpResponse:
    """How far a job is; asked again every second until it ends."""
    found = work_of(request, name)
    broken = jobs.interrupted(found)
    wait = jobs.left(found, timezone.now())
    shown = KINDS[found.kind]
    address, title = shown.back(found)
    context = {
        "job": found,
        "shown": shown,
        "back": address,
        "back_title": title,
        "interrupted": broken,
        "running": found.state == Job.State.RUNNING and not broken,
        "left": int(wait.total_seconds()) + 1 if wait is not None else None,
        "sentence": Sentence(found.said["template"], found.said["params"]) if found.said else None,
        "troubles": told(found.result["troubles"]) if not shown.found and found.result else [],
    }
    return render(request, "job.html", context)


@require_POST
@members
def cancel(request: HttpRequest, name: Any) -> HttpResponse:
    """Ask that a job end; what it wrote stays."""
    found = work_of(request, name)
    if found.state != Job.State.RUNNING:
        raise Http404(_("The work has ended already."))
    jobs.cancel(found)
    return redirect("job", name=found.pk)
