"""What is known of the peers, in whichever worker a page is drawn?

One worker exchanges with the peers; with several workers it leaves what it knows in the database.
"""

import time
from datetime import datetime

from paraph.node.exchange.worker import PeerView
from paraph.node.models import PeerRow
from paraph.sentences import Sentence

_OFTEN = 5.0  # seconds after which an unchanged view is written again, for its time of contact
_written: dict[str, tuple[float, object]] = {}


def keep(view: PeerView) -> None:
    """Leave what is known of a peer in the database, where it changed or has grown old."""
    error = view.last_error
    value = {
        "error": [error.template, {name: str(part) for name, part in error.params.items()}]
        if error
        else None,
        "sizes": dict(view.their_sizes),
        "behind": view.behind,
        "acknowledged": view.acknowledged,
    }
    at, before = _written.get(view.code, (0.0, None))
    if value == before and time.monotonic() - at < _OFTEN:
        return
    _written[view.code] = (time.monotonic(), value)
    contact = view.last_contact.isoformat() if view.last_contact else None
    PeerRow.objects.update_or_create(code=view.code, defaults={"view": {**value, "contact": contact}})


def views() -> dict[str, PeerView]:
    """What the worker that exchanges has left of each peer."""
    return {row.code: _view(row) for row in PeerRow.objects.order_by("code")}


def _view(row: PeerRow) -> PeerView:
    value = row.view
    return PeerView(
        code=row.code,
        last_contact=datetime.fromisoformat(value["contact"]) if value["contact"] else None,
        last_error=Sentence(*value["error"]) if value["error"] else None,
        their_sizes=value["sizes"],
        behind=value["behind"],
        acknowledged=value["acknowledged"],
    )
