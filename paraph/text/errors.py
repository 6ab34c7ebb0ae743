"""What is wrong with words?

TextRefused   says what, where, and the fix
"""

from typing import Any

from paraph.sentences import Told


class TextRefused(Told, ValueError):
    """A sentence that a delegate can act on."""

    def __init__(self, kind: str, template: str, *, fix: str | None = None, **params: Any) -> None:
        super().__init__(template, **params)
        self.kind = kind
        self.fix = fix
