"""A file comes back, or comes from another hand: what it says, whose it is, and what becomes a proposal."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from paraph.mandate.models import InternalNote
from paraph.node import jobs
from paraph.node.access import members, person_of, unlocked_members
from paraph.node.current import journal
from paraph.node.models import Job, Person
from paraph.pages import work
from paraph.pages.counted import counted
from paraph.pages.frame import reading
from paraph.pages.given import Given, accepted, given_file
from paraph.pages.put_forward import PUT, put, putting
from paraph.pages.redline import redline_of, views
from paraph.pages.roadmap import found
from paraph.pages.sayings import said
from paraph.pages.shown import heading_of, languages, redlined
from paraph.pages.work import work_of
from paraph.papers import apart
from paraph.papers.comparison import Row, compare
from paraph.papers.documents import Comment, Document, cell_of
from paraph.papers.docx.redlining import language_of
from paraph.papers.errors import PaperRefused
from paraph.papers.redlines import TWO_LANGUAGES
from paraph.papers.returned import NEW, NOT, Candidate, Mapped, Returned, Upload, known, returned, spread
from paraph.papers.sent import Origin, as_sent, origin
from paraph.papers.settled import authors, settled
from paraph.sentences import in_language
from paraph.state import cuts
from paraph.state.programme import Programme

A_PAGE = 100  # paragraphs of the structure on one page
MANY = 200  # unmarked changes that are listed
PATIENCE = 1.5  # seconds in which most files are read
READ = "read file"


def _back(job: Job) -> tuple[str, Any]:
    name = (job.result or {}).get("road_map", "")
    return (reverse("bring", args=[name]) if name else reverse("board")), gettext_lazy("Files that came in")


work.KINDS |= {
    READ: work.Shown(
        gettext_lazy("The file is read and compared."),
        gettext_lazy("The file is read."),
        gettext_lazy("See what it says"),
        "brought",
        _back,
    ),
    PUT: work.Shown(gettext_lazy("The proposals are written into the joint record."), back=_back),
}

PARTS = {
    "heading": gettext_lazy("heading"),
    "article": gettext_lazy("article"),
    "item": gettext_lazy("item"),
    "text": gettext_lazy("text"),
}


@require_http_methods(["GET", "POST"])
@unlocked_members
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Bring in a file for a road map; those that came before."""
    if request.method == "POST":
        return _upload(request, name)
    with journal().lock:
        programme = journal().programme()
        one = found(programme, name)
        kept = Job.objects.filter(person=person_of(request), kind=READ).order_by("-begun_at")[:40]
        context = {
            "map": one,
            "title": in_language(one.title, reading(programme)),
            "jobs": [
                (job, jobs.interrupted(job))
                for job in kept
                if job.title.startswith(f"{one.number} · ") or (job.result or {}).get("road_map") == name
            ],
            "kinds": accepted(),
            "may_act": person_of(request).may_act,
        }
        return render(request, "bring.html", context)


def _upload(request: HttpRequest, name: str) -> HttpResponse:
    """Take the file, and read it in the background; what is quick is shown at once."""
    if not person_of(request).may_act:
        raise PermissionDenied(_("Your role does not let you act in the joint record."))
    with journal().lock:
        number = found(journal().programme(), name).number
    try:
        file = given_file(request)
    except PaperRefused as refused:
        messages.error(request, said(refused.sentence))
        return redirect("bring", name=name)
    person = person_of(request)
    job = jobs.start(
        person, READ, f"{number} · {file.name}", lambda on: _read(file, name, person, on), PATIENCE
    )
    job.refresh_from_db()
    return redirect("brought" if job.state == Job.State.DONE else "job", name=job.pk)


def _read(file: Given, road_map: str, person: Person, progress: jobs.Progress) -> dict[str, Any]:
    """Read the file in a child; find which paper of ours it is, and what that said."""
    try:
        progress.step(0, 3)
        digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
        document = spread(apart.room().read(Document, "document", file.path, reading="marked"))
        tongues = document.made.languages if document.made is not None else ()
        read = {
            one: spread(apart.room().read(Document, "document", file.path, reading="marked", language=one))
            for one in tongues[1:]
        }
    finally:
        file.path.unlink(missing_ok=True)
    progress.step(1, 3)
    with journal().lock:
        programme, me = journal().programme(), journal().me or ""
        where = origin(programme, document)
        sent = as_sent(programme, road_map, where) if where is not None else None
        beside = {
            one: (other, as_sent(programme, road_map, where, one) if where is not None else None)
            for one, other in read.items()
        }
        as_left = where is not None and sent is not None and language_of(sent) == language_of(document)
        language = where.language if where and as_left else _language(programme, road_map, document)
    progress.step(2, 3)
    others = [party for party in programme.parties if party != me]
    named = {
        name: party.code for party in programme.charter.parties for name in (party.code, *party.name.values())
    }
    agencies = file.path.suffix == ".xlsx" and any(one.key for one in document.paragraphs)
    sender = others[0] if others and not agencies else me
    whose, before = _said_before(person, road_map, digest)
    named = {name: party for name, party in (named | whose).items() if party in ("", *programme.parties)}
    return {
        "road_map": road_map,
        "name": file.name,
        "digest": digest,
        "language": language,
        "sender": sender,
        "authors": {author: named.get(author, sender) for author in authors(document)},
        "chosen": {},
        "origin": msgspec.to_builtins(where) if where is not None else None,
        "document": msgspec.to_builtins(document, builtin_types=()),
        "sent": msgspec.to_builtins(sent) if sent is not None else None,
        "beside": msgspec.to_builtins({language: None, **beside}) if beside else {},
    } | before


def _said_before(person: Person, road_map: str, digest: str) -> tuple[dict[str, str], dict[str, Any]]:
    """Whose changes an author's are, as the person has said; what was said of the same file before."""
    read = Job.objects.filter(person=person, kind=READ, state=Job.State.DONE).order_by("begun_at")
    whose: dict[str, str] = {}
    for authors_of in read.values_list("result__authors", flat=True):
        whose |= authors_of or {}
    said = ("language", "sender", "chosen")
    same = read.filter(result__digest=digest, result__road_map=road_map)
    last = same.values_list(*(f"result__{one}" for one in said)).last()
    return whose, dict(zip(said, last, strict=True)) if last else {}


def _language(programme: Programme, road_map: str, document: Document) -> str:
    """The language of a file: the one in which most of its words stand on the table, else by its letters."""
    words = {word for one in document.paragraphs for word in one.words.casefold().split()}
    shared = {}
    for language in languages(programme):
        mine = {
            word
            for one in known(programme, road_map, language)
            for wording in one.wordings
            for word in wording.whole.casefold().split()
        }
        shared[language] = len(mine & words)
    letters = language_of(document)
    return max(shared, key=lambda language: (shared[language], language == letters))


# ---------------------------------------------------------------- what it says


@require_http_methods(["GET", "POST"])
@members
def brought(request: HttpRequest, name: Any) -> HttpResponse:
    """What a file says, paragraph by paragraph, and what it proposes; from here it is put forward."""
    job = work_of(request, name, READ)
    if job.state != Job.State.DONE:
        return redirect("job", name=job.pk)
    result: dict[str, Any] = job.result or {}
    programme = journal().programme()
    one = found(programme, result["road_map"])
    if request.method == "POST":
        _keep_corrections(request, programme, job, result)
    given = _given(result)
    says = _says(programme, result["road_map"], given)
    if "send" in request.POST:
        return put(request, job, says)
    if request.method == "POST":
        return redirect("brought", name=job.pk)
    first = reading(programme)
    every = "all" in request.GET
    unclear = [one for one in says.mapped if _unclear(one)]
    structure = Paginator(says.mapped if every else unclear, A_PAGE)
    shown = structure.get_page(request.GET.get("page"))
    lines = list(known(programme, result["road_map"], given.language))
    changes = authors(given.document)
    numbers = {line.about: _number(line.number, line.cell) for line in lines}
    context = {
        "job": job,
        "map": one,
        "title": in_language(one.title, first),
        "given": given,
        "origin": given.origin,
        "languages": languages(programme),
        "authentic": programme.authentic,
        "authors": [(name, changes.get(name, 0), given.authors[name]) for name in sorted(given.authors)],
        "read": [(counted(what), count) for what, count in given.document.report.read.items()],
        "skipped": [(counted(what), count) for what, count in given.document.report.skipped.items()],
        "flags": given.document.report.flags,
        "comments": _comments(given, says.mapped, numbers),
        "unmarked": [_unmarked(row) for row in says.unmarked[:MANY]],
        "unmarked_count": len(says.unmarked),
        "foreign": _(TWO_LANGUAGES) if says.foreign else "",
        "candidates": [_candidate(programme, one, first, given, says) for one in says.candidates],
        "troubles": says.troubles,
        "unchanged": says.unchanged,
        "mapped": [_mapped(one, numbers) for one in shown],
        "numbers": list(dict.fromkeys(number for number in numbers.values() if number)),
        "page": shown,
        "every": every,
        "paragraphs": sum(not one.paragraph.again for one in says.mapped),
        "unclear": len(unclear),
        "posted": {},
        "may_act": person_of(request).may_act,
        "sent_jobs": Job.objects.filter(person=job.person, kind=PUT, title=putting(job)).defer("result"),
    }  # fmt: skip
    return render(request, "brought.html", context)


def _keep_corrections(request: HttpRequest, programme: Programme, job: Job, result: dict[str, Any]) -> None:
    if not person_of(request).may_act:
        raise PermissionDenied(_("Your role does not let you act in the joint record."))
    _correct(request, programme, result)
    job.result = result
    job.save(update_fields=["result"])


@require_POST
@members
def comments(request: HttpRequest, name: Any) -> HttpResponse:
    """Keep comments of the file as internal notes on the provisions that they hang on."""
    job = work_of(request, name, READ)
    if job.state != Job.State.DONE:
        return redirect("job", name=job.pk)
    programme, result = journal().programme(), job.result or {}
    _keep_corrections(request, programme, job, result)
    given = _given(result)
    hung = _hung(given, _says(programme, result["road_map"], given).mapped)
    asked = set(request.POST.getlist("comment"))
    chosen = [
        (about, one) for at, (about, one) in enumerate(hung) if str(at) in asked and about in programme.on
    ]
    for about, one in chosen:
        words = _as_note(one, result["name"])
        if not InternalNote.objects.filter(subject=about, words=words).exists():
            InternalNote.objects.create(
                subject=about, person=person_of(request), words=words, at=timezone.now()
            )
    if chosen:
        messages.success(request, _("The comments are kept as internal notes; they stay on this node."))
    else:
        messages.error(request, _("Tick the comments that are to be kept."))
    return redirect(f"{reverse('brought', args=[job.pk])}#comments")


def _hung(given: Upload, mapped: Sequence[Mapped]) -> list[tuple[str, Comment]]:
    """The comments of a file that were not on the paper as it left, each with its subject, or ""."""
    ours = {(one.author, one.words) for one in given.sent.comments} if given.sent is not None else set()
    return [
        (
            mapped[one.paragraph].target
            if one.paragraph is not None
            and one.paragraph < len(mapped)
            and mapped[one.paragraph].target not in (NEW, NOT)
            else "",
            one,
        )
        for one in given.document.comments
        if (one.author, one.words) not in ours
    ]


def _as_note(one: Comment, file: str) -> str:
    """A comment as an internal note says it: who said what, of which words, in which file."""
    anchor = f"\n“{one.anchor}”" if one.anchor else ""
    return f"{one.author or '–'}: {one.words}{anchor}\n{file}"[:10_000]


def _given(result: Mapping[str, Any]) -> Upload:
    """The file as it was read, with what its person said of it."""
    where, language = result["origin"], result["language"]
    read = {
        one: pair or (result["document"], result["sent"]) for one, pair in result.get("beside", {}).items()
    }
    document, sent = read.pop(language, (result["document"], result["sent"]))
    return Upload(
        msgspec.convert(document, Document),
        language,
        result["sender"],
        result["authors"],
        {int(at): target for at, target in result["chosen"].items()},
        msgspec.convert(where, Origin) if where else None,
        msgspec.convert(sent, Document) if sent else None,
        result.get("digest", result["name"]),
        result["name"],
        msgspec.convert(read, dict[str, tuple[Document, Document | None]]),
    )


def _says(programme: Programme, road_map: str, given: Upload) -> Returned:
    then = cuts.at(programme, given.origin.cut) if given.origin is not None else programme
    return returned(programme, then, road_map, journal().me or "", given)


def _correct(request: HttpRequest, programme: Programme, result: dict[str, Any]) -> None:
    """Take what the person says of the file: its language, whose changes are whose, what is what."""
    asked = request.POST
    if asked.get("language") in languages(programme):
        result["language"] = asked["language"]
    if asked.get("sender") in programme.parties:
        result["sender"] = asked["sender"]
    for place, author in enumerate(sorted(result["authors"])):
        party = asked.get(f"author_{place}")
        if party in ("", *programme.parties):
            result["authors"][author] = party
    places = {}
    for line in known(programme, result["road_map"], result["language"]):
        places[_number(line.number, line.cell)] = line.about
    unknown = []
    for key, written in asked.items():
        value = str(written)
        if not key.startswith("map_") or not key[4:].isdigit() or asked.get(f"was_{key[4:]}") == value:
            continue
        value = value.strip()
        target = {"": NOT, "-": NOT, "–": NOT, "+": NEW}.get(value) or places.get(value, "")
        if target:
            result["chosen"][key[4:]] = target
        else:
            unknown.append(value[:20])
    if unknown:
        messages.error(
            request,
            _("There is no provision %(numbers)s; write a number of the road map, + or –.")
            % {"numbers": ", ".join(unknown)},
        )


def _unclear(one: Mapped) -> bool:
    """A paragraph whose place a person may want to look at."""
    free = one.by not in ("sent", "row") and one.target in (NEW, NOT)
    return bool(one.paragraph.words) and (free or one.by == "person")


def _number(number: str, cell: str) -> str:
    return f"{number} {cell}".strip() if number else ""


def _mapped(one: Mapped, numbers: Mapping[str, str]) -> dict[str, Any]:
    number = {NEW: "+", NOT: "–"}.get(one.target) or numbers.get(one.target, "")
    return {"one": one, "kind": PARTS[one.paragraph.kind], "number": number, "place": _place(one)}


def _place(one: Mapped) -> str:
    """Where a paragraph stands outside of the body."""
    cell = cell_of(one.paragraph.place)
    if cell is None:
        return one.paragraph.place
    table, row, column = cell
    said = _("table %(table)s, row %(row)s, column %(column)s")
    if one.paragraph.again:
        said = _("table %(table)s, row %(row)s, column %(column)s; a merged cell above reaches here")
    return said % {"table": table, "row": row, "column": column}


def _comments(given: Upload, mapped: Sequence[Mapped], numbers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The comments for the table, with where they hang and whether they are kept already."""
    hung = _hung(given, mapped)
    notes = InternalNote.objects.filter(subject__in={about for about, _one in hung})
    kept = set(notes.values_list("subject", "words"))
    return [
        {
            "one": one,
            "about": about,
            "number": numbers.get(about, ""),
            "party": given.authors.get(one.author, ""),
            "kept": (about, _as_note(one, given.file)) in kept,
        }
        for about, one in hung
    ]


def _unmarked(row: Row) -> dict[str, Any]:
    old = "".join(segment.text for segment in row.segments if segment.kind != "inserted")
    new = "".join(segment.text for segment in row.segments if segment.kind != "deleted")
    return {"number": row.numbers[1] or row.numbers[0], "redline": redlined(old, new), "kind": row.step.kind}


def _candidate(
    programme: Programme, one: Candidate, first: str, given: Upload, says: Returned
) -> dict[str, Any]:
    item = one.about.rsplit("/", 1)[0] if one.about.startswith("measure:") else one.about
    name = heading_of(programme, item, first) if one.kind != "outline" else ""
    return {
        "one": one,
        "name": name,
        "redline": redlined(one.before, one.after),
        "known": one.about in programme.on,
        "received": one.party != (journal().me or ""),
        "comments": [said for about, said in _hung(given, says.mapped) if about == one.about],
    }


@require_GET
@members
def redline(request: HttpRequest, name: Any) -> HttpResponse:
    """The file as it came, all changes accepted, against the paper as it was sent."""
    job = work_of(request, name, READ)
    if job.state != Job.State.DONE or not (job.result or {})["sent"]:
        return redirect("brought", name=job.pk)
    given = _given(job.result or {})
    assert given.sent is not None
    old, new = (settled(one, lambda _change: True) for one in (given.sent, given.document))
    context = {
        **redline_of(compare(old, new), request.GET.dict()),
        "views": views(request),
        "job": job,
        "map": found(journal().programme(), (job.result or {})["road_map"]),
        "language": given.language,
    }
    return render(request, "brought_redline.html", context)
