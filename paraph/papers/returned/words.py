"""Which texts do the words of a file mean, with its brackets, headings and numbers of provisions?"""

import re
from collections.abc import Callable, Sequence

from paraph.papers.documents import Document, Paragraph
from paraph.papers.returned.found import Wording
from paraph.papers.typed import Bracket, Point, typed_brackets
from paraph.state.roadmaps import RECEIVED
from paraph.text.canonical import words_in
from paraph.text.words import Segment, redline

_PUNCTUATION = re.compile(r"\s+([.,;:!?)\]])")
_HEADING = 160  # letters of a first sentence that may be a heading


def holds_bracket(text: str) -> bool:
    """Say whether a bracket is left in words: one that was not understood."""
    return "[" in text or "]" in text


def text_of(paragraphs: Sequence[Paragraph]) -> str:
    """Paragraphs as the words of one provision; number and heading of the first are the provision's."""
    first, rest = paragraphs[0].words, [one.text for one in paragraphs[1:]]
    if paragraphs[0].kind == "heading" and rest and first:
        return f"{first.rstrip('.')}. " + "\n".join(rest).strip()
    return "\n".join([first, *rest]).strip()


def bare(text: str) -> str:
    """The letters of a text: papers set spaces around brackets, and people set them otherwise."""
    return "".join(text.split()).rstrip(".")


def beside_agreed(text: str, sent: str, agreed: str) -> tuple[str, str]:
    """Agreed words, or what was proposed beside them, whichever changed; one file shows both in a line."""
    if not sent.startswith(agreed) or sent == agreed:
        return text, sent
    behind = sent[len(agreed) :]
    if text.endswith(behind):
        return text[: -len(behind)].strip(), agreed
    if text.startswith(agreed):
        return text[len(agreed) :].strip(), behind.strip()
    return text, sent


def variants(text: str) -> dict[str, str]:
    """
    The texts that a text with brackets can be read as: party -> its words.

    Brackets without a label are alternatives "1", "2", …; a text without brackets is the one of "".
    """
    points = _outer(text)
    if not points:
        return {"": text}
    labels = sorted({party for point in _every(text) for one in point.brackets for party in _parties(one)})
    if labels:
        return {party: _projected(text, _of_party(party)) for party in labels}
    count = max(len(point.choices) for point in points)
    return {str(at + 1): _projected(text, _of_place(at)) for at in range(count)}


def outside_and_inside(text: str) -> dict[str, str]:
    """Agreed words, as those of "", and behind them in brackets what each party proposes instead."""
    points = _outer(text)
    agreed = text[: points[0].brackets[0].begin[1]] if points else text
    found = {"": agreed.strip()}
    for one in (bracket for point in points for bracket in point.brackets):
        found |= {party: one.words for party in _parties(one) if party not in found}
    return found


def _outer(text: str) -> list[Point]:
    found = typed_brackets(Document((Paragraph(text),)))
    return [point for point in found.points if point.brackets[0].depth == 1]


def _every(text: str) -> tuple[Point, ...]:
    return typed_brackets(Document((Paragraph(text),))).points


def _parties(one: Bracket) -> list[str]:
    """The parties that a bracket is labelled with."""
    labels = re.split(r", ?| and ", one.label) if one.label else []
    return [name.rstrip(RECEIVED) for name in labels if name.rstrip(RECEIVED).isupper()]


Choosing = Callable[[Point], str | None]


def _of_party(party: str) -> Choosing:
    def choose(point: Point) -> str | None:
        for one in point.brackets:
            if party in _parties(one):
                return one.words
        free = [one for one in point.brackets if not _parties(one)]
        return free[0].words if free else None

    return choose


def _of_place(at: int) -> Choosing:
    def choose(point: Point) -> str | None:
        return point.choices[min(at, len(point.choices) - 1)]

    return choose


def _projected(text: str, choose: Choosing) -> str:
    """A text with each of its brackets read in one way."""
    found, at = "", 0
    for point in _outer(text):
        begin, end = point.brackets[0].begin[1], point.brackets[-1].end[1]
        words = (choose(point) or "").strip()
        inside = "" if words in ("–", "…", "¶") else _projected(words, choose)
        found += text[at:begin] + inside
        at = end + 1
    lines = (found + text[at:]).split("\n")
    return "\n".join(_PUNCTUATION.sub(r"\1", " ".join(line.split())) for line in lines).strip()


def parted(text: str, base: Wording | None) -> tuple[str, str]:
    """Heading and words of a text, where the heading ended before it was changed; one left out stays."""
    if base is None or not base.heading:
        return "", text
    if text.startswith(f"{base.heading}. "):
        return base.heading, text[len(base.heading) + 2 :]
    first, newline, rest = text.partition("\n")
    if newline and first.rstrip(".") == base.heading:
        return base.heading, rest
    end = _moved_to(redline(base.whole, text), len(base.heading))
    if end is not None and text[end : end + 2] == ". ":
        return text[:end], text[end + 2 :]
    heading, dot, rest = text.partition(". ")
    like = {word.casefold() for word in words_in(base.heading)} & {w.casefold() for w in words_in(heading)}
    return (heading, rest) if dot and like and len(heading) <= _HEADING else (base.heading, text)


def restored(words: str, base: Wording | None) -> str:
    """Words with references again in the place of the numbers that were left as they were."""
    if base is None or not base.references:
        return words
    segments = redline(base.words, words)
    for begin, end, reference in reversed(base.references):
        start, stop = _moved_to(segments, begin), _moved_to(segments, end - 1)
        if start is not None and stop == start + end - 1 - begin:
            words = words[:start] + reference + words[stop + 1 :]
    return words


def _moved_to(segments: Sequence[Segment], place: int) -> int | None:
    """Where a letter of the old text stands in the new one; None where it was struck."""
    i = j = 0
    for one in segments:
        size = len(one.text)
        if one.kind != "inserted" and i <= place < i + size:
            return j + place - i if one.kind == "same" else None
        i += size if one.kind != "inserted" else 0
        j += size if one.kind != "deleted" else 0
    return None
