"""How does the core speak to people in their own language without knowing which?

The core marks a sentence with `_` and keeps its parts; a page puts it into the reader's language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def _(template: str) -> str:
    """Mark a sentence for translation and return it as it is."""
    return template


def in_language(names: Mapping[str, str], language: str) -> str:
    """What is said in that language, else in the first that there is; "" where nothing is said."""
    return names.get(language) or next(iter(names.values()), "")


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    A sentence with named parts: `Sentence(_("%(party)s waits"), {"party": "BY"})`.

    A tuple among the parts lists subjects; a page calls them by their names, and writes dates its own way.
    """

    template: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said()

    def said(
        self,
        translate: Callable[[str], str] = str,
        part_said: Callable[[str, Any], Any] = lambda _key, part: (
            "; ".join(part) if isinstance(part, tuple) else part
        ),
    ) -> str:
        """
        The sentence in a reader's language.

        Args:
            translate: gives the template in that language.
            part_said: gives a part by its name and value, as the reader is to see it.
        """
        parts = {
            key: part.said(translate, part_said) if isinstance(part, Sentence) else part_said(key, part)
            for key, part in self.params.items()
        }
        return translate(self.template) % parts if parts else translate(self.template)


class Told(Exception):
    """What stands in the way, in words that whoever hears them can act on: a sentence, and its parts."""

    def __init__(self, template: str, /, **params: Any) -> None:
        super().__init__(template)
        self.sentence = Sentence(template, params)

    def __str__(self) -> str:
        return str(self.sentence)
