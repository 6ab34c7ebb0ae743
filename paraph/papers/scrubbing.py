"""What did the scrub change in a road map, of what class is each change, and how much of the text is it?

The report reads the joint record alone. Set against a draft that a government has approved it becomes a paper
of that delegation and says so on every page.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from paraph.acts import Outline, Placed
from paraph.papers import roadmaps
from paraph.papers.comparison import Comparison, Row, compare
from paraph.papers.documents import Document
from paraph.papers.errors import PaperRefused
from paraph.papers.labels import day, label, of_class
from paraph.papers.paper import Block, Look, Paper, Paragraph, Run, Table, in_cell, plain
from paraph.papers.roadmaps import Wanted, as_of
from paraph.papers.states import document
from paraph.sentences import Sentence, _
from paraph.state import concordance, cuts, scrub
from paraph.state.cuts import Cut
from paraph.state.programme import Programme
from paraph.state.scrub import Change
from paraph.text.changes import CLASSES, Class, Context, Judged, classify, gravest, share
from paraph.text.outline import compare_outlines
from paraph.text.words import Segment, accept, redline, reject

ALARM = 0.05  # the share of changed words from which a text or a chapter asks for a look
_LOOKS: dict[str, Look] = {
    "same": "",
    "deleted": "struck",
    "inserted": "added",
}  # a table of changes has none


@dataclass(frozen=True, slots=True)
class Line:
    """A change of the scrub as the table shows it."""

    change: Change
    name: str  # the number and heading of the place
    segments: tuple[Segment, ...]  # in the language of the report, where it is authentic
    judged: Judged | None  # None while nothing is agreed in its place
    confirmed: str  # the class that all parties name, or ""
    others: tuple[str, ...] = ()  # the authentic languages in which nothing changed, though it did in one


@dataclass(frozen=True, slots=True)
class Chapter:
    """How much of a part of the text has changed."""

    name: str
    share: float  # 0 to 1

    @property
    def alarm(self) -> bool:
        """Whether that is much for a scrub."""
        return self.share > ALARM


@dataclass(frozen=True, slots=True)
class Report:
    """The scrub of a road map so far."""

    title: str
    language: str
    since: Placed  # the entry that completed the text
    old: Cut
    new: Cut
    lines: tuple[Line, ...]
    whole: Chapter
    chapters: tuple[Chapter, ...]
    blocks: tuple[Block, ...]  # the head of the paper

    @property
    def counts(self) -> dict[Class, tuple[int, int]]:
        """Class -> how many changes are of it, as proposed or confirmed, and how many are confirmed."""
        found = Counter(line.confirmed or (line.judged.kind if line.judged else "") for line in self.lines)
        sure = Counter(line.confirmed for line in self.lines)
        return {kind: (found[kind], sure[kind]) for kind in CLASSES}

    @property
    def settled(self) -> bool:
        """Whether every change is agreed and of a class that all parties name."""
        return all(line.confirmed for line in self.lines)


@dataclass(frozen=True, slots=True)
class Against:
    """The text of now against an approved draft: every difference with the class proposed for it."""

    basis: str  # what approved it, in the words of the delegation
    found: Comparison
    rows: tuple[tuple[Row, Judged | None], ...]
    share: float

    @property
    def counts(self) -> dict[Class, int]:
        """Class -> how many differences."""
        found = Counter(judged.kind for _row, judged in self.rows if judged)
        return {kind: found[kind] for kind in CLASSES}


def report(wanted: Wanted) -> Report:
    """
    The scrub of a road map, as it stands: of words that are agreed, told in any language.

    Raises:
        PaperRefused: the text has not been complete yet, or there is no such road map or language.
    """
    clean = roadmaps.clean(wanted)
    begun = scrub.complete_since(wanted.programme, wanted.road_map)
    if begun is None:
        raise PaperRefused("open", _("The scrub begins when the text is complete; it has not been yet."))
    since, cut = begun
    authentic = wanted.programme.authentic
    words = wanted if wanted.language in authentic else replace(wanted, language=authentic[0])
    sides = _Sides(replace(words, programme=cuts.at(wanted.programme, cut)), words)
    found = compare(*(document(roadmaps.clean(side)) for side in (sides.old, sides.new)))
    whole, *chapters = shares(found, label(wanted.language, "whole_text"))
    kind = label(wanted.language, "clean")
    styles = ("title", "subtitle", "mark")
    head = [block for block in clean.blocks if isinstance(block, Paragraph) and block.style in styles]
    return Report(
        next(block.text for block in head if block.style == "title"),
        wanted.language,
        since,
        cut,
        cuts.now(wanted.programme),
        tuple(sides.lines(found)),
        whole,
        tuple(chapters),
        tuple(block for block in head if block.text != kind),
    )


def against(basis: str, draft: Document, wanted: Wanted) -> Against:
    """The text of now against the draft that was approved; PaperRefused as for a clean text."""
    found = compare(draft, document(roadmaps.clean(wanted)))
    pairs = [(reject(row.segments), accept(row.segments)) for row in found.rows if row.changed]
    context = Context.of(pairs, [one.words for one in found.new.paragraphs], _terms(wanted.programme))
    rows = []
    for row in found.rows:
        renumbered = row.renumbered and _bare(row.numbers[0]) != _bare(row.numbers[1])
        if row.step.kind != "leaves" and (row.changed or renumbered or row.step.kind == "comes"):
            rows.append((row, _judged_row(row, context)))
    whole = next(shares(found, ""))
    return Against(basis, found, tuple(rows), whole.share)


def _bare(number: str) -> str:
    """A number without the signs around it, which a file types and a paper sets."""
    return number.strip(".() ")


def _terms(programme: Programme) -> set[str]:
    """The agreed terms in every language."""
    return {words for term in concordance.terms(programme) for words in term.words.values()}


def _judged_row(row: Row, context: Context) -> Judged | None:
    if row.step.kind in ("inserted", "deleted"):
        what = (
            _("Words were added: %(new)s.")
            if row.step.kind == "inserted"
            else _("Words were struck: %(old)s.")
        )
        text = row.segments[0].text
        return Judged("substantive", Sentence(what, {"new": text, "old": text}))
    if row.changed:
        return classify(reject(row.segments), accept(row.segments), context)
    return Judged("numbering", Sentence(_("Only the place or the number is another.")))


def shares(found: Comparison, name: str) -> Iterator[Chapter]:
    """The share of changed words of the whole text, then of each chapter of it."""
    chapters: dict[str, list[int]] = {}
    at = ""
    for row in found.rows:
        one = found.new.paragraphs[row.step.new[0]] if row.step.new else found.old.paragraphs[row.step.old[0]]
        if one.kind == "heading" and one.key != "title" and row.step.kind != "leaves":
            at = one.text
        if row.step.kind == "leaves":
            continue
        words: Counter[str] = Counter()
        for segment in row.segments:
            words[segment.kind] += len(segment.text.split())
        count = chapters.setdefault(at, [0, 0, 0])
        for place, kind in enumerate(("deleted", "inserted", "same")):
            count[place] += words[kind]
    sums = [sum(count[place] for count in chapters.values()) for place in range(3)]
    yield Chapter(name, _share(sums))
    for heading, count in chapters.items():
        if heading:
            yield Chapter(heading, _share(count))


def _share(count: Sequence[int]) -> float:
    struck, added, same = count
    return share(struck, added, struck + same, added + same)


# ---------------------------------------------------------------- the paper


def paper(wanted: Wanted) -> Paper:
    """The report for all parties; PaperRefused while the text has not been complete."""
    return report_paper(report(wanted), wanted)


def report_paper(found: Report, wanted: Wanted, approved: Against | None = None) -> Paper:
    """
    The report as a paper.

    Args:
        found: the scrub so far.
        wanted: of which programme and in which language.
        approved: the text against an approved draft, which makes it a paper of one delegation.
    """
    tongue = found.language
    kind = label(tongue, "scrub")
    blocks: list[Block] = [
        *found.blocks,
        plain("subtitle", kind),
        *([plain("mark", label(tongue, "inside"))] if approved else []),
        plain("small", as_of(wanted.programme, tongue)),
        plain(
            "text",
            label(tongue, "complete_since", day(tongue, found.since.at), found.since.log, found.since.n),
        ),
        _share_line(tongue, found.whole),
        *(_share_line(tongue, one) for one in found.chapters if one.share),
        _counts(tongue, found),
        plain("heading", label(tongue, "scrub_changes")),
        _changes(found, wanted) if found.lines else plain("text", label(tongue, "no_changes")),
        *(_approved(tongue, approved) if approved else ()),
    ]
    foot = f"{found.title}. {kind}" + (f". {label(tongue, 'inside')}" if approved else "")
    return Paper(
        f"{found.title}. {kind}",
        tongue,
        tuple(blocks),
        foot,
        wide=True,
        counted=label(tongue, "page").replace("%d", "{}"),
        date=roadmaps.last(wanted.programme)[:10],
        inside=approved is not None,
    )


def _share_line(tongue: str, one: Chapter) -> Paragraph:
    said = label(tongue, "share", one.name, percent(tongue, one.share))
    alarm = [Run(f" {label(tongue, 'alarm', percent(tongue, ALARM))}", "strong")] if one.alarm else []
    return Paragraph("text", (Run(said), *alarm))


def _counts(tongue: str, found: Report) -> Table:
    head = [label(tongue, name) for name in ("class", "changes_of_class", "confirmed_of_class")]
    rows = [(of_class(tongue, kind), str(count), str(sure)) for kind, (count, sure) in found.counts.items()]
    return _table((3, 2, 2), [head, *rows], label(tongue, "class"))


def _changes(found: Report, wanted: Wanted) -> Table:
    tongue = found.language
    head = [
        label(tongue, name) for name in ("place", "change", "class_proposed", "class_named", "class_state")
    ]
    rows = [tuple(in_cell("cellhead", one) for one in head)]
    for line in found.lines:
        named = "; ".join(
            f"{of_class(tongue, kind)} ({label(tongue, 'entries', party, line.change.said[party].n)})"
            for party, kind in line.change.classes.items()
        )
        rows.append((
            in_cell("cell", line.name),
            (Paragraph("cell", tuple(_runs(line.segments))),),
            in_cell("cell", of_class(tongue, line.judged.kind) if line.judged else "–"),
            in_cell("cell", named or "–"),
            in_cell("cell", label(tongue, state_of(line))),
        ))  # fmt: skip
    return Table((4, 9, 3, 5, 3), tuple(rows), name=label(tongue, "scrub_changes"))


def state_of(line: Line) -> str:
    """How far the parties are with the class of a change."""
    if not line.change.new:
        return "not_agreed_yet"
    return "confirmed" if line.confirmed else "disputed" if line.change.disputed() else "to_confirm"


def _approved(tongue: str, found: Against) -> Iterator[Block]:
    yield plain("heading", label(tongue, "against_approved"))
    yield plain("text", label(tongue, "approved_by", found.basis))
    yield _share_line(tongue, Chapter(label(tongue, "whole_text"), found.share))
    if not found.rows:
        yield plain("text", label(tongue, "as_approved"))
        return
    counted = [(of_class(tongue, kind), str(count)) for kind, count in found.counts.items()]
    yield _table(
        (3, 2),
        [[label(tongue, "class"), label(tongue, "changes_of_class")], *counted],
        label(tongue, "class"),
    )
    rows = [tuple(in_cell("cellhead", label(tongue, name)) for name in ("place", "change", "class_proposed"))]
    for row, judged in found.rows:
        before, after = row.numbers
        place = before if before == after else f"{before or '–'} → {after or '–'}"
        rows.append((
            in_cell("cell", place),
            (Paragraph("cell", tuple(_runs(row.segments))),),
            in_cell("cell", of_class(tongue, judged.kind) if judged else "–"),
        ))  # fmt: skip
    yield Table((3, 12, 3), tuple(rows), name=label(tongue, "against_approved"))


def percent(tongue: str, share: float) -> str:
    """A share for a reader: 3.2 %."""
    written = f"{100 * share:.1f}"
    return f"{written if tongue == 'en' else written.replace('.', ',')} %"


def _runs(segments: Sequence[Segment]) -> Iterator[Run]:
    for one in segments:
        yield Run(one.text, _LOOKS[one.kind])


def _table(shares: tuple[int, ...], rows: Sequence[Sequence[str]], name: str) -> Table:
    cells = tuple(
        tuple(in_cell("cell" if place else "cellhead", one) for one in row) for place, row in enumerate(rows)
    )
    return Table(shares, cells, name=name)


# ---------------------------------------------------------------- what has changed


class _Sides:
    """The text when it was complete, and now."""

    def __init__(self, old: Wanted, new: Wanted) -> None:
        self.old, self.new = old, new
        self.then, self.now = roadmaps.Text(old), roadmaps.Text(new)

    def lines(self, found: Comparison) -> Iterator[Line]:
        """The changes with their words and classes."""
        programme, language = self.new.programme, self.new.language
        made = scrub.changes(self.old.programme, programme, self.new.road_map)
        tongues = list(dict.fromkeys([*programme.authentic, language]))
        texts = {
            (change.subject, tongue): (self.then.said(change.old, tongue), self._now(change, tongue))
            for change in made
            for tongue in tongues
        }
        paragraphs = (one.words for one in found.new.paragraphs)
        context = Context.of(texts.values(), paragraphs, _terms(programme))
        for change in made:
            by_tongue = {tongue: texts[change.subject, tongue] for tongue in tongues}
            old, new = by_tongue[language]
            authentic = [one for one in programme.authentic if by_tongue[one][0] == by_tongue[one][1]]
            judged = self._judged(change, [by_tongue[one] for one in programme.authentic], context)
            yield Line(
                change,
                self.now.name(change.subject) or self.then.name(change.subject),
                tuple(redline(old, new)),
                judged,
                change.confirmed(programme.parties),
                tuple(authentic) if len(authentic) < len(programme.authentic) else (),
            )

    def _now(self, change: Change, tongue: str) -> str:
        return self.now.said(change.new or next(iter(change.live), ""), tongue)

    def _judged(self, change: Change, pairs: Sequence[tuple[str, str]], context: Context) -> Judged | None:
        if not change.new:
            return None
        old, new = (
            state.content(name) if name else None
            for state, name in ((self.old.programme, change.old), (self.new.programme, change.new))
        )
        if isinstance(old, Outline) and isinstance(new, Outline):
            parts = compare_outlines(old.items, new.items)
            if parts.inserted or parts.deleted:
                count = {"inserted": len(parts.inserted), "deleted": len(parts.deleted)}
                return Judged(
                    "substantive",
                    Sentence(
                        _("Provisions or measures inserted: %(inserted)s, deleted: %(deleted)s."), count
                    ),
                )
            return Judged("numbering", Sentence(_("Only the order and the numbers are others.")))
        judged = gravest(classify(before, after, context) for before, after in pairs)
        return judged or Judged("typographic", Sentence(_("Only what is not words differs.")))
