"""What was chosen of a file is written into the joint record: own words, and those received from others."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from paraph.acts import STRENGTHS, Act, Propose, Strength, TakeStance, name_of
from paraph.node import jobs
from paraph.node.access import person_of
from paraph.node.current import journal
from paraph.node.models import Job
from paraph.node.people import working_key
from paraph.pages import work
from paraph.pages.acting import noted
from paraph.papers.returned import Candidate, Returned
from paraph.state import agreement
from paraph.state.programme import Programme

PUT = "put forward"


def putting(job: Job) -> str:
    """What the work is called that puts a file forward."""
    return f"{job.title} · {str(job.pk)[:8]}"[:200]


def put(request: HttpRequest, job: Job, says: Returned) -> HttpResponse:
    """Begin to write what was chosen as acts of who is signed in."""
    key = working_key(request)
    if key is None:
        messages.error(request, _("Your signing key is not open: sign out and in again."))
        return redirect("brought", name=job.pk)
    asked = set(request.POST.getlist("put"))
    chosen = [one for one in says.candidates if one.key in asked]
    if not chosen:
        messages.error(request, _("Choose at least one proposal."))
        return redirect("brought", name=job.pk)
    strength = next((one for one in STRENGTHS if one == request.POST.get("accept")), None)
    note = noted(request)
    road_map = (job.result or {})["road_map"]

    subjects: dict[str, list[Candidate]] = {}  # alternatives on one subject go in one step
    for one in chosen:
        subjects.setdefault(one.about, []).append(one)

    def acts(programme: Programme, alternatives: list[Candidate]) -> tuple[list[Act], int]:
        made = [_acts(programme, one, note, strength) for one in alternatives]
        return list(_read_once(act for found in made for act in found)), made.count([])

    def write(progress: jobs.Progress) -> dict[str, Any]:
        heads = [(at, one[0].number) for at, one in enumerate(subjects.values(), 1)]
        return {"road_map": road_map} | work.write(list(subjects.values()), heads, acts, key, progress)

    return redirect("job", name=jobs.start(person_of(request), PUT, putting(job), write).pk)


def _read_once(acts: Iterable[Act]) -> Iterator[Act]:
    """Acts written in one step: what was read of a subject holds for the first of them, which changes it."""
    read: set[str] = set()
    for act in acts:
        if isinstance(act, Propose):
            yield msgspec.structs.replace(act, seen="") if act.subject in read else act
            read.add(act.subject)
        else:
            yield act


def _acts(programme: Programme, one: Candidate, note: dict[str, str], strength: Strength | None) -> list[Act]:
    """The acts of a candidate that are not in the record yet; only own words are accepted with them."""
    me = journal().me or ""
    acts: list[Act] = []
    for act in one.acts:
        name = name_of(act)
        if name in agreement.live(programme, act.subject) if act.subject in programme.on else False:
            whose = agreement.speakers(programme, name)
            given = {t: own.get(me) for t, own in programme.proposals[name].translations.items()}
            if (act.received_from or me) in whose and all(
                given.get(t) == w for t, w in act.translations.items()
            ):
                continue
        acts.append(msgspec.structs.replace(act, note=note))
        own = not act.received_from and not act.translations
        if strength and own and _complete(programme, act):
            acts.append(TakeStance(name, "accepts", strength))
    return acts


def _complete(programme: Programme, act: Propose) -> bool:
    """Whether it can be accepted fully: words in every authentic language, where it has words."""
    words = act.content.get("words") or act.content.get("heading")
    return words is None or set(words) >= set(programme.authentic)
