"""Which party do words name, in whatever case: Belarusian side, Republic of Belarus, от Республики Беларусь?

A party is known by its code, and by how the words of its names begin that no other party has.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from paraph.record.charter import Party

_BEGIN = 5  # letters by which a word is known in all its cases
_BESIDE = re.compile(  # words that stand beside the name of a party, or as well in that of another
    r"of|the|for|from|on|side|party|republic|federation|state|kingdom|от|со|для|сторон[аеуы]?|республик[аеиу]|"
    r"федераци[ияю]|государств[аоу]|королевств[аоу]|ад|боку?|рэспублік[аеіу]"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_MARK = re.compile(r"(?P<label>[^:;\n–—]{2,80}?)\s*(?:(?::|\s[–—-])\s+|\n)")  # For Belarus: one body
_BEHIND = re.compile(
    r"(?P<names>[^()]+?)\s*\((?P<label>[^()]{2,80})\)\s*(?:[;,\n]\s*|$)"
)  # one body (Belarus)
_ENDS = re.compile(r"\s*[,;\n]\s*")
_SEVERAL = re.compile(r"\s(?:и|і|and)\s+[A-ZА-ЯЁЎІ]")  # may part two bodies, or two words of one


@dataclass(frozen=True, slots=True)
class Parties:
    """How the parties of a programme are named."""

    begins: Mapping[str, str] = field(default_factory=dict)  # how a word begins -> the party that it names
    codes: frozenset[str] = frozenset()

    def named(self, text: str) -> str:
        """The code of the one party that a text names, and says nothing else; "" where it does not."""
        bare = text.strip(" .:()")
        if bare in self.codes:
            return bare
        found = {
            self.begins.get(_begin(word), "")
            for word in _WORD.findall(text.casefold())
            if not _BESIDE.fullmatch(word)
        }
        return found.pop() if len(found) == 1 else ""

    def labelled(self, text: str) -> str:
        """Bodies behind the codes of their parties, where words around them name these; else the text."""
        return self._before(text) or self._behind(text) or text

    def _before(self, text: str) -> str:
        """Of bodies that stand behind the name of their party."""
        found: list[tuple[str, str]] = []
        party, begin = "", 0
        for mark in _MARK.finditer(text):
            named = self.named(mark["label"])
            if named:
                found.append((party, text[begin : mark.start()]))
                party, begin = named, mark.end()
        found.append((party, text[begin:]))
        return "" if found[0][1].strip() or len(found) == 1 else lines_of(found[1:])

    def _behind(self, text: str) -> str:
        """Of bodies each with its party in brackets."""
        found = [(self.named(one["label"]), one["names"]) for one in _BEHIND.finditer(text)]
        rest = _BEHIND.sub("", text)
        return (
            "" if not found or rest.strip() or not all(party for party, _names in found) else lines_of(found)
        )

    def ending(self, text: str) -> list[tuple[str, str]]:
        """Party and body of a list in which the name of each body ends in that of its party; else nothing."""
        found = [(self._end(name), name) for name in _ENDS.split(text.strip(" ,;\n"))]
        sure = all(party and not _SEVERAL.search(name) for party, name in found)
        return found if sure else []

    def _end(self, name: str) -> str:
        """The party with which the name of a body ends: the Ministry of Energy of Belarus."""
        for word in list(_WORD.finditer(name))[1:]:
            if found := self.named(name[word.start() :]):
                before = {
                    self.begins.get(_begin(one)) for one in _WORD.findall(name[: word.start()].casefold())
                }
                return found if before <= {None, found} else ""
        return ""


def parties_of(parties: Sequence[Party]) -> Parties:
    """How these parties are named."""
    owners: dict[str, set[str]] = {}
    for party in parties:
        for begin in _begins(party):
            owners.setdefault(begin, set()).add(party.code)
    begins = {begin: codes.copy().pop() for begin, codes in owners.items() if len(codes) == 1}
    return Parties(begins, frozenset(party.code for party in parties))


def _begins(party: Party) -> Iterator[str]:
    for name in party.name.values():
        for word in _WORD.findall(name.casefold()):
            if len(word) > 2 and not _BESIDE.fullmatch(word):
                yield _begin(word)


def _begin(word: str) -> str:
    """How a word begins; Russian says Беларусь and белорусский."""
    return word.replace("белорус", "беларус")[:_BEGIN]


def lines_of(found: Sequence[tuple[str, str]]) -> str:
    """A line for each party, its bodies in their order."""
    said: dict[str, list[str]] = {}
    for party, names in found:
        said.setdefault(party, []).append(names.strip(" ,;\n"))
    return "\n".join(f"{party}: {'; '.join(filter(None, names))}" for party, names in said.items())
