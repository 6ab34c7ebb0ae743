"""What is wrong with a question to the outlook?

OutlookRefused   says what, in words that the asker can act on; nothing was computed
"""

from typing import Any

from paraph.sentences import Sentence


class OutlookRefused(ValueError):
    """A schedule, a file or a forecast that cannot be used, and why."""

    def __init__(self, template: str, /, **params: Any) -> None:
        super().__init__(template)
        self.sentence = Sentence(template, params)

    def __str__(self) -> str:
        return str(self.sentence)
