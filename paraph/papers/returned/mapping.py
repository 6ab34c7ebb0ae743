"""Which provision, or which cell of a measure, does each paragraph of a file stand for?"""

from collections.abc import Collection, Mapping, Sequence

from paraph.papers.documents import Document, Paragraph
from paraph.papers.returned.basis import Basis, item_of, nobody
from paraph.papers.returned.found import NEW, NOT, By, Known, Mapped
from paraph.papers.returned.fresh import opens
from paraph.papers.returned.rows import Tables, read_tables
from paraph.papers.returned.words import bare
from paraph.papers.settled import settled
from paraph.sentences import Sentence, _
from paraph.text.alignment import align

_PLAN = 4  # a file with measures and less than a fourth of the provisions is a plan; what is alike is chance
_MISSING = 5  # provisions that a draft leaves out, and more, are named in one sentence if most are
Targets = dict[int, tuple[str, By]]  # place -> what stands there, and by what that is known


def mapped(basis: Basis) -> tuple[Tables, set[str]]:
    """
    Map every paragraph; what was in the file before anybody tracked a change comes first.

    Returns:
        What is known of the tables; the items that a party which leaves them out wants deleted.
    """
    document, given, keys = basis.given.document, basis.given, basis.keys
    tables = read_tables(basis, document)
    before = settled(document, lambda _change: False)
    found = _by_keys(basis, before)
    found |= {at: (cell.about, cell.by) for at, cell in tables.cells.items()}
    own = given.origin is not None or any(by == "key" for _target, by in found.values())
    if not own or any(whole.words and not whole.place for whole in document.paragraphs):
        found |= _by_words(basis, before, found, own)
    found |= _moved(document.paragraphs, found)
    asked = {basis.known[target].item for target, _by in found.values() if target in basis.known}
    if given.sent is not None:
        asked = {item_of(keys[one.key]) for one in given.sent.paragraphs if one.key in keys}
    if given.origin is not None and given.origin.kind == "columns":
        asked = set()  # a row that is left out says nothing of the outline
    _between(basis, found, own)
    if not own:
        _in_articles(basis, found)
    for at, target in given.chosen.items():
        if 0 <= at < len(document.paragraphs) and (target in basis.known or target in (NEW, NOT)):
            found[at] = target, "person"
    for at, whole in enumerate(document.paragraphs):
        here = whole.words in basis.ours or at in tables.besides
        target, by = found.get(at, (NOT, "sent" if here else "order"))
        basis.found.mapped.append(Mapped(at, whole, target, by))
    return tables, asked


def _by_keys(basis: Basis, before: Document) -> Targets:
    """Paragraphs outside of tables that carry an id of ours."""
    paragraphs, keys = basis.given.document.paragraphs, basis.keys
    found: Targets = {}
    for one in before.paragraphs:
        if one.key in keys and not one.place:
            found |= dict.fromkeys(_standing(paragraphs, one), (keys[one.key], "key"))
    for at, whole in enumerate(paragraphs):
        if whole.key in keys and not whole.place:
            found.setdefault(at, (keys[whole.key], "key"))
    return found


def _by_words(basis: Basis, before: Document, keyed: Mapping[int, tuple[str, By]], own: bool) -> Targets:
    """Paragraphs without an id: equal words first, then what is most alike."""
    paragraphs = basis.given.document.paragraphs
    body = [one for one in before.paragraphs if not one.place and one.words and one.words not in basis.ours]
    known = [one for one in basis.known.values() if not one.cell and one.wordings]
    left = _as_left(basis)
    first = {one.about: left.get(one.about) or one.wordings[0].whole for one in known}
    said = {bare(wording.whole): one.about for one in known for wording in one.wordings}
    # Another wording of a provision stands for its first one.
    texts = [first.get(said.get(bare(one.words), ""), one.words) for one in body]
    places = {one.about: i for i, one in enumerate(known)}
    pairs: dict[int, int] = {}
    for j, paragraph in enumerate(body):
        about = next((keyed[at][0] for at in paragraph.made_of if at in keyed), "")
        if about in places:
            pairs.setdefault(places[about], j)
    taken = {about for about, _by in keyed.values()}
    found: Targets = {}
    for step in align(list(first.values()), texts, pairs.items()):
        if step.kind in ("stays", "comes"):
            if own and known[step.old[0]].about in taken:
                continue
            for j in step.new:
                free = [at for at in _standing(paragraphs, body[j]) if at not in keyed]
                found |= dict.fromkeys(free, (known[step.old[0]].about, "words"))
            if own:
                continue
            for i in step.old[1:]:
                joined = _("This stands in one paragraph with %(number)s; part them, or correct the mapping.")
                basis.trouble(known[i], Sentence(joined, {"number": known[step.old[0]].number}))
    asked = {about for about, _by in found.values()}
    if keyed and not own and len(asked) * _PLAN < len(known):
        equal = {at for one in body if bare(one.words) in said for at in one.made_of}
        return {at: target for at, target in found.items() if at in equal}
    provisions = any(not one.cell for one in basis.known.values())
    if provisions and body and not (own or asked or keyed or basis.given.chosen):
        strange = _(
            "Nothing in the file is like this road map. Is it the right file? If so, map its paragraphs."
        )
        basis.trouble(nobody(Paragraph("")), Sentence(strange))
        return found
    if asked and not own:  # a file without provisions says nothing of any
        _name_missing(basis, [one for one in known if one.number], asked)
    return found


def _name_missing(basis: Basis, known: Sequence[Known], asked: Collection[str]) -> None:
    """Name what a draft leaves out: one by one, or in a sentence where it has a few provisions only."""
    missing = [one for one in known if one.about not in asked]
    if len(missing) > _MISSING and 2 * len(missing) > len(known):
        few = _("The file has %(few)s of %(all)s provisions; the others stay as they are.")
        counts = {"few": len(known) - len(missing), "all": len(known)}
        basis.trouble(nobody(Paragraph("")), Sentence(few, counts))
        return
    for one in missing:
        gone = _("The file does not have this. Where that is meant, delete it in the outline.")
        basis.trouble(one, Sentence(gone))


def _moved(paragraphs: Sequence[Paragraph], found: Mapping[int, tuple[str, By]]) -> Targets:
    """Paragraphs that came under tracked changes with all the words of one that left: they are that one."""
    left = {
        words: target
        for at, (target, _by) in found.items()
        if not paragraphs[at].place and (words := _tracked(paragraphs[at], ("moved away", "deleted")))
    }
    came = {
        at: _tracked(one, ("moved here", "inserted")) for at, one in enumerate(paragraphs) if not one.place
    }
    return {at: (left[words], "words") for at, words in came.items() if words in left and at not in found}


def _tracked(one: Paragraph, kinds: tuple[str, str]) -> str:
    """The letters of a paragraph that somebody moved, or of one that wholly came, or went; not its number."""
    moved, whole = kinds
    changes = {piece.change.kind if piece.change else "" for piece in one.pieces if piece.text.strip()}
    kind = moved if moved in changes else whole if changes == {whole} else None
    said = bare("".join(piece.text for piece in one.pieces if piece.change and piece.change.kind == kind))
    return said.removeprefix(bare(one.number))


def _standing(paragraphs: Sequence[Paragraph], before: Paragraph) -> Sequence[int]:
    """Of the places that made a paragraph before the changes, those that had a part in its words."""
    return [at for at in before.made_of if paragraphs[at].stood] or before.made_of[:1]


def _as_left(basis: Basis) -> dict[str, str]:
    """Subject -> its paragraph in the paper as it was sent."""
    if basis.left is None:
        return {}
    paragraphs = settled(basis.left, lambda _change: False).paragraphs
    return {basis.keys[one.key]: one.words for one in paragraphs if one.key in basis.keys and not one.place}


def _between(basis: Basis, found: Targets, own: bool) -> None:
    """What stands between provisions is a heading of the next, or new; around them it is no text."""
    paragraphs = basis.given.document.paragraphs
    body = [at for at in found if not paragraphs[at].place]
    first, last = (min(body), max(body)) if body else (0, 0)
    if own and basis.ours and body:
        last = len(paragraphs)
    elif not body and not own and not any(one.wordings and not one.cell for one in basis.known.values()):
        first, last = _text_of_its_own(basis)
    elif body and not own:
        last = _end_behind(paragraphs, last)
    following: Known | None = None
    fresh = False
    for at in reversed(range(len(paragraphs))):
        one = paragraphs[at]
        if at in found:
            following, fresh = basis.known.get(found[at][0]), False
        elif one.place or one.words in basis.ours:
            continue
        elif one.words and following is not None and _heads(one, following):
            found[at] = following.about, "words"
        elif first <= at < last and (one.words or (fresh and opens(one))):
            found[at], fresh = (NEW, "order"), True


def _end_behind(paragraphs: Sequence[Paragraph], last: int) -> int:
    """Where a text ends that goes on behind what is known of it: with articles, or with numbers."""
    end, begun = last, False
    for at, one in enumerate(paragraphs[last + 1 :], last + 1):
        titled = opens(paragraphs[at - 1]) and not paragraphs[at - 1].words
        if one.place:
            continue
        if one.kind in ("heading", "article") and not opens(one) and not titled:
            return end
        begun = begun or opens(one)
        if begun or one.number[:1].isdigit():
            end = at + 1
    return end


def _in_articles(basis: Basis, found: Targets) -> None:
    """All that an article holds belongs to the one provision that stands in it, where there is one alone."""
    paragraphs = basis.given.document.paragraphs
    spans: list[list[int]] = []
    begun = False
    for at, one in enumerate(paragraphs):
        known = basis.known.get(found.get(at, (NOT, "order"))[0])
        if opens(one):
            spans.append([])
            begun = True
        elif one.kind == "heading" and (known is None or known.section):
            begun = False
        if begun and not one.place:
            spans[-1].append(at)
    for span in spans:
        targets = {at: found[at][0] for at in span if at in found}
        about = list({target for target in targets.values() if target in basis.known})
        if len(about) == 1:
            found |= {at: (about[0], "words") for at, target in targets.items() if target == NEW}


def _text_of_its_own(basis: Basis) -> tuple[int, int]:
    """Where the text of a file begins and ends whose road map has none yet: all behind its title is new."""
    paragraphs = basis.given.document.paragraphs
    body = [at for at, one in enumerate(paragraphs) if not one.place and one.words]
    if not body:
        return 0, 0
    basis.trouble(nobody(Paragraph("")), Sentence(_(
        "The road map has no text yet: all that the file says is taken as new. Write – where a paragraph is"
        " no part of it.")))  # fmt: skip
    title = paragraphs[body[0]]
    titled = not title.number and (title.kind == "heading" or title.style == "Title")
    return body[0] + titled, body[-1] + 1


def _heads(one: Paragraph, following: Known) -> bool:
    """Whether a paragraph is the heading of the provision behind it, on a line of its own."""
    return any(wording.heading and bare(wording.heading) == bare(one.words) for wording in following.wordings)
