"""Which provisions and measures does a file bring that the road map has not?"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from paraph.acts import CELLS, Propose, measure, provision
from paraph.papers.documents import Paragraph
from paraph.papers.returned.basis import Basis, nobody
from paraph.papers.returned.contents import HOW, act_of, content_of
from paraph.papers.returned.heads import Head
from paraph.papers.returned.lines import line_of, parts_of
from paraph.papers.returned.rows import SAYS_NOTHING
from paraph.papers.returned.words import variants
from paraph.sentences import Sentence, _
from paraph.text.canonical import canonical, mended
from paraph.text.errors import TextRefused


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


def new_provision(basis: Basis, party: str, before: str, one: Paragraph) -> New | None:
    """A provision that the file brings, in each of its alternatives; a heading waits for words."""
    if not basis.authentic:
        needs = Sentence(_("A new provision needs words in an authentic language."))
        basis.trouble(nobody(one), needs, one.text)
        return None
    about, language = provision(basis.map.id, _key(basis, party, one)), basis.given.language
    made: list[Propose] = []
    for text in dict.fromkeys(variants(one.words).values()):
        try:
            words = {language: canonical(text)}
        except TextRefused as refused:
            basis.trouble(nobody(one), refused.sentence, one.text, mended(text) or "")
            return None
        content = {"words": {}, "heading": words} if one.kind == "heading" else {"words": words}
        act = act_of(basis, party, about, content)
        made += [act] if act is not None and words[language] else []
    text = "\n".join(
        next(iter((act.content.get("heading") or act.content["words"]).values())) for act in made
    )
    return New(before, about, text, tuple(made), heading=one.kind == "heading") if made else None


def new_measure(basis: Basis, party: str, before: str, said: Sequence[tuple[Head, Paragraph]]) -> New | None:
    """A measure that the file brings, cell by cell in each of its alternatives."""
    first = next((one for head, one in said if head.cell == "action"), said[0][1])
    row = nobody(first)
    if not basis.authentic:
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
