"""What time is it for this node? The system's, or the programme's own in a demo."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from paraph.node.homes import Home


def clock_of(home: Home) -> Callable[[], datetime]:
    """
    The clock of a node: it hands out the time in UTC.

    A programme clock shows `clock_start` at the node's first start and then runs; the system time of
    that start is kept in node.toml.
    """
    if not home.clock_start:
        return lambda: datetime.now(UTC)
    start = datetime.fromisoformat(home.clock_start).astimezone(UTC)
    if not home.clock_started:
        home.clock_started = time.time()
        home.write()
    started = home.clock_started

    def programme_clock() -> datetime:
        return start + timedelta(seconds=time.time() - started)

    return programme_clock
