"""What is wrong with a question to the outlook?

OutlookRefused   says what, in words that the asker can act on; nothing was computed
"""

from paraph.sentences import Told


class OutlookRefused(Told, ValueError):
    """A schedule, a file or a forecast that cannot be used, and why."""
