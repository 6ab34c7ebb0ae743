"""What is on the table, as a reader of one language sees it?"""

from collections.abc import Iterator, Mapping

from paraph.acts import Bodies, Words
from paraph.papers.returned.cells import Known as KnownBodies
from paraph.papers.returned.found import Known, Wording
from paraph.papers.roadmaps import cell_words
from paraph.state import agreement, roadmaps
from paraph.state.composed import REFERENCE
from paraph.state.programme import Programme
from paraph.state.roadmaps import Item, RoadMap


def known(programme: Programme, road_map: str, language: str) -> Iterator[Known]:
    """The subjects of a road map with their wordings in one language, in reading order."""
    try:
        one = roadmaps.road_map(programme, road_map)
    except KeyError:
        return
    numbers = {item.id: item.number for item in one.items}
    for item in one.items:
        for standing in item.standings:
            names = list(dict.fromkeys([standing.agreed, *standing.live])) if standing.live else []
            wordings = [
                wording
                for name in names
                if name and (wording := _wording(programme, name, item, language, numbers)) is not None
            ]
            yield Known(standing.subject, item.id, item.number, item.kind == "section", tuple(wordings))


def _wording(
    programme: Programme, name: str, item: Item, language: str, numbers: Mapping[str, str]
) -> Wording | None:
    parties = tuple(roadmaps.supporters(programme, name))
    if not isinstance(programme.content(name), Words):
        return Wording(name, parties, "", cell_words(programme, name, language) or "")
    heading = agreement.in_languages(programme, name, "heading").get(language, "")
    if item.kind == "section":
        return Wording(name, parties, heading, "")
    given = agreement.in_languages(programme, name).get(language)
    if given is None:
        return None
    words, references = with_numbers(programme, given, programme.proposals[name].subject.road_map, numbers)
    return Wording(name, parties, heading, words, references)


def with_numbers(
    programme: Programme, words: str, here: str, numbers: Mapping[str, str]
) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Words with the numbers that papers print in the place of references, and where these stand."""
    found, spans, at = "", [], 0
    for reference in REFERENCE.finditer(words):
        room, _slash, key = reference[1].rpartition("/")
        other: RoadMap | None = None
        if room and room != here and f"card:{room}" in programme.on:
            other = roadmaps.road_map(programme, room)
            there = {item.id: item.number for item in other.items}
            number = f"{other.number}/{there.get(f'provision:{room}/{key}') or f'[{key}]'}"
        else:
            number = numbers.get(f"provision:{here}/{key}") or f"[{key}]"
        found += words[at : reference.start()]
        spans.append((len(found), len(found) + len(number), reference[0]))
        found, at = found + number, reference.end()
    return found + words[at:], tuple(spans)


def known_bodies(programme: Programme, language: str) -> KnownBodies:
    """Party -> the bodies that are agreed anywhere in the programme, by their name in one language."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for about in programme.on:
        agreed = agreement.standing(programme, about).agreed if about.endswith("/bodies") else ""
        content = programme.content(agreed) if agreed else None
        for party, bodies in content.bodies.items() if isinstance(content, Bodies) else ():
            found.setdefault(party, {}).update({one[language]: one for one in bodies if language in one})
    return found
