"""Which text of a road map can be initialled, or what is missing for it?

The composed text is the agreed outline with the agreed words of all that it names, in every
authentic language, each inner reference leading to a provision of the outline. H is the Merkle root
of its lines.
"""

import re
from dataclasses import dataclass

from paraph.acts import CELLS, Card, Words
from paraph.record.canonical import encode
from paraph.sentences import Sentence, _
from paraph.state import agreement
from paraph.state.closing import root_of
from paraph.state.programme import Programme
from paraph.text.fingerprints import fingerprint
from paraph.text.outline import numbers

REFERENCE = re.compile(r"\{ref:([a-z0-9-]+(?:/[a-z0-9-]+)?)\}")


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a text from being complete, and on which subject."""

    subject: str
    state: str  # a state of the subject, or "reference", "concordance"
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Composed:
    """A complete text: its lines and their root H; or what is missing."""

    text: str  # H, hex, or ""
    lines: tuple[str, ...]
    missing: tuple[Missing, ...]


def subjects_of(item: str) -> list[str]:
    """The subjects of an outline item: a provision is one, a measure has one for each cell."""
    return [f"{item}/{cell}" for cell in CELLS] if item.startswith("measure:") else [item]


def composed(programme: Programme, road_map: str) -> Composed:
    """The composed text of a road map; kept until an entry touches it."""
    about = f"road_map:{road_map}"
    return programme.view("composed", about, lambda: _composed(programme, road_map))


def composed_object(programme: Programme, about: str) -> Composed:
    """What can be initialled on an object: a road map's text, a charter, a decision."""
    if about.startswith("road_map:"):
        return composed(programme, about.removeprefix("road_map:"))
    settled = agreement.agreed(programme, about)
    if not settled:
        return Composed("", (), (_missing(programme, about, _("it is not agreed")),))
    lines = (f"{about} {settled}",)
    return Composed(root_of(list(lines)), lines, ())


def part_of_line(programme: Programme, proposal: str) -> str:
    """What stands for the content of a proposal in the line of a text."""
    about, content = programme.proposals[proposal].subject, programme.content(proposal)
    if about.cell:
        return f"{about.cell}={fingerprint(encode(_plain(programme, proposal)))}"
    if isinstance(content, Card):
        return _languages(programme, content.title)
    return _words(programme, content) if isinstance(content, Words) else proposal


def _composed(programme: Programme, road_map: str) -> Composed:
    missing: list[Missing] = []
    lines: list[str] = []
    card = agreement.agreed(programme, f"card:{road_map}")
    if card:
        content = programme.content(card)
        assert isinstance(content, Card)
        lines.append(f"title {_languages(programme, content.title)}")
    else:
        missing.append(_missing(programme, f"card:{road_map}", _("the title is not agreed")))
    outline = agreement.agreed(programme, f"outline:{road_map}")
    if not outline:
        missing.append(_missing(programme, f"outline:{road_map}", _("the outline is not agreed")))
        return Composed("", (), tuple(missing))
    items = tuple((level, item) for level, item in programme.outline_items(outline))
    listed = {item for _level, item in items}
    numbered = numbers(items)
    for _level, item in items:
        line = _line(programme, item, numbered[item], listed, missing)
        if line:
            lines.append(line)
    if missing:
        return Composed("", (), tuple(missing))
    return Composed(root_of(lines), tuple(lines), ())


def _line(programme: Programme, item: str, number: str, listed: set[str], missing: list[Missing]) -> str:
    """The line of one item; what it lacks goes to `missing`."""
    parts: list[str] = []
    for about in subjects_of(item):
        found = agreement.standing(programme, about)
        if not found.agreed:
            missing.append(_missing(programme, about, _("%(number)s is not agreed"), number=number))
            continue
        content = programme.content(found.agreed)
        if isinstance(content, Words):
            for words in content.words.values():
                for reference in REFERENCE.findall(words):
                    if "/" not in reference and _target(item, reference) not in listed:
                        missing.append(
                            Missing(
                                about,
                                "reference",
                                Sentence(
                                    _("%(number)s refers to %(reference)s, which is not in the text"),
                                    {"number": number, "reference": reference},
                                ),
                            )
                        )
        if item.startswith("measure:") or isinstance(content, Words):
            parts.append(part_of_line(programme, found.agreed))
    return f"{item} {number} {' '.join(parts)}"


def _words(programme: Programme, content: Words) -> str:
    return " ".join(
        f"{language}="
        + fingerprint(encode([content.heading.get(language, ""), content.words.get(language, "")]))
        for language in programme.authentic
    )


def _languages(programme: Programme, part: dict[str, str]) -> str:
    return " ".join(
        f"{language}={fingerprint(part.get(language, '').encode())}" for language in programme.authentic
    )


def _plain(programme: Programme, proposal: str) -> list[str]:
    return [programme.proposals[proposal].subject.name, proposal]


def _target(item: str, reference: str) -> str:
    """The provision of the same road map that a short reference means."""
    road_map = item.split(":", 1)[1].split("/", 1)[0]
    return f"provision:{road_map}/{reference}"


def _missing(programme: Programme, about: str, template: str, **params: str) -> Missing:
    return Missing(about, agreement.standing(programme, about).state, Sentence(template, dict(params)))
