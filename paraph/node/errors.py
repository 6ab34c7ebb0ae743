"""What goes wrong at a node?

NodeError      one clear sentence for whoever runs the node
  HomeError    its folder is missing, incomplete or not as it should be
OldDatabase    (a Refused) the database is older than what this node has signed
"""

from paraph.sentences import _
from paraph.state.errors import Refused


class NodeError(Exception):
    """A sentence for whoever runs the node."""


class HomeError(NodeError):
    """Something is wrong with a home folder; the sentence says what to do."""


class OldDatabase(Refused):
    """The own log is known to be longer elsewhere: to write now would make two histories of it."""

    def __init__(self, where: str, known: int, held: int) -> None:
        super().__init__(
            _(
                "The database holds %(held)s entries of the own log, but %(where)s knows %(known)s:"
                " it is an old copy. Nothing is written until the missing entries are back."
            ),
            where=where,
            known=known,
            held=held,
        )
