"""What has changed between two documents?

Paragraphs are aligned by their words; a number that is another now is a renumbering and no change of
words. Words are compared only inside what was paired.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from paraph.papers.documents import Document, Paragraph
from paraph.text.alignment import Step, align
from paraph.text.words import Segment, redline

_DIGITS = re.compile(r"\d+|\b[IVXLC]+\b")


@dataclass(frozen=True, slots=True)
class Row:
    """
    One step of the redline: where, and what became of the words.

    `segments` joins several paragraphs of one side with line feeds. Of what moved, the row where it came
    carries the changes of words, the row where it left all of them as they were.
    """

    step: Step
    segments: tuple[Segment, ...]
    numbers: tuple[str, str] = ("", "")  # before and after

    @property
    def renumbered(self) -> bool:
        """Whether the paragraph stayed, or moved, and has another number."""
        return self.step.kind in ("stays", "comes") and self.numbers[0] != self.numbers[1]

    @property
    def changed(self) -> bool:
        """Whether words, or the parting into paragraphs, are others."""
        return any(segment.kind != "same" for segment in self.segments)


@dataclass(frozen=True)
class Comparison:
    """Two documents and the way from one to the other, in reading order."""

    old: Document
    new: Document
    rows: tuple[Row, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many paragraphs of each fate, how many words marked; a row may count under several."""
        found = dict.fromkeys(
            ("same", "changed", "inserted", "deleted", "moved", "split", "joined", "renumbered"), 0
        )
        words = {"deleted": 0, "inserted": 0}
        for row in self.rows:
            kind = row.step.kind
            if kind in ("inserted", "deleted"):
                found[kind] += 1
            elif kind != "leaves":
                found["same"] += not row.changed and kind == "stays"
                found["changed"] += row.changed
                found["moved"] += kind == "comes"
                found["split"] += len(row.step.new) > 1
                found["joined"] += len(row.step.old) > 1
                found["renumbered"] += row.renumbered
            if kind != "leaves":
                for segment in row.segments:
                    if segment.kind != "same":
                        words[segment.kind] += len(segment.text.split())
        return {
            "old": len(self.old.paragraphs),
            "new": len(self.new.paragraphs),
            **found,
            "words deleted": words["deleted"],
            "words inserted": words["inserted"],
        }

    @property
    def same(self) -> bool:
        """Whether nothing differs, numbers included."""
        return all(row.step.kind == "stays" and not row.changed and not row.renumbered for row in self.rows)


def compare(old: Document, new: Document) -> Comparison:
    """Compare two documents, paragraph by paragraph and word by word."""
    steps = align([_key(one) for one in old.paragraphs], [_key(one) for one in new.paragraphs])
    return Comparison(old, new, tuple(_row(old.paragraphs, new.paragraphs, step) for step in steps))


def _key(paragraph: Paragraph) -> str:
    """What a paragraph is aligned by: its words, or what kind of number stands alone."""
    return paragraph.words or "\0" + _DIGITS.sub("", paragraph.number)


def _row(old: Sequence[Paragraph], new: Sequence[Paragraph], step: Step) -> Row:
    before, after = [old[i] for i in step.old], [new[j] for j in step.new]
    numbers = before[0].number if before else "", after[0].number if after else ""
    if step.kind == "leaves":
        return Row(step, (Segment("deleted", "\n".join(one.words for one in before)),), numbers)
    if not before or not after:
        kind = "inserted" if after else "deleted"
        return Row(step, (Segment(kind, (before or after)[0].words),), numbers)  # type: ignore[arg-type]
    if len(before) == len(after) == 1 and before[0].words == after[0].words:
        return Row(step, (Segment("same", before[0].words),), numbers)
    return Row(step, tuple(parted([one.words for one in before], [one.words for one in after])), numbers)


def parted(old: Sequence[str], new: Sequence[str]) -> list[Segment]:
    """The redline of several paragraphs; a line feed is the change where only one side is parted."""
    segments = redline(" ".join(old), " ".join(new))
    if len(old) == len(new) == 1:
        return segments
    found: list[Segment] = []
    breaks = _ends(old), _ends(new)
    i = j = 0

    def add(kind: str, text: str) -> None:
        if text and found and found[-1].kind == kind:
            found[-1] = Segment(found[-1].kind, found[-1].text + text)
        elif text:
            found.append(Segment(kind, text))  # type: ignore[arg-type]

    for segment in segments:
        for letter in segment.text:
            was = "\n" if segment.kind != "inserted" and i in breaks[0] else letter
            now = "\n" if segment.kind != "deleted" and j in breaks[1] else letter
            if segment.kind == "same" and was != now:
                add("deleted", was)
                add("inserted", now)
            else:
                add(segment.kind, was if segment.kind == "deleted" else now)
            i += segment.kind != "inserted"
            j += segment.kind != "deleted"
    return found


def _ends(parts: Sequence[str]) -> set[int]:
    """Where the joined paragraphs are parted."""
    found, at = set(), 0
    for part in parts[:-1]:
        at += len(part)
        found.add(at)
        at += 1
    return found
