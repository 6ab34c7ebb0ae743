"""What do negotiators do to a text, and what is the truth about it?

A seeded draft of so many pages and the next draft of it: words changed, paragraphs inserted, deleted,
moved, split and joined, everything renumbered. What was done is known, so a comparison can be marked.
"""

import random
from dataclasses import dataclass, field

PAGE = 400  # words
_SOUNDS = {
    "en": ("b c d f g h l m n p r s t v tr pr st cl br", "a e i o u ea io"),
    "ru": ("б в г д ж з к л м н п р с т х ст пр тр кр", "а е и о у я ю ы ие"),
}
_LITTLE = {
    "en": "the of and in to shall be by for with on or this that its any such may which under from",
    "ru": "в и на не с по к из для от о а также при их или это за его что до между как во все",
}
_HEAD = {"en": "Article", "ru": "Статья"}


@dataclass
class Unit:
    """A paragraph with an identity that edits keep."""

    id: int
    kind: str  # article, paragraph, item
    words: list[str]


@dataclass
class Draft:
    """Two texts and the truth: which paragraph became which, what moved, how many words were touched."""

    old: list[str]
    new: list[str]
    pairs: set[tuple[int, int]] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)  # places in new
    split: set[int] = field(default_factory=set)  # places in old
    joined: set[int] = field(default_factory=set)  # places in new
    renumbered: set[tuple[int, int]] = field(default_factory=set)
    words: int = 0  # deleted and inserted


class _Writer:
    def __init__(self, language: str, picker: random.Random) -> None:
        self.picker = picker
        heads, tails = (sounds.split() for sounds in _SOUNDS[language])
        self.little = _LITTLE[language].split()
        self.lexicon = [
            "".join(picker.choice(heads) + picker.choice(tails) for _ in range(picker.randint(2, 4)))
            for _ in range(4_000)
        ]
        self.weights = [1 / (rank + 8) for rank in range(len(self.lexicon))]
        self.stock = picker.choices(self.lexicon, self.weights, k=200_000)

    def words(self, count: int) -> list[str]:
        """So many words of running text: every third is a little one; some commas, a full stop."""
        pick = self.picker.random
        found = [
            self.picker.choice(self.little) if pick() < 0.38 else self.stock[int(pick() * len(self.stock))]
            for _ in range(count)
        ]
        for at in range(6, count - 2, 9):
            if pick() < 0.4:
                found[at] += ","
        found[0] = found[0].capitalize()
        found[-1] += "."
        return found


def draft(
    pages: int, language: str = "en", seed: int = 1, *, edited: float = 0.15, moved: float = 0.03
) -> Draft:
    """
    A draft of so many pages and the next one.

    Args:
        edited: the share of paragraphs whose words are touched.
        moved: the share that goes elsewhere, alone or in blocks of up to three.
    """
    picker = random.Random(f"{pages} {language} {seed}")
    writer = _Writer(language, picker)
    old = _written(pages, writer, picker)
    new = [Unit(unit.id, unit.kind, list(unit.words)) for unit in old]
    truth = Draft([], [])
    fresh = len(old)
    touchable = [unit for unit in new if unit.kind != "article"]
    picker.shuffle(touchable)
    count = len(old)
    for unit in touchable[: int(edited * count)]:
        truth.words += _edit(unit, writer, picker)
    rest = touchable[int(edited * count) :]
    gone = {unit.id for unit in rest[: count // 33]}
    truth.words += sum(len(unit.words) for unit in new if unit.id in gone)
    new = [unit for unit in new if unit.id not in gone]
    moving = _move(new, picker, int(moved * count), {unit.id for unit in new})
    for _ in range(count // 33):
        at = picker.randrange(1, len(new))
        unit = Unit(fresh, "paragraph", writer.words(picker.randint(15, 90)))
        truth.words += len(unit.words)
        new.insert(at, unit)
        fresh += 1
    for at in sorted(picker.sample(range(1, len(new)), max(1, count // 150)), reverse=True):
        heading = Unit(fresh, "article", writer.words(picker.randint(2, 5)))
        truth.words += len(heading.words)
        new.insert(at, heading)
        fresh += 1
    parts, joins = _part(new, picker, count // 100, moving, fresh)
    return _truth(truth, old, new, moving, parts, joins, _HEAD[language])


def _written(pages: int, writer: _Writer, picker: random.Random) -> list[Unit]:
    units: list[Unit] = []
    size = 0
    while size < pages * PAGE:
        article = [Unit(0, "article", writer.words(picker.randint(2, 6)) if picker.random() < 0.5 else [])]
        for _ in range(picker.randint(2, 6)):
            article.append(Unit(0, "paragraph", writer.words(picker.randint(25, 140))))
            if picker.random() < 0.2:
                article += [
                    Unit(0, "item", writer.words(picker.randint(6, 30))) for _ in range(picker.randint(2, 5))
                ]
        units += article
        size += sum(len(unit.words) for unit in article)
    for number, unit in enumerate(units):
        unit.id = number
    return units


def _edit(unit: Unit, writer: _Writer, picker: random.Random) -> int:
    """Replace, insert or delete a few words in one to four places; return how many were touched."""
    touched = 0
    size = len(unit.words)
    places = sorted(picker.sample(range(size), min(size // 12 + 1, picker.randint(1, 4))), reverse=True)
    for at in places:
        new = [word.lower().rstrip(".") for word in writer.words(picker.randint(1, min(5, size // 4)))]
        cut = picker.randint(1, min(4, size // 4)) if picker.random() < 0.7 else 0
        if cut and picker.random() < 0.3:
            new = []
        old = unit.words[at : at + cut]
        new = [word for word in new if word not in old] if cut else new
        if len(unit.words) - len(old) + len(new) < 3:
            continue
        unit.words[at : at + cut] = new
        touched += len(old) + len(new)
    return touched


def _move(new: list[Unit], picker: random.Random, count: int, free: set[int]) -> set[int]:
    moving: set[int] = set()
    while len(moving) < count:
        at, size = picker.randrange(len(new)), picker.randint(1, 3)
        block = new[at : at + size]
        if any(unit.kind == "article" or unit.id not in free or unit.id in moving for unit in block):
            continue
        there = picker.randrange(len(new) - size)
        if abs(there - at) < 12:
            continue
        del new[at : at + size]
        new[there:there] = block
        moving |= {unit.id for unit in block}
        free -= {unit.id for unit in new[max(0, there - 3) : there + size + 3]}  # one move a place
    return moving


def _part(
    new: list[Unit], picker: random.Random, count: int, moving: set[int], fresh: int
) -> tuple[dict[int, int], dict[int, int]]:
    """Split long paragraphs and join neighbours; the second part's identity to the first's."""
    parts: dict[int, int] = {}
    joins: dict[int, int] = {}
    for _ in range(count):
        at = picker.randrange(len(new) - 1)
        unit, follower = new[at], new[at + 1]
        if {unit.id, follower.id} & (moving | set(parts) | set(joins) | set(joins.values())):
            continue
        if unit.kind == "paragraph" and len(unit.words) >= 40:
            cut = picker.randint(15, len(unit.words) - 15)
            new.insert(at + 1, Unit(fresh, "paragraph", unit.words[cut:]))
            del unit.words[cut:]
            parts[fresh] = unit.id
            fresh += 1
        elif unit.kind == follower.kind == "item" and follower.id == unit.id + 1:
            unit.words += follower.words
            joins[follower.id] = unit.id
            del new[at + 1]
    return parts, joins


def _numbered(units: list[Unit], head: str, first: int) -> list[str]:
    lines, article, paragraph, item = [], first - 1, 0, 0
    for unit in units:
        if unit.kind == "article":
            article, paragraph = article + 1, 0
            number = f"{head} {article}."
        elif unit.kind == "paragraph":
            paragraph, item = paragraph + 1, 0
            number = f"{article}.{paragraph}."
        else:
            item += 1
            number = f"({'abcdefghijklmnopqrstuvwxyz'[(item - 1) % 26]})"
        lines.append(" ".join([number, *unit.words]))
    return lines


def _truth(
    truth: Draft, old: list[Unit], new: list[Unit], moving: set[int], parts: dict[int, int],
    joins: dict[int, int], head: str,
) -> Draft:  # fmt: skip
    was = {unit.id: place for place, unit in enumerate(old)}
    now = {unit.id: place for place, unit in enumerate(new)}
    truth.old, truth.new = _numbered(old, head, 1), _numbered(new, head, 2)
    for name in was.keys() & now.keys():
        truth.pairs.add((was[name], now[name]))
    for part, whole in parts.items():
        if whole in was:
            truth.pairs.add((was[whole], now[part]))
            truth.split.add(was[whole])
    for part, whole in joins.items():
        if part in was and whole in now:
            truth.pairs.add((was[part], now[whole]))
            truth.joined.add(now[whole])
    truth.moved = {now[name] for name in moving if name in now}
    for name in was.keys() & now.keys():
        before, after = (
            lines[at].split(" ")[0] if head not in lines[at][:8] else " ".join(lines[at].split(" ")[:2])
            for lines, at in ((truth.old, was[name]), (truth.new, now[name]))
        )
        if before != after:
            truth.renumbered.add((was[name], now[name]))
    return truth
