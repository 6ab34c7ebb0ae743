"""What does a file that came back propose, in whose name, and what of it is not understood?

Every paragraph is mapped to a provision or to a cell of a measure: by the permanent id that our papers carry,
else by its words. What a party made of a provision is read from the changes of its authors; words that
nobody marked are the sender's. Whatever cannot become a proposal is named.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from paraph.papers.comparison import Comparison, Row, compare
from paraph.papers.documents import Change, Document, Paragraph
from paraph.papers.redlines import in_two_languages
from paraph.papers.returned.basis import Basis, basis_of, nobody
from paraph.papers.returned.found import NEW, NOT, Returned, Upload
from paraph.papers.returned.fresh import continues, new_measure, new_provision, opens
from paraph.papers.returned.heads import Head
from paraph.papers.returned.languages import both
from paraph.papers.returned.mapping import mapped
from paraph.papers.returned.outline import outline
from paraph.papers.returned.rows import Cell, Tables, read_tables
from paraph.papers.returned.subjects import Said, put_forward, said_of
from paraph.papers.settled import settled
from paraph.papers.typed import typed_brackets
from paraph.state.programme import Programme

Taken = Callable[[Change], bool]
Group = tuple[str, str]  # the subject, and in whose column


def returned(now: Programme, then: Programme, road_map: str, me: str, given: Upload) -> Returned:
    """
    What the file proposes.

    Args:
        now: the programme as it stands.
        then: as it stood when the file was written from it; the same where that is not known.
        road_map: the id.
        me: the party that reads.
        given: the file.
    """
    found, tongues = _read(basis_of(now, then, road_map, me, given))
    others = dict.fromkeys(sorted(tongues), (given.document, given.sent)) | dict(given.beside)
    others.pop(given.language, None)
    for language, (document, sent) in others.items():
        if language in now.charter.languages:
            other = replace(given, document=document, sent=sent, language=language)
            theirs, _tongues = _read(basis_of(now, then, road_map, me, other))
            found = both(now, found, theirs, language)
    if found.foreign and given.origin is not None and given.language == given.origin.language:
        found.candidates = [replace(one, wanted=False) for one in found.candidates]
    return found


def _read(basis: Basis) -> tuple[Returned, set[str]]:
    """What the file says in one language, party by party; the languages that have columns of their own."""
    given, found = basis.given, basis.found
    tables, asked = mapped(basis)
    targets = {one.place: one.target for one in found.mapped}
    if given.sent is not None:
        against = unmarked(given.sent, given.document)
        found.unmarked, found.foreign = list(_differing(basis, against, targets)), in_two_languages(against)
    for party in dict.fromkeys([given.sender, *(one for one in given.authors.values() if one)]):
        _party(basis, party, tables, targets, asked)
    _brackets(basis, targets)
    return found, tables.tongues


def _brackets(basis: Basis, targets: Mapping[int, str]) -> None:
    """Name the brackets that are not understood; they may go over paragraphs of one provision only."""
    document = settled(basis.given.document, lambda _change: True)
    meant = [next((targets[at] for at in one.made_of), NOT) for one in document.paragraphs]
    apart = tuple(
        structs.replace(one, place=f"{one.place} {at if target == NEW else target}")
        for at, (one, target) in enumerate(zip(document.paragraphs, meant, strict=True))
    )
    for trouble in typed_brackets(Document(apart)).troubles:
        at = trouble.paragraph
        basis.trouble(basis.known.get(meant[at]) or nobody(document.paragraphs[at]), trouble.sentence)


@dataclass(slots=True)
class _Stands:
    """What stands in the file with some of its changes."""

    groups: dict[Group, list[tuple[Head, Paragraph]]] = field(default_factory=dict)
    fresh: list[tuple[str, list[Paragraph]]] = field(default_factory=list)
    # behind which provision; an article with all that it holds
    rows: dict[tuple[int, int], list[tuple[Head, Paragraph]]] = field(default_factory=dict)  # of new measures
    behind: dict[tuple[int, int], str] = field(default_factory=dict)  # which measure each of them stands
    came: dict[str, None] = field(default_factory=dict)  # the provisions in their order

    def items(self, basis: Basis) -> set[str]:
        """The items of the outline of which something is said."""
        return {basis.known[about].item for about, _whose in self.groups}


def _stands(basis: Basis, tables: Tables, targets: Mapping[int, str], taken: Taken) -> _Stands:
    """What stands in the file with these changes, and no others."""
    found = _Stands()
    before = measure_before = ""
    begun = False  # an article that is new
    for one in settled(basis.given.document, taken).paragraphs:
        places = one.made_of
        cell = next((tables.cells[at] for at in places if at in tables.cells), Cell())
        if cell.head.language not in ("", basis.given.language):
            continue
        meant = [targets[at] for at in places]
        target = next((t for t in meant if t not in (NEW, NOT)), meant[-1] if meant else NOT)
        if target == NEW and cell.row[0] and cell.head.cell:
            found.rows.setdefault(cell.row, []).append((cell.head, one))
            found.behind.setdefault(cell.row, measure_before)
        elif target == NEW:
            begun = begun and continues(found.fresh[-1][1], one)
            if begun:
                found.fresh[-1][1].append(one)
            else:
                found.fresh.append((before, [one]))
                begun = opens(one)
        elif target in basis.known:
            begun = False
            found.groups.setdefault((target, cell.head.whose), []).append((cell.head, one))
            if basis.known[target].cell:
                measure_before = basis.known[target].item
            elif target not in found.came and cell.head.whose in ("", f"language {basis.given.language}"):
                found.came[target] = None
                before = target
    return found


def _party(basis: Basis, party: str, tables: Tables, targets: Mapping[int, str], asked: set[str]) -> None:
    """
    What the file says with the changes of one party's authors, and nobody else's.

    What nobody marked is the sender's, so what another party made of the file begins from there.
    """
    given, authors = basis.given, basis.given.authors

    def taken(change: Change) -> bool:
        return (authors.get(change.author, "") or "") == party

    found, untouched = _stands(basis, tables, targets, taken), _Stands()
    if party != given.sender:
        untouched = _stands(basis, tables, targets, lambda _change: False)
        asked = asked & untouched.items(basis)
    sent = dict(_sent(basis, taken))
    for (about, whose), paragraphs in found.groups.items():
        if _texts(paragraphs) == _texts(untouched.groups.get((about, whose), ())):
            continue
        subject = basis.known[about]
        was = sent.get((about, whose), Said())
        put_forward(basis, party, subject, said_of(basis, subject, paragraphs), was, whose)
    gone = asked - found.items(basis)
    there = [_places(said) for _behind, said in untouched.fresh]
    fresh = [(behind, said) for behind, said in found.fresh if _places(said) not in there]
    rows = {
        row: cells
        for row, cells in found.rows.items()
        if _texts(cells) != _texts(untouched.rows.get(row, ()))
    }
    new = [made for behind, said in fresh if (made := new_provision(basis, party, behind, said))]
    new += [
        made for row, cells in rows.items() if (made := new_measure(basis, party, found.behind[row], cells))
    ]
    if new or gone or list(found.came) != list(untouched.came):
        outline(basis, party, list(found.came), gone, new)


def _texts(said: Sequence[tuple[Head, Paragraph]]) -> list[tuple[Head, str]]:
    return [(head, one.text) for head, one in said]


def _places(said: Sequence[Paragraph]) -> list[tuple[tuple[int, ...], str]]:
    return [(one.made_of, one.text) for one in said]


def _sent(basis: Basis, taken: Taken) -> Iterator[tuple[tuple[str, str], Said]]:
    """What stood where in the paper as it was sent, with the changes of the same party."""
    if basis.left is None:
        return
    document = settled(basis.left, taken)
    cells = read_tables(basis, document).cells
    groups: dict[tuple[str, str], list[tuple[Head, Paragraph]]] = {}
    for at, one in enumerate(document.paragraphs):
        cell = cells.get(at) or Cell("" if one.place else basis.keys.get(one.key, ""))
        if cell.about in basis.known:
            groups.setdefault((cell.about, cell.head.whose), []).append((cell.head, one))
    for (about, whose), said in groups.items():
        yield (about, whose), said_of(basis, basis.known[about], said)


def unmarked(sent: Document, came: Document) -> Comparison:
    """The file against what was sent, once every tracked change is rejected: what differs nobody marked."""
    old, new = (settled(one, lambda _change: False) for one in (sent, came))
    return compare(old, new)


def _differing(basis: Basis, found: Comparison, targets: Mapping[int, str]) -> Iterator[Row]:
    """What differs, by number; what moved stands where it came to; a number that became words is the same."""
    for row in found.rows:
        before = [found.old.paragraphs[i] for i in row.step.old]
        after = [found.new.paragraphs[j] for j in row.step.new]
        texts = [[one.text for one in paragraphs] for paragraphs in (before, after)]
        if not (row.changed or row.step.kind in ("inserted", "deleted", "comes")) or texts[0] == texts[1]:
            continue
        meant = [basis.known.get(targets.get(at, "")) for one in after for at in one.made_of]
        number = next((one.number for one in meant if one is not None), "")
        yield row if any(row.numbers) else structs.replace(row, numbers=("", number))
