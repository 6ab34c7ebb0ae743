"""What goes wrong at a node?

NodeError      one clear sentence for whoever runs the node
  BadHome      its folder is missing, incomplete or not readable
  BadStart     it cannot start as asked
OldDatabase    (a Refused) the database is older than what this node has signed
"""

from paraph.sentences import _
from paraph.state.errors import Refused


class NodeError(Exception):
    """A sentence for whoever runs the node."""


class BadHome(NodeError):
    """The folder of the node is missing, incomplete or not readable."""


class BadStart(NodeError):
    """The node cannot start as asked."""


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
