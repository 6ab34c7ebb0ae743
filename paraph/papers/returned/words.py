"""Which texts do the words of a file mean, with its brackets, headings and numbers of provisions?"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from paraph.papers.documents import Document, Paragraph
from paraph.papers.returned.found import Wording
from paraph.papers.typed import Bracket, Point, typed_brackets
from paraph.state.roadmaps import RECEIVED
from paraph.text.canonical import words_in
from paraph.text.words import Segment, redline

_PUNCTUATION = re.compile(r"\s+([.,;:!?)\]])")
HEADING = 160  # letters of a first sentence that may be a heading


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
    """The letters of a text, line by line: papers and people set spaces around brackets otherwise."""
    return "\n".join(["".join(line.split()) for line in text.strip().split("\n")]).rstrip(".")


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

    Brackets without a label are alternatives "1", "2", …; where a party's brackets leave more to choose, its
    further readings are "BY 2", …; a text without brackets is the one of "". Each alternative of each
    bracket, however deep, stands in one of the texts.
    """
    points = _points(text)
    if not points:
        return {"": text}
    labels = sorted({party for point in points for one in point.brackets for party in _parties(one)})
    return {
        (f"{party} {at}" if party and at > 1 else party or str(at)): "\n".join(
            _PUNCTUATION.sub(r"\1", " ".join(line.split())) for line in words.split("\n")
        ).strip()
        for party in labels or [""]
        for at, words in enumerate(_readings(text, 0, len(text), points, party), 1)
    }


def whose_label(label: str) -> str:
    """The party of a label; "" where it is nobody's."""
    party = label.partition(" ")[0]
    return "" if party.isdigit() else party


def touched(text: str, sent: str) -> set[str]:
    """The parties in whose brackets other words stand than in the paper as it left."""
    now, then = _by_party(text), _by_party(sent)
    return {party for party, words in now.items() if words != then.get(party)}


def _by_party(text: str) -> dict[str, list[str]]:
    """Party -> what stands in its brackets, letter by letter."""
    found: dict[str, list[str]] = {}
    for one in (bracket for point in _points(text) for bracket in point.brackets):
        for party in _parties(one):
            found.setdefault(party, []).append(bare(one.words))
    return found


def outside_and_inside(text: str) -> dict[str, str]:
    """Agreed words, as those of "", and behind them in brackets what each party proposes instead."""
    points = [point for point in _points(text) if point.brackets[0].depth == 1]
    agreed = text[: points[0].brackets[0].begin[1]] if points else text
    found = {"": agreed.strip()}
    for one in (bracket for point in points for bracket in point.brackets):
        found |= {party: one.words for party in _parties(one) if party not in found}
    return found


def _points(text: str) -> tuple[Point, ...]:
    """The open points of a text in reading order, each before those inside it."""
    return typed_brackets(Document((Paragraph(text),))).points


def _parties(one: Bracket) -> list[str]:
    """The parties that a bracket is labelled with."""
    labels = re.split(r", ?| and ", one.label) if one.label else []
    return [name.rstrip(RECEIVED) for name in labels if name.rstrip(RECEIVED).isupper()]


def _choices(point: Point, party: str) -> Sequence[Bracket | str]:
    """What can be read in a point: a party's own brackets, else those that are nobody's."""
    own = [one for one in point.brackets if party in _parties(one)]
    free = [one for one in point.brackets if not _parties(one)]
    if own or len(free) < len(point.brackets):
        return own or free or [""]
    if len(free) > 1:
        return free
    return [free[0] if choice == free[0].words else choice for choice in point.choices]


def _readings(text: str, begin: int, end: int, points: Sequence[Point], party: str) -> list[str]:
    """
    A passage in which each alternative that a party has stands once; of "" those that nobody has.

    Args:
        text: the whole text.
        begin: of the passage.
        end: of the passage.
        points: those in the passage.
        party: whose, or "".
    """
    places = [point.brackets[0].begin[1] for point in points]
    parts: list[tuple[Point, list[str]]] = []
    for point in points:
        if parts and point.brackets[0].begin < parts[-1][0].brackets[-1].end:
            continue  # it stands inside the one before
        said: list[str] = []
        for one in _choices(point, party):
            if isinstance(one, str):
                said.append(one)
                continue
            inside = points[bisect_right(places, one.begin[1]) : bisect_left(places, one.end[1])]
            said += _readings(text, one.end[1] - len(one.words), one.end[1], inside, party)
        parts.append((point, ["" if words.strip() in ("–", "…", "¶") else words.strip() for words in said]))
    found: dict[str, None] = {}
    for which in range(max((len(said) for _point, said in parts), default=1)):
        words, at = "", begin
        for point, said in parts:
            words += text[at : point.brackets[0].begin[1]] + said[min(which, len(said) - 1)]
            at = point.brackets[-1].end[1] + 1
        found[words + text[at:end]] = None
    return list(found)


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
    return (heading, rest) if dot and like and len(heading) <= HEADING else (base.heading, text)


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
