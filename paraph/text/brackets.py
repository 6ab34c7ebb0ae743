"""How do square brackets follow from the live proposals?

An open point is a maximal run of words in which alternatives differ; a bracket is one alternative in
it, labelled with the parties that accept it. Alternatives that share most of their words are nested.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paraph.text.words import Runs, matches, runs_of, tokens, without_crumbs

LIKE = 0.4  # from this share of common words on, alternatives stand in one bracket and nest


@dataclass(frozen=True, slots=True)
class Alternative:
    """One wording on the table; `words` None is a proposal to delete."""

    key: str
    words: str | None
    labels: tuple[str, ...]  # the parties that accept it; its author where nobody does


@dataclass(frozen=True, slots=True)
class Plain:
    """Words that all alternatives share."""

    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One bracket: who accepts it, and the words in it."""

    labels: tuple[str, ...]
    keys: tuple[str, ...]
    nodes: tuple["Node", ...]
    deletion: bool = False


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A place where the alternatives differ."""

    options: tuple[Option, ...]


Node = Plain | OpenPoint
_Wording = tuple[tuple[str, ...], tuple[Alternative, ...]]  # tokens, and whose they are


def brackets(alternatives: Sequence[Alternative]) -> tuple[Node, ...]:
    """The one text in which all alternatives can be read."""
    kept = [one for one in alternatives if one.words is not None]
    deleting = [one for one in alternatives if one.words is None]
    grouped: dict[tuple[str, ...], list[Alternative]] = {}
    for one in kept:
        grouped.setdefault(tuple(tokens(one.words or "")), []).append(one)
    wordings: list[_Wording] = [(words, tuple(whose)) for words, whose in grouped.items()]
    nodes = _merge(wordings)
    if not deleting:
        return nodes
    delete = _option((tuple(deleting),), (), deletion=True)
    return (
        (OpenPoint((_option(tuple(whose for _words, whose in wordings), nodes), delete)),)
        if kept
        else (OpenPoint((delete,)),)
    )


def project(nodes: Sequence[Node], key: str) -> str:
    """The words of one alternative, read out of the brackets."""
    text = ""
    for node in nodes:
        if isinstance(node, Plain):
            text += node.text
        else:
            text += "".join(project(option.nodes, key) for option in node.options if key in option.keys)
    return text


def open_points(nodes: Sequence[Node]) -> int:
    """How many open points there are, nested ones counted."""
    return sum(1 for _ in _points(nodes))


def bracket_count(nodes: Sequence[Node]) -> int:
    """How many brackets a reader sees."""
    return sum(1 for point in _points(nodes) for option in point.options if shown(option))


def shown(option: Option) -> bool:
    """Say whether a bracket is printed: an alternative that lacks the words prints none."""
    return option.deletion or bool(option.nodes)


def as_text(nodes: Sequence[Node]) -> str:
    """
    The bracketed text as it is printed: `[BY: shall] [RU: should]`.

    A space or an end of paragraph at the edge of brackets stands outside; alone in one it shows as ¶.
    """
    text = ""
    for node in nodes:
        if isinstance(node, Plain):
            text += node.text
            continue
        options = [option for option in node.options if shown(option)]
        inside = [as_text(option.nodes) for option in options]
        lead = " " if any(words.startswith(" ") for words in inside) else ""
        whole = "\n" not in inside
        before = "\n" if whole and all(words.startswith("\n") for words in inside) else ""
        after = "\n" if whole and all(words.endswith("\n") for words in inside) else ""
        bare = [
            "¶" if words == "\n" else words.removeprefix(before).removesuffix(after).strip(" ")
            for words in inside
        ]
        printed = [
            f"[{', '.join(option.labels)}: {'–' if option.deletion else words}]"
            for option, words in zip(options, bare, strict=True)
        ]
        text += lead + before + " ".join(printed) + after
    return text


def _points(nodes: Sequence[Node]) -> Iterator[OpenPoint]:
    for node in nodes:
        if isinstance(node, OpenPoint):
            yield node
            for option in node.options:
                yield from _points(option.nodes)


def _option(
    whose: Sequence[Sequence[Alternative]], nodes: tuple[Node, ...], *, deletion: bool = False
) -> Option:
    every = [one for group in whose for one in group]
    labels = {label for one in every for label in one.labels}
    return Option(tuple(sorted(labels)), tuple(one.key for one in every), nodes, deletion)


def _merge(wordings: Sequence[_Wording]) -> tuple[Node, ...]:
    """Plain where all wordings agree, an open point where they differ."""
    if not wordings:
        return ()
    base = wordings[0][0]
    if len(wordings) == 1:
        return (Plain("".join(base)),) if base else ()
    nodes: list[Node] = []
    starts: tuple[int, ...] = (0,) * len(wordings)
    ends = tuple(len(words) for words, _whose in wordings)
    for stops, length in [*_shared(wordings, ends), (ends, 0)]:
        if stops != starts:
            parts = [words[i:j] for (words, _whose), i, j in zip(wordings, starts, stops, strict=True)]
            nodes.append(_open_point(parts, wordings))
        if length:
            nodes.append(Plain("".join(base[stops[0] : stops[0] + length])))
        starts = tuple(stop + length for stop in stops)
    return tuple(nodes)


def _shared(wordings: Sequence[_Wording], ends: tuple[int, ...]) -> Runs:
    """The runs of words that all wordings share, without crumbs."""
    base = wordings[0][0]
    if len(wordings) == 2:
        return matches(base, wordings[1][0])
    found = [
        {i + step: j + step for (i, j), length in matches(base, words) for step in range(length)}
        for words, _whose in wordings[1:]
    ]
    places = [
        (i, *(there[i] for there in found)) for i in sorted(found[0]) if all(i in there for there in found)
    ]
    return without_crumbs(base, runs_of(places), ends)


def _open_point(parts: Sequence[tuple[str, ...]], wordings: Sequence[_Wording]) -> OpenPoint:
    """The brackets of one gap; wordings that are alike share one and nest in it."""
    grouped: dict[tuple[str, ...], tuple[Alternative, ...]] = {}
    for part, (_words, whose) in zip(parts, wordings, strict=True):
        grouped[part] = grouped.get(part, ()) + whose
    distinct: list[_Wording] = list(grouped.items())
    clusters: list[list[_Wording]] = []
    for one in distinct:
        home = next((c for c in clusters if len(distinct) > 2 and _alike(c[0][0], one[0])), None)
        if home is None:
            clusters.append([one])
        else:
            home.append(one)
    if len(clusters) == 1 and len(distinct) > 1:
        clusters = [[one] for one in distinct]
    return OpenPoint(
        tuple(_option([whose for _words, whose in cluster], _merge(cluster)) for cluster in clusters)
    )


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    needed = LIKE * max(len(one), len(other))
    if min(len(one), len(other)) < needed or set(one).isdisjoint(other):
        return False
    return sum(length for _places, length in matches(one, other)) >= needed
