"""What does an Akoma Ntoso document of ours say in full?

Every subject with every wording on the table; their fingerprints are computed and not believed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from paraph.papers.akn.parsed import DEPTH, Tree, local, parsed
from paraph.papers.akn.roadmap import Event, Place, Point, RoadMapText, Wording
from paraph.papers.akn.writing import AKN, LANG, OURS
from paraph.papers.bounded_xml import too_deep
from paraph.papers.errors import PaperRefused
from paraph.sentences import _
from paraph.text.outline import check_outline


def read_road_map(path: Path) -> RoadMapText:
    """
    The road map in a document that Paraph wrote.

    Raises:
        PaperRefused: also where it is another document.
    """
    tree = parsed(path)
    own = own_part(tree)
    if own is None:
        raise PaperRefused("kind", _("The document holds no road map of Paraph."))
    return road_map_in(tree, own)


def own_part(tree: Tree) -> Tree | None:
    """What only we write; None in a document of others."""
    return tree.find(f"./{{*}}doc/{{*}}meta/{{*}}proprietary/{{{OURS}}}road-map")


def road_map_in(tree: Tree, own: Tree) -> RoadMapText:
    """The road map in a parsed document; `own` is its part of ours. PaperRefused where it is damaged."""
    try:
        return _Own(tree, own).text
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise PaperRefused("damaged", _("The file is damaged; ask for it again.")) from error


class _Own:
    """One pass over a document of ours: first what it names, then the words."""

    def __init__(self, tree: Tree, own: Tree) -> None:
        self.parts: dict[str, dict[str, dict[str, str]]] = {}  # wording -> part -> language -> words
        self.bodies: dict[str, dict[str, list[dict[str, str]]]] = {}
        self.single: dict[str, dict[str, str]] = {}  # wording -> date, target, unit, source
        self.reserves: dict[str, list[tuple[str, str]]] = {}
        authentic = tuple(_given(own, "authentic").split())
        for element in tree.iter(f"{{{AKN}}}*"):
            self._take(element)
        points = {}
        for about in own.iterchildren(f"{{{OURS}}}subject"):
            name = _given(about, "name")
            wordings = [
                self._wording(one, name, authentic) for one in about.iterchildren(f"{{{OURS}}}wording")
            ]
            agreed = [
                _given(one, "proposal")
                for one in about.iterchildren(f"{{{OURS}}}wording")
                if one.get("agreed")
            ]
            points[name] = Point(
                name,
                _given(about, "state"),
                "".join(agreed),
                tuple(wordings),
                tuple(self.reserves.get(name, ())),
            )
        heads = {
            _given(one, "log"): _whole(_given(one, "size")) for one in own.iterchildren(f"{{{OURS}}}head")
        }
        self.text = RoadMapText(
            _given(own, "id"),
            _given(own, "programme"),
            heads,
            _given(own, "date"),
            _given(own, "opened"),
            tuple(_given(own, "parties").split()),
            authentic,
            tuple(own.get("working", "").split()),
            _given(own, "stage"),
            own.get("text", ""),
            _outline(own),
            points,
            tuple(_event(one) for one in tree.iter(f"{{{OURS}}}event")),
        )

    def _take(self, element: Tree) -> None:
        """Collect what an element says of the wordings that it names."""
        role, refers = element.get("class", ""), element.get("refersTo", "").replace("#", "").split()
        if role in ("words", "heading", "title"):
            for name in refers:
                words = _projected(element, name)
                self.parts.setdefault(name, {}).setdefault(role, {})[_language(element)] = words
        elif role in ("deadline", "target") and refers:
            found = self.single.setdefault(refers[0], {})
            for one in element:
                if local(one) == "date" or one.get("name") in ("date", "target", "unit", "source"):
                    found[one.get("name", "date")] = _letters(one)
        elif role == "bodies" and refers:
            parent = element.getparent()
            party = (parent.get("class", "") if parent is not None else "").removeprefix("bodies ")
            self.bodies.setdefault(refers[0], {})[party] = [
                {_given(name, LANG): _letters(name) for name in body if name.get("name") == "name"}
                for body in element
                if local(body) == "organization"
            ]
        elif role == "reserve":
            party, kind = refers[0].removeprefix("party_"), refers[1].removeprefix("reserve_")
            self.reserves.setdefault(_given(element, f"{{{OURS}}}subject"), []).append((party, kind))

    def _wording(self, one: Tree, about: str, authentic: tuple[str, ...]) -> Wording:
        name = _given(one, "name")
        parts = self.parts.get(name, {})
        content: dict[str, Any] = {}
        for part in one.get("parts", "").split():
            content[part] = self._part(one, about, name, part, authentic)
        translations: dict[str, dict[str, str]] = {}
        for part, words in parts.items():
            for language, said in words.items():
                if language not in authentic:
                    translations.setdefault(language, {})[part] = said
        return Wording(
            _given(one, "proposal"),
            content,
            translations,
            tuple(one.get("authors", "").split()),
            tuple(one.get("supporters", "").split()),
        )

    def _part(self, one: Tree, about: str, name: str, part: str, authentic: tuple[str, ...]) -> Any:
        def listed(tag: str) -> list[str]:
            return [child.text or "" for child in one.iterchildren(f"{{{OURS}}}{tag}")]

        if part in ("words", "heading", "title"):
            said = self.parts.get(name, {}).get(part, {})
            return {language: said[language] for language in authentic if language in said}
        if part == "items":
            items = one.iterchildren(f"{{{OURS}}}item")
            return [[_whole(_given(item, "level")), _given(item, "id")] for item in items]
        if part in ("depends_on", "marks"):
            return listed(part)
        if part == "number":
            return _whole("".join(listed(part)))
        if part == "bodies" and about.startswith("card:"):
            return {
                _given(bodies, "party"): [
                    {_given(said, "language"): said.text or "" for said in body} for body in bodies
                ]
                for bodies in one.iterchildren(f"{{{OURS}}}bodies")
            }
        if part == "bodies":
            return self.bodies.get(name, {})
        if about.startswith("card:"):
            return "".join(listed(part))
        return self.single.get(name, {}).get(part, "")


def _outline(own: Tree) -> tuple[Place, ...]:
    """The places of the text; TextRefused where those that are agreed make no outline."""
    places = tuple(_place(one) for one in own.iterchildren(f"{{{OURS}}}place"))
    if agreed := [(place.level, place.id) for place in places if place.number]:
        check_outline(tuple(agreed))
    return places


def _place(one: Tree) -> Place:
    return Place(
        _given(one, "id"),
        _whole(_given(one, "level")),
        one.get("number", ""),
        one.get("first", ""),
        tuple(one.get("inserted", "").split()),
        tuple(one.get("deleted", "").split()),
    )


def _event(one: Tree) -> Event:
    parent = one.getparent()
    what = (parent.get("refersTo", "") if parent is not None else "").removeprefix("#")
    return Event(_given(one, "at"), what, _given(one, "about"), one.get("party", ""), one.get("text", ""))


def _given(element: Tree, name: str) -> str:
    """An attribute that has to be there; KeyError where it is not."""
    return str(element.attrib[name])


def _whole(text: str) -> int:
    """A number; ValueError where it is none, or larger than any that the record holds."""
    number = int(text)
    if abs(number) >= 1 << 53:
        raise ValueError(text)
    return number


def _language(element: Tree) -> str:
    """The language of an element, its own or that of what it stands in."""
    while element.get(LANG) is None and (parent := element.getparent()) is not None:
        element = parent
    return element.get(LANG, "")


def _projected(element: Tree, wording: str) -> str:
    """The words of one proposal, read out of the brackets."""
    return "".join(_projection(element, wording, 0))


def _projection(element: Tree, wording: str, depth: int) -> Iterator[str]:
    if depth > DEPTH:
        raise too_deep()
    yield element.text or ""
    for one in element:
        name = one.get("name", "")
        if local(one) == "eol":
            yield "\n"
        elif local(one) == "ref" and (key := one.get(f"{{{OURS}}}key")):
            yield f"{{ref:{key}}}"
        elif _is_another(one, name, wording):
            pass
        else:
            yield from _projection(one, wording, depth + 1)
        yield one.tail or ""


def _is_another(element: Tree, name: str, wording: str) -> bool:
    """Say whether an element is only there to be read, or belongs to other wordings."""
    if name == "bracket":
        return f"#{wording}" not in element.get("refersTo", "").split()
    return name == "label" or local(element) == "authorialNote"


def _letters(element: Tree) -> str:
    return "".join(_projection(element, "", 0))
