"""Which provisions and measures does a file bring that the road map has not?"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from paraph.acts import CELLS, Propose, measure, provision
from paraph.papers.documents import Paragraph
from paraph.papers.returned.basis import Basis, nobody
from paraph.papers.returned.contents import HOW, act_of, content_of
from paraph.papers.returned.found import whole_of
from paraph.papers.returned.heads import Head
from paraph.papers.returned.lines import line_of, parts_of
from paraph.papers.returned.rows import SAYS_NOTHING
from paraph.papers.returned.words import HEADING, variants
from paraph.sentences import Sentence, _
from paraph.text.canonical import canonical, mended
from paraph.text.errors import TextRefused

_ARTICLE = re.compile(r"(?:article|art\b|статья|ст\b|артыкул)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class New:
    """A provision or a measure that the file brings."""

    before: str  # behind which item it stands
    item: str
    text: str  # what it says, for people
    acts: tuple[Propose, ...]
    notes: tuple[Sentence, ...] = ()  # how it was read
    heading: bool = False

    @property
    def measure(self) -> bool:
        """Whether it is a measure."""
        return self.item.startswith("measure:")


def opens(one: Paragraph) -> bool:
    """Whether a paragraph begins an article, which holds what follows it."""
    return _ARTICLE.match(one.number) is not None


def continues(begun: Sequence[Paragraph], one: Paragraph) -> bool:
    """Whether a paragraph belongs to the article that is begun: a heading does, right behind the number."""
    title = len(begun) == 1 and not begun[0].words and not one.number
    return not opens(one) and (one.kind != "heading" or title)


def new_provision(basis: Basis, party: str, before: str, said: Sequence[Paragraph]) -> New | None:
    """A provision that the file brings, in each of its alternatives; a heading waits for words."""
    one = next((paragraph for paragraph in said if paragraph.words), said[0])
    if not basis.authentic:
        needs = Sentence(_("A new provision needs words in an authentic language."))
        basis.trouble(nobody(one), needs, one.text)
        return None
    about, language = provision(basis.map.id, _key(basis, party, one)), basis.given.language
    made: list[Propose] = []
    heading, whole = _parted(said)
    lines: list[str] = []
    for text in dict.fromkeys(variants(whole).values()):
        try:
            title, words = canonical(heading), canonical(text)
        except TextRefused as refused:
            basis.trouble(nobody(one), refused.sentence, one.text, mended(text) or "")
            return None
        content = {"words": {language: words} if words else {}}
        content |= {"heading": {language: title}} if title else {}
        act = act_of(basis, party, about, content) if title or words else None
        if act is not None:
            made.append(act)
            lines.append(whole_of(title, words))
    return New(before, about, "\n".join(lines), tuple(made), heading=not whole) if made else None


def _parted(said: Sequence[Paragraph]) -> tuple[str, str]:
    """Heading and words of what is new; that of an article stands behind its number, or below it."""
    first, *rest = said
    if not rest:
        return (first.words, "") if first.kind == "heading" else ("", first.words)
    title, body = (first, rest) if first.words else (rest[0], rest[1:])
    line = title.words.rstrip(".")
    short = (
        len(line) <= HEADING
        and title.words[-1:] not in tuple(".:;,")
        and (title is first or not title.number)
    )
    if body and (short or title.kind == "heading"):
        return line, "\n".join(one.text for one in body)
    return "", "\n".join([first.words, *(one.text for one in rest)]).strip()


def new_measure(basis: Basis, party: str, before: str, said: Sequence[tuple[Head, Paragraph]]) -> New | None:
    """A measure that the file brings, cell by cell in each of its alternatives."""
    first = next((one for head, one in said if head.cell == "action"), said[0][1])
    row = nobody(first)
    if not basis.authentic:
        if any(head.cell == "action" for head, _one in said):
            needs = Sentence(_("A new measure needs words in an authentic language."))
            basis.trouble(row, needs, first.words)
        return None
    item, where = measure(basis.map.id, _key(basis, party, first)), f" · {first.text}"
    acts: list[Propose] = []
    lines: list[str] = []
    notes: list[Sentence] = []
    for cell in CELLS:
        parts = parts_of([(head, one) for head, one in said if head.belongs == cell])
        text = line_of(cell, basis.given.language, parts)
        if parts and not text:
            basis.trouble(row, Sentence(HOW[cell]), " ".join(said for _head, said in parts) + where)
        for words in dict.fromkeys(variants(text).values()) if text else ():
            made = content_of(basis, row, cell, words, where=where if cell != "action" else "")
            act = act_of(basis, party, f"{item}/{cell}", made.fields) if made else None
            if made is not None and act is not None:
                acts.append(act)
                lines.append(words)
                notes += made.notes
            elif cell == "action":
                return None
        if cell == "action" and not acts:
            basis.trouble(row, Sentence(SAYS_NOTHING), " · ".join(one.text for _head, one in said))
            return None
    return New(before, item, " · ".join(lines).replace("\n", "; "), tuple(acts), tuple(notes))


def _key(basis: Basis, party: str, one: Paragraph) -> str:
    """The key of something new: the same whenever the same file comes, in each of its languages."""
    place = one.place.rpartition(", column")[0] or one.made_of[0]
    return f"n{hashlib.sha256(f'{basis.given.name} {place} {party}'.encode()).hexdigest()[:10]}"
