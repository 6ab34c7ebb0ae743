"""Which papers are there, and which file does one become?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from paraph.papers import closed, roadmaps, scrubbing
from paraph.papers.akn.roadmap import RoadMapText, exchanged
from paraph.papers.akn.writing import write_akn
from paraph.papers.check import Outgoing
from paraph.papers.errors import PaperRefused
from paraph.papers.paper import Paper
from paraph.papers.roadmaps import Wanted
from paraph.sentences import _

Format = Literal["docx", "pdf", "akn"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of paper: what it is called, what it holds, and as which files it is written."""

    name: str
    title: str
    says: str
    make: Callable[[Wanted], Paper | RoadMapText]
    formats: tuple[Format, ...] = ("docx", "pdf")
    waits: bool = False  # a road map may not give it yet


KINDS = {
    kind.name: kind
    for kind in (
        Kind("clean", _("Clean text"), _("The agreed words; empty brackets where there are none."),
             roadmaps.clean),
        Kind("bracketed", _("Bracketed text"),
             _("All live wordings in named brackets; reserves as comments."), roadmaps.bracketed),
        Kind("comparison", _("Comparison of the proposals"),
             _("The first words on the table, and what the others would strike and add as tracked changes, "
               "each in the name of its party."), roadmaps.comparison),
        Kind("columns", _("Positions of the parties"),
             _("A table of what is not agreed: one column a party, and one for a compromise."),
             roadmaps.columns),
        Kind("languages", _("Both languages"), _("Every provision in two languages side by side."),
             roadmaps.languages),
        Kind("initialled", _("Initialled copy"),
             _("The text that was initialled, with its fingerprint on every page."), closed.initialled,
             ("pdf",), waits=True),
        Kind("alternat", _("Alternat copy"),
             _("One party's copy of the complete text: its own name and signature come first."),
             closed.alternat, ("pdf",), waits=True),
        Kind("certificate", _("Certificate of verification"),
             _("Every line of the complete text with the fingerprint of its words in each language."),
             closed.certificate, ("pdf",), waits=True),
        Kind("scrub", _("Scrub and verification report"),
             _("What has changed since the text was complete, by class, with what each party says of it."),
             scrubbing.paper, waits=True),
        Kind("akn", _("Akoma Ntoso"),
             _("For other programs: all languages, wordings, reserves and events, with permanent ids."),
             exchanged, ("akn",)),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper as it was read from the record, to be written as a file."""

    name: str
    format: Format
    made: Paper | RoadMapText


def drafted(kind: str, format: str, wanted: Wanted) -> Draft:
    """
    What a paper says; this reads the record.

    Raises:
        PaperRefused: there is no such paper, or the road map cannot give it yet.
    """
    found = KINDS.get(kind)
    if found is None:
        raise PaperRefused(
            "unknown", _("There is no paper called %(name)s; there are %(names)s."), name=kind,
            names=", ".join(KINDS),
        )  # fmt: skip
    known = [one for one in found.formats if one == format]
    if not known:
        raise PaperRefused(
            "format", _("%(name)s is written as %(formats)s."), name=kind, formats=", ".join(found.formats)
        )
    made = found.make(wanted)
    party = f"-{wanted.party}" if wanted.party else ""
    name = f"{wanted.road_map}-{kind}{party}-{wanted.language}.{format}"
    return Draft(name if kind != "akn" else f"{wanted.road_map}.akn", known[0], made)


def written(draft: Draft) -> Outgoing:
    """The file of a draft; this reads nothing else, and may take a while."""
    made = draft.made
    if isinstance(made, RoadMapText):
        return Outgoing(draft.name, write_akn(made), made)
    if draft.format == "docx":
        from paraph.papers.docx.papers import paper_docx

        return Outgoing(draft.name, paper_docx(made), made)
    from paraph.papers.pdf.writing import paper_pdf

    return Outgoing(draft.name, paper_pdf(made), made)


def outgoing(kind: str, format: str, wanted: Wanted) -> Outgoing:
    """The file of a paper; PaperRefused as for its draft."""
    return written(drafted(kind, format, wanted))
