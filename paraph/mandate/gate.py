"""May this act leave the node under the mandate?

Asked by the journal before any act is written, from whatever side it comes. Mandates come later;
until then the gate lets everything through.
"""

from paraph.acts import Act
from paraph.state.programme import Programme


def gate(programme: Programme, party: str, act: Act) -> None:
    """Raise Refused where the mandate does not cover the act."""
