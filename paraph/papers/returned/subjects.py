"""What did a party make of one provision, or of one cell of a measure?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from paraph.acts import proposal_id
from paraph.papers.documents import Paragraph
from paraph.papers.labels import label as fixed
from paraph.papers.measures import plain
from paraph.papers.returned.basis import Basis
from paraph.papers.returned.contents import act_of, content_of
from paraph.papers.returned.found import Candidate, Kind, Known, Wording, whole_of
from paraph.papers.returned.heads import TONGUES, Head
from paraph.papers.returned.languages import PENDING, key_of, lacking
from paraph.papers.returned.lines import BY_LINES, line_of, parts_of, readings
from paraph.papers.returned.words import (
    bare,
    beside_agreed,
    holds_bracket,
    parted,
    restored,
    text_of,
    touched,
    variants,
    whose_label,
)
from paraph.sentences import Sentence, _
from paraph.state import agreement, concordance
from paraph.state.composed import REFERENCE
from paraph.text.canonical import looks_alike, mended


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in a file on one subject."""

    text: str = ""
    meant: Mapping[str, str] = field(default_factory=dict)  # party -> its words, where no brackets say that


def said_of(basis: Basis, one: Known, said: Sequence[tuple[Head, Paragraph]]) -> Said:
    """What stands on a subject; in an exchanged file, what each wording of a cell says."""
    language = basis.given.language
    if one.cell not in BY_LINES:
        return Said(_without_number(one, [paragraph for _head, paragraph in said]))
    parts = parts_of(said)
    sources = [source for w in one.wordings if (source := plain(basis.now, w.proposal).get("source"))]
    text = line_of(one.cell, language, parts, sources)
    if basis.exchanged and one.wordings:
        agreed = agreement.standing(basis.then, one.about).agreed
        return Said(text, readings(one.cell, language, parts, sources, bool(agreed)))
    return Said(text)


def put_forward(basis: Basis, party: str, one: Known, said: Said, before_said: Said, whose: str = "") -> None:
    """What a party made of one provision or cell; in a table of positions, in whose column."""
    text, sent = said.text, before_said.text
    if text == sent:
        basis.found.unchanged += bool(text)
        return
    column = whose.removeprefix("party ") if whose.startswith("party ") else ""
    mine_first = sorted(one.wordings, key=lambda w: (column not in w.parties, party not in w.parties))
    base = next((w for w in mine_first if {column, party} & {*w.parties}), next(iter(one.wordings), None))
    if not text:
        if base is not None:
            basis.trouble(one, Sentence(_("The words are gone; a provision is deleted in the outline.")))
        return
    if one.section:
        _candidate(basis, party, one, base, text.rstrip("."), "")
        return
    if (column or whose == "compromise") and base is not None and base.heading:  # the table has words alone
        text, sent = (f"{base.heading}. {words}" if words else "" for words in (text, sent))
    text, sent = (_without_place(words, base) for words in (text, sent))
    if basis.exchanged and one.wordings and not said.meant:
        text, sent = beside_agreed(text, sent, one.wordings[0].whole)
    wanted: list[tuple[str, str]] = []  # whose label, words
    meant = said.meant or variants(text)
    known = {bare(wording.whole): wording for wording in one.wordings}
    former = before_said.meant or (variants(sent) if sent else {})
    before = {bare(words) for words in former.values()}
    for label, words in meant.items():
        if bare(words) and bare(words) not in known and bare(words) not in before:
            wanted.append((label, words))
    mine = meant.get(party, "")
    if not wanted:
        _as_known(basis, party, one, [known[bare(w)] for w in meant.values() if bare(w) in known])
        return
    if bare(mine):  # other words outside of brackets change what each party's say
        whose_too = {party, *touched(text, sent)}
        wanted = [(label, words) for label, words in wanted if whose_label(label) in whose_too] or wanted
    seen: set[str] = set()
    for label, words in wanted:
        if bare(words) in seen:
            continue
        seen.add(bare(words))
        whose = whose_label(label)
        near = known.get(bare(former.get(label, ""))) or next(
            (w for w in one.wordings if whose in w.parties), base
        )
        heading, rest = parted(words, near)
        notes = []
        if column and column != party:
            notes.append(Sentence(_("The words stood in the column of %(party)s."), {"party": column}))
        if whose not in (party, ""):
            notes.append(Sentence(_("The words stood in the brackets of %(party)s."), {"party": whose}))
        _candidate(basis, party, one, near, heading, rest, notes)


def _as_known(basis: Basis, party: str, one: Known, found: Sequence[Wording]) -> None:
    """The words are on the table already; if they are another party's, that is worth knowing."""
    basis.found.unchanged += 1
    if len(found) != 1 or len(one.wordings) < 2 or party in found[0].parties:
        return
    if basis.given.origin is not None and basis.given.origin.kind == "comparison":
        return  # its first words are on the paper whoever's they are
    whose = ", ".join(found[0].parties)
    said = _("%(party)s takes the words of %(other)s here. To accept is for its own delegate, on the page.")
    basis.trouble(one, Sentence(said, {"party": party, "other": whose}), found[0].whole)


def _without_number(one: Known, paragraphs: Sequence[Paragraph]) -> str:
    """The words of a subject, where its number stands before them as a word: no field and no dot tells it."""
    text, number = text_of(paragraphs), f"{one.number or '+'} "
    own = paragraphs[0].number or any(wording.whole.startswith(number) for wording in one.wordings)
    return text if own else text.removeprefix(number)


def _without_place(text: str, base: Wording | None) -> str:
    """Words without the mark that a party wants them in, or out."""
    new = "|".join(re.escape(fixed(tongue, "inserted")) for tongue in TONGUES)
    heading = f"{re.escape(base.heading)}\\. " if base and base.heading else ""
    return re.sub(rf"^({heading})?(?:\[[A-Z*, ]+: (?:–|{new})\] )+", r"\1", text)


def _candidate(
    basis: Basis, party: str, one: Known, base: Wording | None, heading: str, words: str,
    notes: Sequence[Sentence] = (), *, corrected: bool = False,
) -> None:  # fmt: skip
    """Put forward new words of a subject, or say why that cannot be, and what they would be corrected."""
    if base is not None and (bare(heading), bare(words)) == (bare(base.heading), bare(base.words)):
        basis.found.unchanged += 1
        return
    language = basis.given.language
    whole = whole_of(heading, words)
    former = plain(basis.now, base.proposal) if base is not None and one.cell else {}
    made = content_of(basis, one, one.cell, restored(words, base), heading=heading, former=former)
    if made is None:
        title, text = heading and mended(heading), words and mended(words)
        if not corrected and title is not None and text is not None and (title, text) != (heading, words):
            right = Sentence(_("Letters of the other alphabet are corrected here."))
            _candidate(basis, party, one, base, title, text, [*notes, right], corrected=True)
        return
    content = made.fields
    if one.cell and base is not None and proposal_id(one.about, content) == base.proposal:
        basis.found.unchanged += 1  # the same in other words: a date as digits
        return
    act = act_of(basis, party, one.about, content, base)
    if act is None:
        basis.trouble(one, Sentence(_(
            "The file is in a working language: what %(party)s changed there has no authentic words. "
            "Ask for the text in an authentic language."), {"party": party}), whole)  # fmt: skip
        return
    before = base.whole if base else ""
    sentences = [*notes, *made.notes]
    stale = basis.stale(one.about)
    if stale:
        sentences.append(Sentence(_("Other words came since the file was written.")))
    lacks = lacking(basis.now, content)
    if lacks and basis.authentic:
        sentences.append(Sentence(PENDING))
    kind: Kind = "words" if basis.authentic or not act.translations else "translation"
    if base is not None and not one.cell:
        sentences += _discord(basis, base, content["words"].get(language, ""))
    if holds_bracket(whole):
        sentences.append(Sentence(_("Square brackets would stand in these words as signs.")))
    name = proposal_id(act.subject, act.content)
    if kind == "words" and name in basis.now.on.get(one.about, ()):
        live = name in agreement.live(basis.now, one.about)
        if live and party in agreement.speakers(basis.now, name):
            basis.found.unchanged += 1
            return
        if not live:
            sentences.append(Sentence(_("These words were on the table before, and were withdrawn.")))
    basis.found.candidates.append(
        Candidate(
            key_of(party, one.about, whole), party, kind, one.about, one.number, before, whole, (act,),
            tuple(sentences), looks_alike(before, whole), not (stale or corrected or holds_bracket(whole)),
        )
    )  # fmt: skip


def _discord(basis: Basis, base: Wording, words: str) -> list[Sentence]:
    """What the new words and the other languages of the former ones do not have in common."""
    texts = concordance.words_of(basis.now, base.proposal)
    before = concordance.discord_of(basis.now, texts)
    after = concordance.discord_of(basis.now, texts | {basis.given.language: REFERENCE.sub("", words)})
    return [one for one in after if one not in before]
