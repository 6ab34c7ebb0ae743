"""Which number does Word compute for a paragraph?

A paragraph names, itself or through its style, a list (`numId`) and a level in it. Lists that share one
abstract definition count together, unless one begins anew.
"""

import re
from functools import cache

import msgspec
from lxml import etree

from paraph.papers.docx.package import W

LEVELS = 9
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_LOW = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
Tree = etree._Element


def value(element: Tree | None, name: str) -> str | None:
    """The `w:val` of a child, None where there is no such child."""
    if element is None or not len(element):  # to look for a child costs more than to count them
        return None
    child = element.find(W + name)
    return None if child is None else child.get(W + "val", "")


def switched_on(element: Tree | None, name: str) -> bool:
    """Whether a property that is on or off is on."""
    found = value(element, name)
    return found is not None and found not in ("0", "false", "off")


class Style(msgspec.Struct):
    """What a paragraph takes over from its style."""

    name: str = ""
    list_id: str | None = None
    level: int | None = None
    outline: int | None = None
    hidden: bool = False


class Styles:
    """The styles of a document, each with what it takes over from those it is based on."""

    def __init__(self, tree: Tree | None) -> None:
        found = [] if tree is None else list(tree.iterchildren(W + "style"))
        self._trees = {one.get(W + "styleId", ""): one for one in found}
        self.default = next(
            (one.get(W + "styleId", "") for one in found
             if one.get(W + "type") == "paragraph" and one.get(W + "default") in ("1", "true")),
            "",
        )  # fmt: skip
        self.get = cache(self._get)

    def _get(self, name: str) -> Style:
        chain: list[Tree] = []
        while name in self._trees and self._trees[name] not in chain:
            chain.append(self._trees[name])
            name = value(chain[-1], "basedOn") or ""
        style = Style()
        for tree in reversed(chain):
            properties = tree.find(W + "pPr")
            style.name = value(tree, "name") or style.name
            style.hidden = switched_on(tree.find(W + "rPr"), "vanish") or style.hidden
            style.outline = whole(value(properties, "outlineLvl"), style.outline)
            if properties is not None and (listed := properties.find(W + "numPr")) is not None:
                style.list_id = value(listed, "numId") or style.list_id
                style.level = whole(value(listed, "ilvl"), style.level)
        if style.outline is None and (heading := re.fullmatch(r"(?i)heading ([1-9])", style.name)):
            style.outline = int(heading[1]) - 1
        return style


def whole(text: str | None, otherwise: int | None) -> int | None:
    """A small number as it stands in an attribute."""
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else otherwise


class Level(msgspec.Struct):
    """How one level of a list counts and looks."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None
    style: str = ""


class Numbering(msgspec.Struct):
    """The lists of a document, counting as its paragraphs come."""

    tree: Tree | None
    unknown: set[str] = set()  # formats that are shown as 1, 2, 3
    _lists: dict[str, tuple[str, list[Level], dict[int, int]]] = {}
    _counts: dict[str, list[int | None]] = {}

    def __post_init__(self) -> None:
        if self.tree is None:
            return
        drawn = {one.get(W + "abstractNumId", ""): one for one in self.tree.iterchildren(W + "abstractNum")}
        by_style = {value(one, "styleLink"): key for key, one in drawn.items()}
        for one in self.tree.iterchildren(W + "num"):
            key = value(one, "abstractNumId") or ""
            if key in drawn and (linked := value(drawn[key], "numStyleLink")) in by_style:
                key = by_style[linked]
            if key not in drawn:
                continue
            levels, starts = _levels(drawn[key], [Level() for _ in range(LEVELS)]), {}
            for change in one.iterchildren(W + "lvlOverride"):
                at = whole(change.get(W + "ilvl"), None)
                if at is not None and at < LEVELS:
                    levels = _levels(change, levels)
                    if (start := whole(value(change, "startOverride"), None)) is not None:
                        starts[at] = start
            self._lists[one.get(W + "numId", "")] = (key, levels, starts)

    def level_of(self, list_id: str, style: str) -> int:
        """The level that a list keeps for a style."""
        levels = self._lists[list_id][1] if list_id in self._lists else []
        return next((at for at, level in enumerate(levels) if level.style == style), 0)

    def next(self, list_id: str, at: int) -> str:
        """The number of the next paragraph of a list on a level; empty where the list is not there."""
        if list_id not in self._lists or not 0 <= at < LEVELS:
            return ""
        key, levels, starts = self._lists[list_id]
        counts = self._counts.setdefault(key, [None] * LEVELS)
        if at in starts:  # the first paragraph of a list that begins anew
            counts[at] = starts.pop(at) - 1
        for upper in range(at):
            if counts[upper] is None:
                counts[upper] = levels[upper].start
        count = counts[at]
        counts[at] = levels[at].start if count is None else count + 1
        for lower in range(at + 1, LEVELS):
            restart = levels[lower].restart
            if restart is None or at < restart:
                counts[lower] = None
        return self._label(levels, counts, at)

    def _label(self, levels: list[Level], counts: list[int | None], at: int) -> str:
        level = levels[at]
        if level.format == "bullet":
            return "•" if not level.text or "\ue000" <= level.text[0] <= "\uf8ff" else level.text

        def written(found: re.Match[str]) -> str:
            other = int(found[1]) - 1
            form = "decimal" if level.legal else levels[other].format
            return self._written(counts[other] or 0, form)

        return re.sub(r"%([1-9])", written, level.text).strip()

    def _written(self, number: int, form: str) -> str:
        match form:
            case "decimal":
                return str(number)
            case "decimalZero":
                return f"{number:02}"
            case "none":
                return ""
            case "lowerRoman" | "upperRoman":
                return _cased(roman(number), form)
            case "lowerLetter" | "upperLetter":
                return _cased(_letters(number, "abcdefghijklmnopqrstuvwxyz"), form)
            case "russianLower" | "russianUpper":
                return _cased(_letters(number, _RUSSIAN), form)
        self.unknown.add(form)
        return str(number)


def _cased(text: str, form: str) -> str:
    return text.upper() if form.startswith("upper") or form.endswith("Upper") else text


def _letters(number: int, alphabet: str) -> str:
    """a, b, … z, aa, bb, as Word counts on."""
    times, place = divmod(max(number, 1) - 1, len(alphabet))
    return alphabet[place] * min(times + 1, 20)


def roman(number: int) -> str:
    """A Roman number in small letters."""
    text = ""
    for size, letters in (*_ROMAN, *_ROMAN_LOW):
        text += letters * (min(number, 9999) // size)
        number %= size
    return text


def _levels(drawn: Tree, former: list[Level]) -> list[Level]:
    levels = list(former)
    for one in drawn.iterchildren(W + "lvl"):
        at = whole(one.get(W + "ilvl"), None)
        if at is not None and at < LEVELS:
            levels[at] = Level(
                start=whole(value(one, "start"), 0) or 0,
                format=value(one, "numFmt") or "decimal",
                text=value(one, "lvlText") or "",
                legal=switched_on(one, "isLgl"),
                restart=whole(value(one, "lvlRestart"), None),
                style=value(one, "pStyle") or "",
            )
    return levels
