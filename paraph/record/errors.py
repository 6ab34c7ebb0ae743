"""What is wrong with bytes from outside?

    RecordError
      Malformed      not in the one form that is allowed
        TooLarge     over a limit
      BadSignature   not signed by the key that it names
        UnknownKey   by a key that the log had not certified
      BadChain       not the next entry of its log
        Known        held already, byte for byte
      Inconsistent   two histories of one log: evidence of a fork
      NotHeld        its past, content or blob has not come yet: it waits
      WrongPassword  a wrapped key does not open

`BY entry 12: not signed by the node of BY` has `where` "BY entry 12" and the rest as `message`.
"""

from typing import Self


class RecordError(Exception):
    """Says what is wrong, and where."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where

    def at(self, where: str) -> Self:
        """The same error, at another place."""
        return type(self)(self.message, where)


class Malformed(RecordError):
    """Not in the one form that is allowed."""


class TooLarge(Malformed):
    """Over a limit."""


class BadSignature(RecordError):
    """Not signed by the key that it names."""


class UnknownKey(BadSignature):
    """By a key that the log had not certified."""


class BadChain(RecordError):
    """Not the next entry of its log."""


class Known(BadChain):
    """Held already, byte for byte."""


class Inconsistent(RecordError):
    """Two histories of one log, both signed by its node; `evidence` is the one that is not held."""

    def __init__(self, message: str, where: str = "", evidence: bytes = b"") -> None:
        super().__init__(message, where)
        self.evidence = evidence

    def at(self, where: str) -> Self:
        """The same error, at another place."""
        return type(self)(self.message, where, self.evidence)


class NotHeld(RecordError):
    """Something that it rests on has not come yet."""


class WrongPassword(RecordError):
    """A wrapped key does not open with this password."""
