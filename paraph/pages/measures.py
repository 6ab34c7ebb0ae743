"""Measures as a table for agencies: out as a file, in through a check page, long work as jobs."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from paraph.acts import STRENGTHS, Act, Propose, Strength, TakeStance, name_of, subject
from paraph.node import jobs
from paraph.node.access import members, negotiators, person_of
from paraph.node.current import journal
from paraph.node.models import Job
from paraph.node.people import working_key
from paraph.pages import work
from paraph.pages.acting import noted
from paraph.pages.frame import reading
from paraph.pages.given import accepted, given_file
from paraph.pages.sayings import said
from paraph.pages.shown import day, heading_of, redlined
from paraph.pages.work import told, work_of
from paraph.papers import apart
from paraph.papers.errors import PaperRefused
from paraph.papers.measures import (
    REPORT,
    Change,
    Reports,
    Table,
    Trouble,
    check,
    columns,
    reports,
    status_said,
    write_measures,
)
from paraph.papers.mistaken import SHEETS
from paraph.papers.xlsx.reading import Sheet
from paraph.sentences import Sentence
from paraph.state import agreement, roadmaps
from paraph.state.programme import Programme
from paraph.text.canonical import looks_alike

T = TypeVar("T")
AT_ONCE = 50  # rows looked at while the journal is held
A_PAGE = 100  # rows on the check page
CHECK, SEND = "check measures", "send measures"
work.KINDS |= {
    CHECK: work.Shown(
        gettext_lazy("The table is read and checked."),
        gettext_lazy("The table is read."),
        gettext_lazy("See what it changes"),
        "measures-check",
    ),
    SEND: work.Shown(gettext_lazy("The changes are written into the joint record.")),
}
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@members
def page(request: HttpRequest) -> HttpResponse:
    """Which road maps go out, and the table that came back."""
    programme = journal().programme()
    first = reading(programme)
    maps = [
        (one, one.title.get(first) or next(iter(one.title.values()), ""), len(one.measures))
        for one in roadmaps.road_maps(programme)
        if one.measures
    ]
    found = Job.objects.filter(person=person_of(request), kind__in=(CHECK, SEND)).defer("result")
    context = {
        "maps": maps,
        "chosen": request.GET.getlist("map"),
        "jobs": [(job, jobs.interrupted(job)) for job in found.order_by("-begun_at")[:12]],
        "may_act": person_of(request).may_act,
        "kinds": accepted(SHEETS),
    }
    return render(request, "measures.html", context)


@require_GET
@members
def table(request: HttpRequest) -> HttpResponse:
    """The table of the measures of these road maps, as our agencies get it."""
    programme = journal().programme()
    asked = set(request.GET.getlist("map"))
    names = [one.id for one in roadmaps.road_maps(programme) if one.id in asked]
    if not names:
        messages.error(request, _("Choose at least one road map."))
        return redirect("measures")
    data = write_measures(programme, journal().me or "", names, reading(programme))
    answer = HttpResponse(data, content_type=SHEET)
    name = names[0] if len(names) == 1 else "measures"
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


# ---------------------------------------------------------------- the table comes back


@require_POST
@negotiators
def upload(request: HttpRequest) -> HttpResponse:
    """Take the file, and read it in the background."""
    try:
        file = given_file(request, SHEETS)
    except PaperRefused as refused:
        messages.error(request, said(refused.sentence))
        return redirect("measures")
    job = jobs.start(person_of(request), CHECK, file.name, lambda on: _check(file.path, on))
    return redirect("job", name=job.pk)


def _check(path: Path, progress: jobs.Progress) -> dict[str, Any]:
    """Read the table in a child, then look at some rows at a time."""
    try:
        sheet = apart.room().read(Sheet, "sheet", path)
    finally:
        path.unlink(missing_ok=True)
    me = journal().me or ""
    with journal().lock:
        programme = journal().programme()
        given, told = Table(programme, sheet), reports(programme, me)
    before: set[str] = set()
    changes: list[Change] = []
    troubles: list[Trouble] = list(given.beside)
    unchanged = done = 0
    for rows in _portions(given.rows):
        progress.step(done, len(given.rows))
        with journal().lock:
            found = check(journal().programme(), me, given, rows, told, before)
        changes += found.changes
        troubles += found.troubles
        unchanged += found.unchanged
        done += len(rows)
    progress.step(done, len(given.rows))
    return {
        "rows": done,
        "unchanged": unchanged,
        "flags": given.flags,
        "changes": msgspec.to_builtins(changes),
        "troubles": msgspec.to_builtins(troubles),
    }


def _portions(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(rows), AT_ONCE):
        yield rows[at : at + AT_ONCE]


@members
def checked(request: HttpRequest, name: Any) -> HttpResponse:
    """What the table changes, cell by cell; from here it is sent."""
    job = work_of(request, name, CHECK)
    if job.state != Job.State.DONE:
        return redirect("job", name=job.pk)
    programme = journal().programme()
    result: dict[str, Any] = job.result or {}
    changes = msgspec.convert(result["changes"], list[Change])
    if request.method == "POST":
        return _send_all(request, job, changes)
    first = reading(programme)
    pages = Paginator([list(row) for _number, row in groupby(changes, lambda one: one.row)], A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    heads = {col.key: col.head for col in columns(programme, first)}
    context = {
        "job": job,
        "result": result,
        "flags": [Sentence(flag) for flag in result["flags"]],
        "count": len(changes),
        "troubles": told(result["troubles"]),
        "rows": [_row(programme, row, heads, first) for row in shown],
        "page": shown,
        "may_act": person_of(request).may_act,
        "posted": request.POST,
        "sent": Job.objects.filter(person=job.person, kind=SEND, title=_sending(job)).defer("result").last(),
    }
    return render(request, "measures_check.html", context)


def _row(programme: Programme, row: list[Change], heads: dict[str, str], language: str) -> dict[str, Any]:
    """The changes of one measure for the page."""
    cells = []
    for change in row:
        for key, after in change.after.items():
            before = change.before.get(key, "")
            if key == "status":
                before, after = (one and status_said(one, language) for one in (before, after))
            elif key == "deadline":
                before, after = day(before), day(after)
            if before != after:
                cells.append(
                    {
                        "head": heads.get(key, key),
                        "redline": redlined(before, after),
                        "alike": looks_alike(before, after),
                        "report": change.cell == REPORT,
                        "how": Sentence(*change.how) if change.how else None,
                    }
                )
    measure = row[0].measure
    one = roadmaps.road_map(programme, subject(f"{measure}/action").road_map)
    number = next((item.number for item in one.items if item.id == measure), "")
    name = f"{one.number}/{number} {heading_of(programme, measure, language)}"
    return {"number": row[0].row, "about": f"{measure}/action", "name": name, "cells": cells}


# ---------------------------------------------------------------- sent


def _sending(job: Job) -> str:
    return f"{job.title} · {str(job.pk)[:8]}"


def _send_all(request: HttpRequest, job: Job, changes: list[Change]) -> HttpResponse:
    """Begin to write the changes as acts of who is signed in."""
    person = person_of(request)
    if not person.may_act:
        raise PermissionDenied
    key = working_key(request)
    if key is None:
        messages.error(request, _("Your signing key is not open: sign out and in again."))
        return redirect("measures-check", name=job.pk)
    note = noted(request)
    strength = next((one for one in STRENGTHS if one == request.POST.get("accept")), None)
    rows = [list(row) for _number, row in groupby(changes, lambda one: one.row)]

    def write(progress: jobs.Progress) -> dict[str, Any]:
        me = journal().me or ""
        with journal().lock:
            told = reports(journal().programme(), me)

        def acts(programme: Programme, row: list[Change]) -> tuple[list[Act], int]:
            found = list(_acts(programme, me, row, told, note, strength))
            return found, len(row) - sum(not isinstance(act, TakeStance) for act in found)

        return work.write(rows, [(row[0].row, "") for row in rows], acts, key, progress)

    return redirect("job", name=jobs.start(person, SEND, _sending(job), write).pk)


def _acts(
    programme: Programme,
    me: str,
    row: list[Change],
    told: Reports,
    note: dict[str, str],
    strength: Strength | None,
) -> Iterator[Act]:
    """The acts of a row that are not in the record yet."""
    for change in row:
        act = change.act()
        if not isinstance(act, Propose):
            last = told.get(change.measure, ("", None))[1]
            if last is None or (last.status, last.words) != (act.status, act.words):  # type: ignore[attr-defined]
                yield act
            continue
        name = name_of(act)
        proposal = programme.proposals.get(name)
        if proposal is not None and me in proposal.last and name in agreement.live(programme, act.subject):
            given = {language: own[me] for language, own in proposal.translations.items() if me in own}
            if all(given.get(language) == words for language, words in act.translations.items()):
                continue
        yield msgspec.structs.replace(act, note=note)
        choice = programme.by[me].choices.get(act.subject)
        if strength and not (choice and choice.proposal == name):
            yield TakeStance(name, "accepts", strength)
