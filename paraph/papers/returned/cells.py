"""What do the words in a cell of bodies, or of an indicator, say as a content?

Papers write them in one line: `BY: one body, another; RU: a third` and `what is measured: target unit`. What
nobody touched keeps what the line does not show: the names in other languages, the source.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from paraph.text.canonical import canonical

_PARTY = re.compile(r"(?:^|;\s*|\n)([A-Z]{2,8}):\s*")
_TARGET = re.compile(
    r"(?P<words>.+): (?P<target>[<>≤≥+–-]?\d[^:]*?)(?: (?P<unit>[^\d\s;][^:;]*))?", re.DOTALL
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
    """The names of a list; one that is known may hold commas."""
    rest = text.strip(" ,;\n")
    while rest:
        name = next(
            (
                one
                for one in sorted(known, key=len, reverse=True)
                if re.match(re.escape(one) + r"\s*(,|$)", rest)
            ),
            re.split(r",\s*|\n", rest, maxsplit=1)[0],
        )
        yield name.strip()
        rest = rest[len(name) :].lstrip(" ,\n")


def indicator_in(language: str, text: str, former: Mapping[str, Any]) -> dict[str, Any]:
    """
    An indicator with its target and unit; its source stays.

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
    kept = {**kept, "target": canonical(found["target"]), "unit": canonical(found["unit"] or "")}
    return {
        **{part: said for part, said in kept.items() if said},
        "words": {language: canonical(found["words"])},
    }
