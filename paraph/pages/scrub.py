"""The scrub of a road map: changes by class, confirmed by all; our own check against the approved draft."""

import tempfile
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from paraph.acts import Change, Propose, Remark, TakeStance, proposal_id
from paraph.acts import Paper as Words
from paraph.mandate import approved
from paraph.mandate.models import ApprovedDraft
from paraph.node.access import members, negotiators, person_of
from paraph.node.current import journal
from paraph.pages.acting import record
from paraph.pages.compare import state_of
from paraph.pages.frame import reading
from paraph.pages.given import accepted, given_file
from paraph.pages.leaving import NAMES, Leaving, views
from paraph.pages.papers import authentic_of
from paraph.pages.roadmap import found
from paraph.pages.sayings import CLASSES, said
from paraph.pages.shown import marked
from paraph.papers import apart, roadmaps, scrubbing
from paraph.papers.check import Outgoing
from paraph.papers.documents import Document
from paraph.papers.docx.papers import paper_docx
from paraph.papers.drafts import as_text
from paraph.papers.errors import PaperRefused
from paraph.papers.labels import label
from paraph.papers.paper import Paper
from paraph.papers.pdf.writing import paper_pdf
from paraph.papers.redlines import TWO_LANGUAGES, in_two_languages
from paraph.papers.roadmaps import Wanted
from paraph.papers.scrubbing import ALARM, Against, Chapter, Line, Report, against, percent, report
from paraph.papers.states import document
from paraph.sentences import in_language
from paraph.state import agreement, concordance, cuts
from paraph.state import roadmaps as roadmaps_of
from paraph.state.errors import Refused
from paraph.state.programme import Programme
from paraph.text.fingerprints import short

STATES = {
    "not_agreed_yet": ("bracketed", gettext_lazy("words not agreed")),
    "confirmed": ("yes", gettext_lazy("confirmed")),
    "disputed": ("warn", gettext_lazy("the parties differ")),
    "to_confirm": ("half", gettext_lazy("to be confirmed")),
}


@require_GET
@members
def page(request: HttpRequest, name: str) -> HttpResponse:
    """What has changed since the text was complete, and how it stands against the approved draft."""
    return _drawn(request, name)


def _drawn(request: HttpRequest, name: str, basis: str = "") -> HttpResponse:
    programme = journal().programme()
    one, wanted = found(programme, name), _wanted(request, name)
    made, refusal = _report(wanted)
    kept = approved.approved(name)
    checked, trouble = _against(kept, wanted)
    context: dict[str, Any] = {
        "map": one,
        "title": in_language(one.title, reading(programme)),
        "language": wanted.language,
        "languages": programme.authentic,
        "authentic": programme.authentic,
        "refusal": refusal,
        "alarm": percent(reading(programme), ALARM),
        "may_act": person_of(request).may_act,
        "kept": kept,
        "kept_state": _heads(programme, kept),
        "trouble": trouble,
        "basis": basis,
        "ends": accepted(),
        "files": [(format, NAMES[format]) for format in ("docx", "pdf")],
    }
    if made is not None:
        mine = journal().me or ""
        context |= {
            "report": made,
            "rows": [_row(line, mine) for line in made.lines],
            "counts": [(CLASSES[kind], count, sure) for kind, (count, sure) in made.counts.items()],
            "shares": [_share(request, made.whole), *(_share(request, c) for c in made.chapters if c.share)],
            "classes": list(CLASSES.items()),
            "verification": _verification(programme, name, made),
            "between": urlencode(
                {
                    "old": cuts.name(made.old),
                    "new": cuts.name(made.new),
                    "language": wanted.language,
                    "wording": "clean",
                }
            ),
        }
    if checked is not None:
        context |= {
            "checked": checked,
            "foreign": _(TWO_LANGUAGES) if in_two_languages(checked.found) else "",
            "checked_share": _share(request, Chapter(_("Whole text"), checked.share)),
            "checked_counts": [(CLASSES[kind], count) for kind, count in checked.counts.items() if count],
            "checked_rows": [
                {
                    "numbers": row.numbers,
                    "words": marked(row.segments),
                    "kind": CLASSES[judged.kind] if judged else "",
                    "reason": judged.reason if judged else "",
                    "grave": judged is not None and judged.kind == "substantive",
                }
                for row, judged in checked.rows
            ],
        }
    return render(request, "scrub.html", context)


def _wanted(request: HttpRequest, name: str) -> Wanted:
    return Wanted(journal().programme(), name, authentic_of(request))


def _report(wanted: Wanted) -> tuple[Report | None, str]:
    try:
        return report(wanted), ""
    except PaperRefused as refused:
        return None, said(refused.sentence)


def _row(line: Line, mine: str) -> dict[str, Any]:
    """A change for the table."""
    state = scrubbing.state_of(line)
    classes = line.change.classes
    return {
        "line": line,
        "key": f"{line.change.old}-{line.change.new}",
        "words": marked(line.segments),
        "proposed": CLASSES[line.judged.kind] if line.judged else "",
        "reason": line.judged.reason if line.judged else "",
        "grave": line.judged is not None and line.judged.kind == "substantive",
        "named": [(party, CLASSES[kind], line.change.said[party]) for party, kind in classes.items()],
        "state": STATES[state],
        "settled": state == "confirmed",
        "chosen": classes.get(mine) or (line.judged.kind if line.judged else ""),
        "open": bool(line.change.old and line.change.new),
        "mine": classes.get(mine, ""),
    }


def _share(request: HttpRequest, one: Chapter) -> dict[str, Any]:
    written = percent(reading(journal().programme()), one.share)
    return {"name": one.name, "share": written, "alarm": one.alarm}


def _verification(programme: Programme, name: str, report: Report) -> dict[str, Any]:
    """How far the parties are with the verification of the text as it stands now."""
    text = roadmaps_of.road_map(programme, name).composed.text
    about = f"verification:{name}"
    live = agreement.live(programme, about) if about in programme.on else ()
    proposal = next((one for one in live if _verifies(programme, one) == text), "")
    said = {party: agreement.supports(programme, party, proposal) for party in programme.parties if proposal}
    lines = [one for one in report.lines if one.change.old and one.change.new]
    before = roadmaps_of.verified(programme, name)
    return {
        "about": about,
        "text": text,
        "short": short(text) if text else "",
        "left": sum(not one.confirmed for one in lines),
        "discord": sum(
            bool(concordance.discord(programme, one))
            for item in roadmaps_of.road_map(programme, name).items
            for standing in item.standings
            for one in standing.live
        ),
        "said": said.items(),
        "mine": said.get(journal().me or "", False),
        "done": bool(text) and before == text,
        "earlier": short(before) if before and before != text else "",
    }


def _verifies(programme: Programme, proposal: str) -> str:
    content = programme.content(proposal)
    return content.fields.get("text", "") if isinstance(content, Words) else ""


@require_POST
@negotiators
def verify(request: HttpRequest, name: str) -> HttpResponse:
    """Say to all parties that the complete text is verified; the rules ask what that needs."""
    programme = journal().programme()
    text = found(programme, name).composed.text
    about = f"verification:{name}"
    if not text or request.POST.get("text") != text:
        messages.error(request, _("The text is no longer the one that you read. Nothing was sent."))
        return redirect("scrub", name=name)
    live = agreement.live(programme, about) if about in programme.on else ()
    known = next((one for one in live if _verifies(programme, one) == text), "")
    content = {
        "words": {one: label(one, "verification") for one in programme.authentic},
        "fields": {"text": text},
    }
    others = {one: {"words": label(one, "verification")} for one in programme.charter.working}
    acts = [] if known else [Propose(about, content, others)]
    stance = TakeStance(known or proposal_id(about, content), "accepts")
    record(request, [*acts, stance], _("Your delegation calls the text verified."))
    return redirect(f"{reverse('scrub', args=[name])}#verification")


@require_POST
@negotiators
def classes(request: HttpRequest, name: str) -> HttpResponse:
    """Say of what class the chosen changes are, to all parties."""
    programme = journal().programme()
    found(programme, name)
    made, refusal = _report(_wanted(request, name))
    if made is None:
        messages.error(request, refusal)
        return redirect("scrub", name=name)
    acts = []
    chosen = set(request.POST.getlist("change"))
    for line in made.lines:
        change = line.change
        key = f"{change.old}-{change.new}"
        kind = next((one for one in CLASSES if one == request.POST.get(f"class_{key}")), None)
        if key in chosen and change.old and change.new and kind:
            acts.append(Remark(change.subject, change=Change(change.old, change.new, kind)))
            chosen.discard(key)
    if chosen:
        messages.error(
            request, _("Other words came while you were reading. Nothing was sent: read the changes again.")
        )
    elif not acts:
        messages.error(request, _("Tick the changes whose class you confirm."))
    else:
        record(request, acts, _("Your delegation has named the classes."))
    return redirect("scrub", name=name)


# ---------------------------------------------------------------- inside: the approved draft


@require_POST
@negotiators
def approve(request: HttpRequest, name: str) -> HttpResponse:
    """Keep the draft that the government approved: a file, or a state of the record."""
    programme = journal().programme()
    found(programme, name)
    basis = " ".join(request.POST.get("basis", "").split())[:300]
    try:
        if not basis:
            raise Refused(_("Name the act by which the draft was approved."))
        kept = _file_of(request) if "file" in request.FILES else _day_of(programme, request)
    except (Refused, PaperRefused) as refused:
        messages.error(request, said(refused.sentence))
        return _drawn(request, name, basis)
    approved.keep(name, person_of(request).pk, journal().clock(), basis, **kept)
    messages.success(request, _("The approved draft is kept. It stays on this node."))
    return redirect(f"{reverse('scrub', args=[name])}#inside")


def _file_of(request: HttpRequest) -> dict[str, Any]:
    """A draft that came as a file and can be read; PaperRefused says why it cannot."""
    file = given_file(request)
    data = file.path.read_bytes()
    file.path.unlink()
    _read(file.name, data, authentic_of(request))
    return {"name": file.name, "file": data}


def _day_of(programme: Programme, request: HttpRequest) -> dict[str, Any]:
    """A draft that was the text of a day; Refused where no day is named."""
    if not (day := request.POST.get("day", "")):
        raise Refused(_("Choose the file of the approved draft, or the day whose text was approved."))
    return {"state": cuts.name(state_of(programme, day))}


@lru_cache(maxsize=4)
def _read(name: str, data: bytes, language: str) -> Document:
    """A draft, read in a child process."""
    with tempfile.NamedTemporaryFile(prefix="paraph-", suffix=Path(name).suffix.lower()) as kept:
        kept.write(data)
        kept.flush()
        return apart.room().read(Document, "document", Path(kept.name), language=language)


def _against(kept: ApprovedDraft | None, wanted: Wanted) -> tuple[Against | None, str]:
    """The text of now against the approved draft; or why it cannot be compared."""
    if kept is None:
        return None, ""
    try:
        if kept.state:
            then = cuts.at(wanted.programme, cuts.named(wanted.programme, kept.state))
            draft = document(roadmaps.clean(Wanted(then, wanted.road_map, wanted.language)))
        else:
            draft = _read(kept.file_name, bytes(kept.file), wanted.language)
            draft = as_text(draft, wanted)
        return against(kept.basis, draft, wanted), ""
    except (PaperRefused, Refused) as refused:
        return None, said(refused.sentence)


def _heads(programme: Programme, kept: ApprovedDraft | None) -> list[Any]:
    if kept is None or not kept.state:
        return []
    try:
        cut = cuts.named(programme, kept.state)
    except Refused:
        return []
    return [programme.logs[party].entries[size - 1] for party, size in sorted(cut.items()) if size]


def _leaving(request: HttpRequest, name: str, format: str) -> Leaving:
    wanted = _wanted(request, name)
    found(wanted.programme, name)
    if format not in ("docx", "pdf"):
        raise Http404(_("There is no such paper."))

    def read() -> Callable[[], Outgoing]:
        made, (checked, trouble) = report(wanted), _against(approved.approved(name), wanted)
        if checked is None:
            raise Http404(trouble or _("No approved draft is kept for this road map."))
        paper = scrubbing.report_paper(made, wanted, checked)
        return partial(_written, paper, f"{name}-scrub-internal-{wanted.language}.{format}")

    query = request.GET.urlencode()
    back = f"{reverse('scrub', args=[name])}?{query}"
    return Leaving(_("Scrub and verification report"), back, _("Back to the report"), read)


def _written(paper: Paper, called: str) -> Outgoing:
    write = paper_docx if called.endswith(".docx") else paper_pdf
    return Outgoing(called, write(paper), paper)


check, download = views(_leaving)
