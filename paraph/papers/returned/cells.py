"""What do the words in a cell of bodies, or of an indicator, say as a content?

Papers write `BY: one body; another`, a line for each party, and `what is measured: target unit`; a source may
stand behind it, and a dash for a target that there is not: `what is measured: –; source`. What nobody touched
keeps what the line does not show: the names in other languages, the source.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from paraph.text.canonical import canonical

_PARTY = re.compile(r"(?:^|;\s*|\n)([A-Z]{2,8}):\s*")
_TARGET = re.compile(
    r"(?P<words>.+): (?P<target>[<>≤≥+–-]?\d[^:]*?|–)(?: (?P<unit>[^\d\s;][^:;]*))?"
    r"(?:; (?P<source>[^\d\s:;<>≤≥+–-][^:;]*))?",
    re.DOTALL,
)
NONE = "–"  # where an indicator has no target and something stands behind it
_END = re.compile(r"\s*(?:[;\n]|$)")
_COMMA = re.compile(r",\s|$")
Names = Mapping[str, str]  # language -> name


Known = Mapping[str, Mapping[str, Names]]  # party -> name in one language -> in all


def bodies_in(
    language: str, text: str, former: Mapping[str, Sequence[Names]], parties: Sequence[str], known: Known
) -> dict[str, list[dict[str, str]]]:
    """
    The bodies of each party.

    Args:
        language: of the text.
        text: what the cell says.
        former: party -> its bodies before.
        parties: those of the programme.
        known: the bodies that are agreed anywhere in the programme.

    Raises:
        ValueError: a name is not one party's alone and stands behind no code, or the code is nobody's.
        TextRefused: a name is not lawful.
    """
    names = {
        party: {
            **known.get(party, {}),
            **{one[language]: one for one in former.get(party, ()) if language in one},
        }
        for party in {*parties, *former}
    }
    first, *rest = _PARTY.split(text.strip())
    codes = rest[::2]
    if first and not rest:
        return _of_owners(first, names)
    if first or not codes or not set(codes) <= names.keys() or len(set(codes)) < len(codes):
        raise ValueError(text)
    return {
        party: [
            dict(names[party].get(name) or {language: canonical(name)}) for name in _names(said, names[party])
        ]
        for party, said in zip(codes, rest[1::2], strict=True)
    }


def _of_owners(text: str, names: Known) -> dict[str, list[dict[str, str]]]:
    """Bodies without the code of a party, each of which is known as one party's alone."""
    owners: dict[str, list[str]] = {}
    for party, mine in names.items():
        for name in mine:
            owners.setdefault(name, []).append(party)
    found: dict[str, list[dict[str, str]]] = {}
    for name in _names(text, owners):
        if len(owners.get(name, ())) != 1:
            raise ValueError(text)
        (party,) = owners[name]
        found.setdefault(party, []).append(dict(names[party][name]))
    return found


def _names(text: str, known: Mapping[str, object]) -> Iterator[str]:
    """The names of a list: a comma parts only such as are known, for it may stand in the name of a body."""
    longest = sorted(known, key=len, reverse=True)
    rest = text.strip(" ,;\n")
    while rest:
        name = _first(longest, rest, _END) or _END.split(rest, maxsplit=1)[0]
        yield from _listed(name.strip(" ,"), longest)
        rest = rest[len(name) :].lstrip(" ,;\n")


def _listed(text: str, known: Sequence[str]) -> list[str]:
    """A name, or those of a list that holds none but known ones, the longest of these first."""
    found, rest = [], text
    while rest:
        name = _first(known, rest, _COMMA)
        if not name:
            return [text]
        found.append(name)
        rest = rest[len(name) :].lstrip(" ,")
    return found


def _first(known: Sequence[str], text: str, end: "re.Pattern[str]") -> str:
    """The known name with which a text begins, up to such an end; "" where there is none."""
    return next((one for one in known if text.startswith(one) and end.match(text, len(one))), "")


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
            kept[part] = canonical((found[part] or "").removeprefix(NONE))
    return {
        **{part: said for part, said in kept.items() if said},
        "words": {language: canonical(found["words"])},
    }
