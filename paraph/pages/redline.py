"""How is a comparison of two documents shown on a page, whatever documents they are?

`redline_of` gives what `redline.html` draws: the rows, in one column or side by side, and the contents with a
mark at each change. Changes are anchored c1, c2, … in reading order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from paraph.pages.shown import marked
from paraph.papers.comparison import Comparison, Line, Row
from paraph.papers.documents import Paragraph, remarks_at
from paraph.papers.redlines import TWO_LANGUAGES, in_two_languages
from paraph.text.words import Segment

ICONS = {
    "stays": "bracketed",
    "inserted": "proposed",
    "deleted": "no",
    "comes": "turn",
    "leaves": "returned",
    "renumbered": "half",
}
TALLY = {
    "changed": ("bracketed", ngettext_lazy("%(n)s changed", "%(n)s changed", "n")),
    "inserted": ("proposed", ngettext_lazy("%(n)s inserted", "%(n)s inserted", "n")),
    "deleted": ("no", ngettext_lazy("%(n)s deleted", "%(n)s deleted", "n")),
    "moved": ("turn", ngettext_lazy("%(n)s moved", "%(n)s moved", "n")),
    "renumbered": ("half", ngettext_lazy("%(n)s renumbered", "%(n)s renumbered", "n")),
    "split": ("half", ngettext_lazy("%(n)s split", "%(n)s split", "n")),
    "joined": ("half", ngettext_lazy("%(n)s joined", "%(n)s joined", "n")),
    "words deleted": ("", ngettext_lazy("%(n)s word struck", "%(n)s words struck", "n")),
    "words inserted": ("", ngettext_lazy("%(n)s word added", "%(n)s words added", "n")),
}
_NAME = 60  # letters of a paragraph that the contents show


@dataclass(slots=True)
class Shown:
    """One row of the redline: a paragraph, with its words in one column and for each side."""

    kind: str
    anchor: str  # c1, c2, … where something changed
    style: str  # "heading" or ""
    level: int
    numbers: tuple[str, str]
    number: SafeString
    one: SafeString  # empty where sides are apart
    old: SafeString | None  # None: that side has no such paragraph, or stands in one column
    new: SafeString | None
    changed: bool  # its words are others
    marks: list[str] = field(default_factory=list)  # what became of it besides its words
    other: str = ""  # the anchor of the other place of a move
    words: str = ""  # for the contents
    remarks: list[str] = field(default_factory=list)  # reserves and comments on it

    @property
    def icon(self) -> str:
        """The sign of what became of it."""
        return ICONS["renumbered" if self.kind == "stays" and not self.changed else self.kind]


def redline_of(found: Comparison, asked: Mapping[str, str]) -> dict[str, Any]:
    """
    What `redline.html` draws.

    Args:
        found: the comparison.
        asked: the query: `view` is `columns` for side by side, `show` is `whole` for all.
    """
    whole, columns = asked.get("show") == "whole", asked.get("view") == "columns"
    shown = _Showing(found, columns)
    blocks = list(shown.blocks())
    return {
        "rows": blocks if whole else list(_changes_only(blocks)),
        "contents": _contents(blocks),
        "tally": tally(found),
        "changes": shown.count,
        "columns": columns,
        "whole": whole,
        "vast": len(blocks) > 150,
        "renumbered": shown.renumbered,
        "same": found.same,
        "foreign": _(TWO_LANGUAGES) if in_two_languages(found) else "",
    }


def views(request: HttpRequest) -> dict[str, str]:
    """The addresses of the other views of the same comparison."""
    found = {}
    for name, key, value in (
        ("one", "view", ""),
        ("side_by_side", "view", "columns"),
        ("changes_only", "show", ""),
        ("with_unchanged", "show", "whole"),
    ):
        query = request.GET.copy()
        query.pop(key, None)
        if value:
            query[key] = value
        found[name] = f"?{query.urlencode()}"
    return found


def tally(found: Comparison) -> list[tuple[str, str]]:
    """The counts that are not nothing: a sign and the words beside it."""
    return [
        (sign, words % {"n": found.counts[name]})
        for name, (sign, words) in TALLY.items()
        if found.counts[name] or not sign
    ]


class _Showing:
    """The rows of a page while they are made."""

    def __init__(self, found: Comparison, columns: bool) -> None:
        self.found, self.columns = found, columns
        self.old, self.new = found.old.paragraphs, found.new.paragraphs
        self.said = remarks_at(found.new)
        self.count = 0
        self.renumbered: list[tuple[str, str, str]] = []  # before, after, anchor
        self.moves: dict[tuple[Any, Any], Shown] = {}

    def blocks(self) -> Iterator[dict[str, Any]]:
        """Paragraphs and tables in reading order, notes behind."""
        for block in (*self.found.blocks, *self.found.notes):
            if isinstance(block, Row):
                row = self.row(block, self.columns)
                yield {"row": row, "changed": bool(row.anchor)}
            else:
                lines = [self.line(line) for line in block]
                yield {"lines": lines, "changed": any(line["changed"] for line in lines)}

    def line(self, line: Line) -> dict[str, Any]:
        """A row of a table."""
        cells = [[self.row(row, apart=False) for row in cell] for cell in line.cells]
        rows = [row for cell in cells for row in cell]
        changed = [row for row in rows if row.anchor]
        head = " ".join(row.words for cell in cells[:2] for row in cell[:1])
        return {
            "fate": line.fate,
            "cells": cells,
            "changed": bool(changed),
            "first": replace(changed[0], words=_short(head), marks=[]) if changed else None,
        }

    def row(self, row: Row, apart: bool) -> Shown:
        """A paragraph, in one column or its sides apart."""
        kind, (before, after) = row.step.kind, row.numbers
        first = self.new[row.step.new[0]] if row.step.new else self.old[row.step.old[0]]
        changed = kind != "stays" or row.changed or row.renumbered
        if changed:
            self.count += 1
        shown = Shown(
            kind,
            f"c{self.count}" if changed else "",
            "heading" if first.kind in ("heading", "article") else "",
            min(max(first.level, 1) + 1, 6),
            row.numbers,
            marked(_number(kind, before, after)),
            marked(() if apart and kind != "leaves" else row.segments),
            marked(row.segments, "inserted") if apart and kind not in ("inserted", "comes") else None,
            marked(row.segments, "deleted") if apart and kind not in ("deleted", "leaves") else None,
            row.changed,
            list(self.marks(row)),
            words=_short(first.text),
            remarks=[one.line for at in row.step.new if kind != "leaves" for one in self.said.get(at, ())],
        )
        if row.renumbered:
            self.renumbered.append((before or "–", after or "–", shown.anchor))
        if kind in ("comes", "leaves"):
            other = self.moves.setdefault((row.step.old, row.step.new), shown)
            if other is not shown:
                shown.other, other.other = other.anchor, shown.anchor
        return shown

    def marks(self, row: Row) -> Iterator[str]:
        """What became of a paragraph besides its words."""
        kind, (before, after) = row.step.kind, row.numbers
        if kind == "comes":
            yield _("moved from %(place)s") % {"place": _where(self.old, row.step.old[0])}
        elif kind == "leaves":
            yield _("moved to %(place)s") % {"place": _where(self.new, row.step.new[0])}
        elif kind == "inserted":
            yield _("inserted")
        elif kind == "deleted":
            yield _("deleted")
        if len(row.step.new) > 1 and kind != "leaves":
            yield _("split into %(count)s") % {"count": len(row.step.new)}
        if len(row.step.old) > 1 and kind != "leaves":
            yield _("joined from %(count)s") % {"count": len(row.step.old)}
        if row.renumbered:
            yield _("renumbered: %(before)s → %(after)s") % {"before": before or "–", "after": after or "–"}


def _number(kind: str, before: str, after: str) -> list[Segment]:
    if kind in ("deleted", "leaves"):
        return [Segment("deleted", before)] if before else []
    if kind == "inserted":
        return [Segment("inserted", after)] if after else []
    if before == after:
        return [Segment("same", after)]
    found = [Segment("deleted", before), Segment("inserted", f" {after}")]
    return [one for one in found if one.text.strip()]


def _where(paragraphs: Sequence[Paragraph], place: int) -> str:
    return paragraphs[place].number or _("paragraph %(n)s") % {"n": place + 1}


def _short(text: str) -> str:
    return text if len(text) <= _NAME else f"{text[:_NAME].rsplit(' ', 1)[0]} …"


def _changes_only(blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What changed, with the heading that it stands under; runs that did not are counted."""
    quiet, heading = 0, None
    for block in blocks:
        if not block["changed"]:
            quiet += 1
            if "row" in block and block["row"].style:
                heading = block
            continue
        if quiet > (heading is not None):
            yield {"gap": quiet - (heading is not None)}
        if heading is not None:
            yield heading
        quiet, heading = 0, None
        yield block if "row" in block else {**block, "lines": _lines_only(block["lines"])}
    if quiet:
        yield {"gap": quiet}


def _lines_only(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first row of a table names its columns; of the others those that changed."""
    return [line for place, line in enumerate(lines) if not place or line["changed"]]


def _contents(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The headings, each with the changes under it."""
    found: list[dict[str, Any]] = [{"heading": None, "changes": []}]
    for block in blocks:
        firsts = [line["first"] for line in block.get("lines", ()) if line["first"]]
        for row in [block["row"]] if "row" in block else firsts:
            if row.style and row.kind != "leaves":
                found.append({"heading": row, "changes": []})
            elif row.anchor:
                found[-1]["changes"].append(row)
    return [one for one in found if one["heading"] or one["changes"]]
