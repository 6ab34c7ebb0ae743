"""Do the languages of a text say the same: figures, agreed terms, and who translated it?

A term is agreed like any other words, on a subject `term:<id>`; so the glossary follows from the record.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paraph.acts import Paper
from paraph.sentences import Sentence, _
from paraph.state import agreement, roadmaps
from paraph.state.composed import REFERENCE, subjects_of
from paraph.state.programme import WHOLE, Programme
from paraph.text import terms as t
from paraph.text.figures import differences


@dataclass(frozen=True, slots=True)
class Term:
    """An agreed term."""

    about: str
    proposal: str
    words: dict[str, str]  # language -> the term


@dataclass(frozen=True, slots=True)
class Use:
    """A subject of a road map in which a term stands, and the languages in which it does not."""

    about: str
    lacking: tuple[str, ...]


def terms(programme: Programme) -> list[Term]:
    """The agreed terms; kept until an entry touches one."""

    def make() -> list[Term]:
        found = []
        for about in programme.beside("term"):
            settled = agreement.agreed(programme, about)
            if settled and isinstance(programme.content(settled), Paper):
                found.append(Term(about, settled, agreement.in_languages(programme, settled)))
        return found

    return programme.view("terms", WHOLE, make)


def uses(programme: Programme, term: Mapping[str, str]) -> Iterator[Use]:
    """Where a term stands in the words shown of every road map."""
    for one in roadmaps.road_maps(programme):
        for item in one.items:
            for about in subjects_of(item.id):
                standing = agreement.standing(programme, about)
                name = standing.agreed or next(iter(standing.live), "")
                texts = words_of(programme, name) if name else {}
                if any(t.stands(term.get(language, ""), text) for language, text in texts.items()):
                    yield Use(about, tuple(t.lacking(term, texts)))


def words_of(programme: Programme, proposal: str) -> dict[str, str]:
    """The words of a proposal in each language, without its references: these are the same in all."""
    texts = agreement.in_languages(programme, proposal)
    return {language: REFERENCE.sub("", text) for language, text in texts.items() if isinstance(text, str)}


def discord(programme: Programme, proposal: str) -> list[Sentence]:
    """What the languages of a proposal do not have in common; kept with its subject."""
    about = programme.proposals[proposal].subject.name
    heads = ",".join(one.proposal[:8] for one in terms(programme))
    return programme.view(
        f"discord {proposal} {heads}",
        about,
        lambda: discord_of(programme, words_of(programme, proposal)),
    )


def discord_of(programme: Programme, texts: Mapping[str, str]) -> list[Sentence]:
    """The same of words that are not on the table yet."""
    found = [
        Sentence(
            _("%(figure)s stands in %(language)s and not in %(other)s."),
            {"figure": one.figure.text, "language": one.language.upper(), "other": one.lacking.upper()},
        )
        for one in differences(texts)
    ]
    for term in terms(programme):
        for language in t.lacking(term.words, texts):
            said = _(
                "The agreed term “%(term)s” does not stand in %(other)s, though it does in another language."
            )
            found.append(Sentence(said, {"term": term.words[language], "other": language.upper()}))
    return found


def translators(programme: Programme, proposal: str) -> dict[str, dict[str, int]]:
    """Who translated exactly this proposal: working language -> party -> the entry that last gave it."""
    known = programme.proposals[proposal]
    return {
        language: {party: known.last[party] for party in sorted(given) if party in known.last}
        for language, given in known.translations.items()
    }
