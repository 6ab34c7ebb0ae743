"""What does a person hear when an act cannot be recorded?

Refused     the act would break a rule; nothing was written
  Stale     the words changed since the person read them
"""

from typing import Any

from paraph.sentences import Told


class Refused(Told):
    """A sentence that says what stands in the way, in words a delegate can act on."""

    @property
    def template(self) -> str:
        """The sentence before its parts are filled in."""
        return self.sentence.template

    @property
    def params(self) -> dict[str, Any]:
        """The parts of the sentence."""
        return self.sentence.params


class Stale(Refused):
    """What the person read is no longer what stands there."""
