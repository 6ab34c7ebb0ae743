"""What goes wrong at a node?

NodeError      one clear sentence for whoever runs the node
  HomeError    its folder is missing, incomplete or not as it should be
OldDatabase    (a Refused) the database is older than what this node has signed
NothingToProve (a Refused) there is no such entry, or nobody has initialled it
Unsure         (a Refused) nothing tells whether the database is as new as what this node has signed
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
                " it is an old copy. Nothing is written until `paraph recover` has brought the missing ones."
            ),
            where=where,
            known=known,
            held=held,
        )


class Unsure(Refused):
    """Restored, or on another machine: the own log may be longer elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This node cannot tell whether its copy of the own log is whole: it was restored, or has"
                " come to another machine or folder. Nothing is written until `paraph recover` has compared"
                " it with every party."
            )
        )


class NothingToProve(Refused):
    """There is no such entry, nobody has initialled it, or no head covers it yet."""
