"""What goes wrong between nodes?

    ExchangeError     one sentence about a peer, for the people of this node
      Unreachable     the peer does not answer
        Gone          it closed an idle connection; a new one may do
      Cut             the connection broke within an answer; what came is kept
      Declined        it answers with a refusal: its own sentence
      BadAnswer       it answers in a way that is not allowed
    Refusal           what this node answers instead: a status and one sentence

Entries that cannot be admitted are errors of the record (paraph/record/errors.py).
"""

from paraph.sentences import Told


class ExchangeError(Told):
    """One sentence about a peer; pages put it into the reader's language."""


class Unreachable(ExchangeError):
    """The peer does not answer."""


class Gone(Unreachable):
    """The peer closed an idle connection before it saw the request."""


class Cut(ExchangeError):
    """The connection broke within an answer; what came is kept for the next call."""


class Declined(ExchangeError):
    """The peer answers with a refusal."""


class BadAnswer(ExchangeError):
    """The peer answers in a way that is not allowed."""


class Refusal(Exception):
    """What is answered instead of the resource."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
