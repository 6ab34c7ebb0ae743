"""What is in a file that is about to leave?

The sentences come from the paper that the file was written from, so the list holds whatever a reader of the
file can find in it.
"""

from dataclasses import dataclass, field

from paraph.papers.akn.roadmap import RoadMapText
from paraph.papers.paper import Paper, Paragraph, Table, paragraphs
from paraph.sentences import Sentence, _


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file that is about to leave, and what is in it."""

    name: str
    data: bytes = field(repr=False)
    paper: Paper | RoadMapText = field(repr=False)


def leaving(file: Outgoing) -> list[Sentence]:
    """What the file holds, and what it does not, one sentence each."""
    if isinstance(file.paper, RoadMapText):
        found = _of_road_map(file.paper)
    else:
        found = _of_paper(file, file.paper)
        if file.paper.inside:
            inside = _(
                "Internal: this file holds what only your delegation may read; do not send it to another."
            )
            return [*found, Sentence(inside)]
    return [
        *found,
        Sentence(_("Nothing internal: this file was written from the joint record alone.")),
        Sentence(_("No names of people, no properties of the file, no revision ids, no time of writing.")),
    ]


def _of_paper(file: Outgoing, paper: Paper) -> list[Sentence]:
    """A paper for people."""
    every = list(paragraphs(paper.blocks))
    numbered = sum(bool(one.key) and one.number not in ("", "+") for one in every)
    remarks = [remark for one in every for remark in one.remarks]
    changed = [run for one in every for run in one.runs if run.look in ("inserted", "deleted")]
    held = (
        _("Numbered provisions and measures: %(count)s. Tables: %(tables)s. Words: %(words)s.")
        if numbered
        else _("Paragraphs: %(paragraphs)s. Tables: %(tables)s. Words: %(words)s.")
    )
    counts = {
        "count": numbered,
        "paragraphs": len(every),
        "tables": sum(isinstance(one, Table) for one in paper.blocks),
        "words": sum(len(one.text.split()) for one in every),
    }
    found = [
        Sentence(_("Title: %(title)s"), {"title": paper.title}),
        Sentence(held, counts),
        *(
            Sentence(_("Under its title: %(said)s"), {"said": one.text})
            for one in paper.blocks[:8]
            if isinstance(one, Paragraph) and one.style == "small"
        ),
    ]
    if changed:
        tracked = (
            _("%(count)s tracked changes in the name of: %(names)s.")
            if file.name.endswith(".docx")
            else _("%(count)s passages shown as struck or added.")
        )
        named = ", ".join(sorted({run.author for run in changed if run.author})) or "–"
        found.append(Sentence(tracked, {"count": len(changed), "names": named}))
    for remark in remarks:
        found.append(
            Sentence(
                _("Comment of %(name)s: %(words)s"),
                {"name": remark.author, "words": remark.words.removeprefix(f"{remark.author}: ")},
            )
        )
    notes = sum(bool(run.note) for one in every for run in one.runs)
    if notes:
        found.append(Sentence(_("%(count)s footnotes."), {"count": notes}))
    return found


def _of_road_map(text: RoadMapText) -> list[Sentence]:
    """A road map for other programs."""
    titles = text.points[f"card:{text.id}"].said("title", text.languages[0])
    wordings = [one for point in text.points.values() for one in point.wordings]
    heads = "; ".join(f"{log} {size - 1}" for log, size in sorted(text.heads.items()) if size)
    counts = {"count": len(text.places), "wordings": len(wordings), "languages": ", ".join(text.languages)}
    held = _("%(count)s provisions and measures with %(wordings)s wordings in the languages %(languages)s.")
    found = [
        Sentence(_("Title: %(title)s"), {"title": next(iter(titles.values()), text.id)}),
        Sentence(held, counts),
        Sentence(_("State of the record: %(said)s"), {"said": heads}),
        Sentence(_("Permanent ids, fingerprints of the wordings, the parties that support each.")),
        Sentence(_("%(count)s events, dated as claimed."), {"count": len(text.events)}),
    ]
    for point in text.points.values():
        for party, kind in point.reserves:
            params = {"party": party, "reserve": kind, "subjects": (point.subject,)}
            found.append(Sentence(_("%(party)s: %(reserve)s: %(subjects)s"), params))
    return found
