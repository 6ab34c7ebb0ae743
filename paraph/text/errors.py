"""What is wrong with words?

TextRefused   says what, where, and the fix
"""

from typing import Any

from paraph.sentences import Sentence


class TextRefused(ValueError):
    """A sentence that a delegate can act on."""

    def __init__(self, kind: str, template: str, *, fix: str | None = None, **params: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.fix = fix
        self.sentence = Sentence(template, params)

    def __str__(self) -> str:
        return str(self.sentence)
