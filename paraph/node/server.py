"""How does a node serve? Gunicorn with threads; the exchange runs beside them in one worker."""

import fcntl
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from paraph.node.listener import THREADS, Listener
from paraph.state.errors import Refused

if TYPE_CHECKING:
    from paraph.node.timestamps import Keeper

_keepers: list["Keeper"] = []  # ask for tokens
SWITCH = 0.0005  # seconds for which a thread at work keeps others waiting: people wait for it at every step
_exchanging: list[int] = []  # the lock file of the worker that exchanges, open while it lives


class _Application(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from paraph.wsgi import application

        return application


def run(listen: str, cert: Path | None, key: Path | None, workers: int) -> None:
    """Serve until told to stop."""
    os.environ["PARAPH_WORKERS"] = str(workers)
    options: dict[str, Any] = {
        "bind": listen,
        "workers": workers,
        "threads": THREADS,
        "worker_class": Listener,
        "loglevel": "warning",
        "graceful_timeout": 3,
        "control_socket_disable": True,
        "post_worker_init": _begin,
        "worker_exit": _end,
        "proc_name": "paraph",
    }
    if cert and key:
        options |= {"certfile": str(cert), "keyfile": str(key)}
    _Application(options).run()


def _begin(worker: Any) -> None:
    """Fold the record before the first request, and exchange unless another worker does."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    from paraph.node.current import journal, loop
    from paraph.node.exchange.views import server
    from paraph.node.timestamps import Keeper

    sys.setswitchinterval(SWITCH)
    journal().programme()
    server()
    with suppress(Refused):  # while nothing may be written, no term is ended
        journal().end_terms()
    for name in settings.STARTS:
        import_string(name)()
    if _may_exchange():
        loop().start()
        _keepers.append(Keeper(settings.HOME, journal()))
        _keepers[0].start()


def _end(_server: Any, _worker: Any) -> None:
    for keeper in _keepers:
        keeper.stop()
    if _exchanging:
        from paraph.node.current import loop

        loop().stop()


def _may_exchange() -> bool:
    """Hold the lock of the one worker that exchanges; when it dies, the next one takes it."""
    from django.conf import settings

    file = os.open(settings.HOME.path / "exchange.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return False
    _exchanging.append(file)
    return True
