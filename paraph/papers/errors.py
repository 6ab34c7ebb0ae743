"""What is wrong with a file that somebody sent?

PaperRefused   says what, in words its sender can act on; nothing of the file was taken
"""

from typing import Any

from paraph.sentences import Told


class PaperRefused(Told, ValueError):
    """A file that is not read; `kind` names the reason for programs, the sentence for people."""

    def __init__(self, kind: str, template: str, /, **params: Any) -> None:
        super().__init__(template, **params)
        self.kind = kind
