"""How does the core speak to people in their own language without knowing which?

The core marks a sentence with `_` and keeps its parts; a page puts it into the reader's language.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


def _(template: str) -> str:
    """Mark a sentence for translation and return it as it is."""
    return template


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with named parts: `Sentence(_("%(party)s waits"), {"party": "BY"})`."""

    template: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said()

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language of `translate`; sentences among its parts likewise."""
        parts = {
            name: part.said(translate) if isinstance(part, Sentence) else part
            for name, part in self.params.items()
        }
        return translate(self.template) % parts if parts else translate(self.template)
