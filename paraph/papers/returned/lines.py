"""What do the cells of a measure say, as one line of our papers, and what does each wording say there?

A table may have a column of bodies for each party, and columns for the target and its unit; an exchanged
file has a line for each wording. Papers of ours have one cell, and brackets in it.
"""

import re
from collections.abc import Iterable, Sequence

from paraph.papers.documents import Paragraph
from paraph.papers.labels import day
from paraph.papers.returned.cells import NONE
from paraph.papers.returned.heads import Head
from paraph.papers.returned.words import outside_and_inside, variants

_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_BRACKET = re.compile(r"\[([A-Z*]+(?:, [A-Z*]+)*): (.*)\]", re.DOTALL)
Said = Sequence[tuple[Head, str]]  # what stands in the cells, paragraph by paragraph
BY_LINES = ("bodies", "deadline", "indicator")  # whose wordings stand one by one in an exchanged file


def parts_of(said: Sequence[tuple[Head, Paragraph]]) -> list[tuple[Head, str]]:
    """What stands in the cells of a measure, with the heads; exchanged files have targets below words."""
    return [(Head("target") if one.style == "target" else head, one.text) for head, one in said]


def line_of(cell: str, language: str, said: Said, sources: Iterable[str] = ()) -> str:
    """
    What a cell says, as our papers write it.

    Args:
        cell: of CELLS.
        language: of the text.
        said: what stands in the columns that belong to it.
        sources: of the indicators that are known; they stand on no paper.
    """
    if cell == "deadline":
        return "\n".join(_ISO.sub(lambda found: day(language, found[0]), text) for _head, text in said)
    if cell == "bodies":
        columns: dict[str, list[str]] = {}
        for head, text in said:
            columns.setdefault(head.party, []).append(text)
        return "\n".join(_of_party(party, "\n".join(texts)) for party, texts in columns.items())
    if cell == "indicator":
        parts = {
            name: " ".join(t for head, t in said if head.cell == name)
            for name in ("target", "unit", "source")
        }
        words = "\n".join(text for head, text in said if head.cell not in parts)
        new = "" if parts["source"] in sources else parts["source"]
        amount = parts["target"] or (NONE if parts["unit"] or new else "")
        target = f"{amount} {parts['unit']}".strip()
        for source in sources:
            target = target.removesuffix(f"; {source}")
        target = f"{target}; {new}" if new else target
        return (
            f"{words}: {target}" if words and target else words
        )  # a target alone says nothing in a language
    return "\n".join(text for _head, text in said)


def _of_party(party: str, text: str) -> str:
    if not party or text.startswith(f"{party}:"):
        return text
    names = (line.strip(" ,;") for line in text.splitlines())
    return f"{party}: {'; '.join(filter(None, names))}"


def readings(cell: str, language: str, said: Said, sources: Iterable[str], agreed: bool) -> dict[str, str]:
    """
    What each wording says in a cell of an exchanged file: party -> its line; "" the agreed one.

    Args:
        cell: one of BY_LINES.
        language: of the text.
        said: what stands in its columns.
        sources: as above.
        agreed: whether one wording is agreed, and stands without brackets.
    """
    words = "\n".join(text for head, text in said if cell == "indicator" and head.cell != "target")
    lines = _by_label([one for one in said if cell != "indicator" or one[0].cell == "target"])
    if words:
        meant = outside_and_inside(words) if agreed else variants(words)
        lines = {label: [(Head(), text), *lines.get(label, ())] for label, text in meant.items()}
    return {label: line_of(cell, language, parts, sources) for label, parts in lines.items()}


def _by_label(lines: Said) -> dict[str, list[tuple[Head, str]]]:
    """Party -> the lines in its brackets; a party with several wordings gives the further ones numbers."""
    groups: dict[tuple[str, int], list[tuple[Head, str]]] = {}
    count: dict[tuple[Head, str], int] = {}
    for head, text in lines:
        found = _BRACKET.fullmatch(text)
        label, inside = (found[1], found[2]) if found else ("", text)
        at = count[head, label] = count.get((head, label), -1) + 1
        groups.setdefault((label, at if label else 0), []).append((head, inside))
    result: dict[str, list[tuple[Head, str]]] = {}
    for (label, _at), parts in groups.items():
        for party in label.split(", "):
            name = party.rstrip("*")
            result[name if name not in result else str(len(result))] = parts
    return result
