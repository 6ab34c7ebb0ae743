"""What is in a file that is about to leave?

The sentences come from the paper that the file was written from, so the list holds whatever a reader of the
file can find in it.
"""

from paraph.papers.paper import Outgoing, Paragraph, Table, authors, paragraphs
from paraph.sentences import Sentence, _


def leaving(file: Outgoing) -> list[Sentence]:
    """What the file holds, and what it does not, one sentence each."""
    paper = file.paper
    every = list(paragraphs(paper.blocks))
    numbered = sum(bool(one.key) and one.number not in ("", "+") for one in every)
    remarks = [remark for one in every for run in one.runs for remark in run.remarks]
    changes = sum(run.look in ("inserted", "deleted") for one in every for run in one.runs)
    named = ", ".join(authors(paper)) or "–"
    found = [
        Sentence(_("Title: %(title)s"), {"title": paper.title}),
        Sentence(_("%(count)s numbered provisions and measures, %(tables)s tables, %(words)s words."),
                 {"count": numbered, "tables": sum(isinstance(one, Table) for one in paper.blocks),
                  "words": sum(len(one.text.split()) for one in every)}),
        *(Sentence(_("State of the record: %(said)s"), {"said": one.text}) for one in paper.blocks[:8]
          if isinstance(one, Paragraph) and one.style == "small"),
    ]  # fmt: skip
    if changes:
        found.append(
            Sentence(
                _("%(count)s tracked changes in the name of: %(names)s."), {"count": changes, "names": named}
            )
        )
    for remark in remarks:
        found.append(
            Sentence(_("Comment of %(name)s: %(words)s"), {"name": remark.author, "words": remark.words})
        )
    notes = sum(bool(run.note) for one in every for run in one.runs)
    if notes:
        found.append(Sentence(_("%(count)s footnotes."), {"count": notes}))
    if paper.inside:
        inside = _("Internal: this file holds what only your delegation may read; do not send it to another.")
        return [*found, Sentence(inside)]
    found.append(Sentence(_("Nothing internal: this file was written from the joint record alone.")))
    found.append(
        Sentence(_("No names of people, no properties of the file, no revision ids, no time of writing."))
    )
    return found
