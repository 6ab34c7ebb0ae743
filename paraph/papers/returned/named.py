"""Which party do words name, in whatever case: Belarusian side, Republic of Belarus, от Республики Беларусь?

A party is known by its code, and by how the words of its names begin that no other party has.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from paraph.record.charter import Party

_BEGIN = 5  # letters by which a word is known in all its cases
_LONG = 80  # letters of what names a party
_LAST = 6  # words of a body among which the name of its party may begin
_BESIDE = re.compile(  # words that stand beside the name of a party, or as well in that of another
    r"of|the|for|from|on|side|party|republic|federation|state|kingdom|от|со|для|сторон[аеуы]?|республик[аеиу]|"
    r"федераци[ияю]|государств[аоу]|королевств[аоу]|ад|боку?|рэспублік[аеіу]"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_MARK = re.compile(r"(:\s|\s[–—-]\s|[;\n])")  # For Belarus: one body
_BRACKETS = re.compile(r"\(([^()]{2,80})\)")  # one body (Belarus)
_ENDS = re.compile(r"[,;\n]")
_SEVERAL = re.compile(r"\s(?:и|і|and)\s+[A-ZА-ЯЁЎІ]")  # may part two bodies, or two words of one


@dataclass(frozen=True, slots=True)
class Parties:
    """How the parties of a programme are named."""

    begins: Mapping[str, str] = field(default_factory=dict)  # how a word begins -> the party that it names
    codes: frozenset[str] = frozenset()

    def named(self, text: str) -> str:
        """The code of the one party that a text names, and says nothing else; "" where it does not."""
        bare = text.strip(" .:()\n")
        if bare in self.codes or len(bare) > _LONG:
            return bare if bare in self.codes else ""
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
        found = [("", "")]
        parts = [*_MARK.split(text), ""]
        for part, mark in zip(parts[::2], parts[1::2], strict=True):
            if mark not in ("", ";") and (party := self.named(part)):
                found.append((party, ""))
            else:
                found[-1] = found[-1][0], found[-1][1] + part + mark
        return "" if found[0][1].strip() or len(found) == 1 else lines_of(found[1:])

    def _behind(self, text: str) -> str:
        """Of bodies each with its party in brackets."""
        *parts, rest = _BRACKETS.split(text)
        found = [(self.named(label), names) for names, label in zip(parts[::2], parts[1::2], strict=True)]
        sure = found and not rest.strip(" ,;\n") and all(party for party, _names in found)
        return lines_of(found) if sure else ""

    def ending(self, text: str) -> list[tuple[str, str]]:
        """Party and body of a list in which the name of each body ends in that of its party; else nothing."""
        names = [name.strip() for name in _ENDS.split(text.strip(" ,;\n"))]
        found = [(self._end(name), name) for name in names]
        sure = all(party and not _SEVERAL.search(name) for party, name in found)
        return found if sure else []

    def _end(self, name: str) -> str:
        """The party with which the name of a body ends: the Ministry of Energy of Belarus."""
        for word in list(_WORD.finditer(name))[1:][-_LAST:]:
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
    begins = {begin: next(iter(codes)) for begin, codes in owners.items() if len(codes) == 1}
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
