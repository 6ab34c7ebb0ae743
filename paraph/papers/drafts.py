"""How does a draft that a government approved stand as our own text does, so that only its words can differ?

A paper of ours says more than the text; another's draft gives a heading or a title a line of its own, where
our text has it before the words. An exchanged file names what each line belongs to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from paraph.acts import CELLS
from paraph.papers import roadmaps, states
from paraph.papers.documents import Document, Paragraph, cell_at, cell_of
from paraph.papers.labels import label
from paraph.papers.roadmaps import Wanted
from paraph.papers.sent import EXCHANGED, Origin, as_sent, origin
from paraph.state import cuts

_HEAD = 12  # paragraphs among which a draft says its title


def as_text(draft: Document, wanted: Wanted) -> Document:
    """
    A draft laid out as the clean text of a road map.

    Args:
        draft: as it was read, in the language of the text.
        wanted: the text with which it is to be compared.

    Raises:
        PaperRefused: there is no such road map, or it was not there when the draft was written.
    """
    where = origin(wanted.programme, draft)
    if where is None:
        return _laid(draft, wanted)
    then = Wanted(cuts.at(wanted.programme, where.cut), wanted.road_map, wanted.language)
    if where.kind == EXCHANGED:
        return _exchanged(draft, where, wanted, states.document(roadmaps.clean(then)))
    then = Wanted(then.programme, wanted.road_map, where.language)
    said = {one.words for one in as_sent(wanted.programme, wanted.road_map, where).paragraphs if not one.key}
    said -= {one.words for one in states.document(roadmaps.clean(then)).paragraphs}
    return replace(draft, paragraphs=tuple(one for one in draft.paragraphs if one.words not in said))


# ---------------------------------------------------------------- an exchanged file


def _exchanged(draft: Document, where: Origin, wanted: Wanted, text: Document) -> Document:
    """What stands as it left is said as our text said it then; what does not, as the file says it."""
    sent = as_sent(wanted.programme, wanted.road_map, where, wanted.language)
    left, came = _by_key(sent.paragraphs), _by_key(draft.paragraphs)
    ours = dict(_subjects(text))
    beside = [one for one in text.paragraphs if not one.key and cell_of(one.place) is None and not one.number]
    heads = [one for one in text.paragraphs if (cell_of(one.place) or (0, 0, 0))[1] == 1]
    known = {one.text for one in sent.paragraphs if not one.key}
    titled = next((one.text for one in sent.paragraphs if one.style == "title"), "")
    found: list[Paragraph] = []
    done: set[str] = set()
    row = 1
    for one in draft.paragraphs:
        if not one.key:
            if one.text == titled:
                found += [again for again in text.paragraphs if again.key == "title"]
            elif one.text not in known:
                found.append(one)
            continue
        if one.key in done:
            continue
        done.add(one.key)
        place = ""
        if cell_of(one.place):
            cell = one.key.rpartition("/")[2]
            column = CELLS.index(cell) + 2 if cell in CELLS else 1
            if column == 1:
                found += [*beside, *heads] if row == 1 else []
                row += 1
            place = cell_at(1, row, column)
        same = [line.text for line in came[one.key]] == [line.text for line in left.get(one.key, ())]
        lines = ours.get(one.key, ()) if same else [_joined(came[one.key])]
        found += [replace(line, place=place) for line in lines]
    return Document(tuple(found), (), draft.report)


def _by_key(paragraphs: Sequence[Paragraph]) -> Mapping[str, list[Paragraph]]:
    found: dict[str, list[Paragraph]] = {}
    for one in paragraphs:
        if one.key:
            found.setdefault(one.key, []).append(one)
    return found


def _subjects(text: Document) -> Iterator[tuple[str, list[Paragraph]]]:
    """The id of each provision and measure, of each cell of a measure, and what our text says there."""
    found: dict[str, list[Paragraph]] = {}
    rows: dict[int, str] = {}
    for one in text.paragraphs:
        cell = cell_of(one.place)
        if cell and one.key:
            rows[cell[1]] = one.key
        key = one.key
        if cell and not key and cell[1] in rows:
            key = f"{rows[cell[1]]}/{CELLS[cell[2] - 2]}"
        if key:
            found.setdefault(key, []).append(one)
    yield from found.items()


def _joined(lines: Sequence[Paragraph]) -> Paragraph:
    """The lines of one subject as one, its heading before its words."""
    first, *rest = lines
    if not rest:
        return first
    words = "\n".join(one.text for one in rest)
    mark = ". " if first.kind == "heading" else "\n"
    return replace(first, words=f"{first.words}{mark}{words}" if first.words else words, kind=rest[0].kind)


# ---------------------------------------------------------------- a draft of others


@dataclass(frozen=True, slots=True)
class _Shape:
    """How our text says what a draft may say in several paragraphs."""

    title: str
    bare: str  # the title without what kind of document it is, and its number
    headed: Mapping[str, int]  # a heading before words, or the first of several lines -> how many follow


def _laid(draft: Document, wanted: Wanted) -> Document:
    """A title and a heading that stand alone are joined to what our text has on the same line."""
    shape = _shape(wanted)
    found: list[Paragraph] = []
    waiting = 0  # lines that belong to the paragraph before
    lead = ". "
    for at, one in enumerate(draft.paragraphs):
        follows = waiting and found and not one.number and one.place == found[-1].place
        if follows and one.kind != "heading":
            found[-1] = replace(found[-1], words=f"{found[-1].words}{lead}{one.words}", kind="item")
            waiting, lead = waiting - 1, "\n"
            continue
        waiting = 0
        if at < _HEAD and not one.place and shape.title:
            if (
                one.text == shape.bare
                and found
                and f"{found[-1].text.rstrip('.')}. {shape.bare}" == shape.title
            ):
                found.pop()
            if one.text in (shape.bare, shape.title):
                found.append(replace(one, words=shape.title, number="", typed=False, kind="heading"))
                shape = _Shape("", "", shape.headed)
                continue
        found.append(one)
        said = one.words.removesuffix(".")
        if one.words in shape.headed:
            waiting, lead = shape.headed[one.words], "\n"
        elif f"{said}. " in shape.headed:
            found[-1] = replace(one, words=said)
            waiting, lead = shape.headed[f"{said}. "], ". "
    return replace(draft, paragraphs=tuple(found))


def _shape(wanted: Wanted) -> _Shape:
    text = roadmaps.Text(wanted)
    bare = text.title(wanted.language)
    headed: dict[str, int] = {}
    for item in text.map.provisions:
        if item.kind == "section":
            continue
        words = "".join(one.text for one in text.clean_words(item.standings[0].subject, wanted.language))
        lines, heading = words.count("\n"), text.heading(item, wanted.language)
        if heading:
            headed[f"{heading.removesuffix('.')}. "] = lines + 1
        elif lines:
            headed[words.partition("\n")[0]] = lines
    return _Shape(f"{label(wanted.language, 'road_map', text.map.number)}. {bare}", bare, headed)
