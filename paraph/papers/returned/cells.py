"""What do the words in a cell of bodies, or of an indicator, say as a content?

Papers write `BY: one body; another`, a line for each party, and `what is measured: target unit`. What nobody
touched keeps what the line does not show: the names in other languages, the source.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from paraph.text.canonical import canonical

_PARTY = re.compile(r"(?:^|;\s*|\n)([A-Z]{2,8}):\s*")
_TARGET = re.compile(
    r"(?P<words>.+): (?P<target>[<>≤≥+–-]?\d[^:]*?)(?: (?P<unit>[^\d\s;][^:;]*))?"
    r"(?:; (?P<source>[^\d\s:;<>≤≥+–-][^:;]*))?",
    re.DOTALL,
)
Names = Mapping[str, str]  # language -> name


def bodies_in(
    language: str, text: str, former: Mapping[str, Sequence[Names]], parties: Sequence[str]
) -> dict[str, list[dict[str, str]]]:
    """
    The bodies of each party.

    Args:
        language: of the text.
        text: what the cell says.
        former: party -> its bodies before.
        parties: those of the programme.

    Raises:
        ValueError: a name stands before the code of any party, or the code is nobody's.
        TextRefused: a name is not lawful.
    """
    first, *rest = _PARTY.split(text.strip())
    codes = rest[::2]
    if first or not codes or not set(codes) <= {*parties, *former} or len(set(codes)) < len(codes):
        raise ValueError(text)
    known = {party: {name[language]: dict(name) for name in former.get(party, ()) if language in name}
             for party in codes}  # fmt: skip
    return {
        party: [known[party].get(name) or {language: canonical(name)} for name in _names(said, known[party])]
        for party, said in zip(codes, rest[1::2], strict=True)
    }


def _names(text: str, known: Mapping[str, object]) -> Iterator[str]:
    """The names of a list: a comma parts only such as are known, for it may stand in the name of a body."""
    rest = text.strip(" ,;\n")
    while rest:
        name = next(
            (
                one
                for one in sorted(known, key=len, reverse=True)
                if re.match(re.escape(one) + r"\s*([;\n]|$)", rest)
            ),
            re.split(r"[;\n]", rest, maxsplit=1)[0],
        )
        yield from _listed(name.strip(" ,"), known)
        rest = rest[len(name) :].lstrip(" ,;\n")


def _listed(text: str, known: Mapping[str, object]) -> list[str]:
    """A name, or those of a list that holds none but known ones."""
    found, rest = [], text
    while rest:
        name = next(
            (
                one
                for one in sorted(known, key=len, reverse=True)
                if re.match(re.escape(one) + r"(, |$)", rest)
            ),
            "",
        )
        if not name:
            return [text]
        found.append(name)
        rest = rest[len(name) + 2 :]
    return found


def commas_in(bodies: Mapping[str, Sequence[Names]], former: Mapping[str, Sequence[Names]]) -> list[str]:
    """The names of bodies with a comma that were not known: each of them may be meant as several."""
    known = [name for names in former.values() for name in names]
    return [
        words
        for names in bodies.values()
        for name in names
        if name not in known
        for words in name.values()
        if "," in words
    ]


def indicator_in(language: str, text: str, former: Mapping[str, Any]) -> dict[str, Any]:
    """
    An indicator with its target and unit; its source stays where the line names no other.

    Raises:
        ValueError: it had a target, and has none that could be read.
        TextRefused: its words are not lawful.
    """
    kept = {part: former[part] for part in ("target", "unit", "source") if former.get(part)}
    shown = f"{kept.get('target', '')} {kept.get('unit', '')}".strip()
    if shown and text.endswith(f": {shown}"):
        return {**kept, "words": {language: canonical(text[: -len(shown) - 2])}}
    found = _TARGET.fullmatch(text.strip())
    if found is None:
        if shown:
            raise ValueError(text)
        return {**kept, "words": {language: canonical(text)}}
    for part in ("target", "unit", "source"):
        if found[part] or part != "source":
            kept[part] = canonical(found[part] or "")
    return {
        **{part: said for part, said in kept.items() if said},
        "words": {language: canonical(found["words"])},
    }
