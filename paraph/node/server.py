"""How does a node serve? Gunicorn with threads; the exchange is a thread in the first worker."""

from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication


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
    options: dict[str, Any] = {
        "bind": listen,
        "workers": workers,
        "threads": 8,
        "worker_class": "gthread",
        "loglevel": "warning",
        "graceful_timeout": 3,
        "control_socket_disable": True,
        "post_worker_init": _start_exchange,
        "proc_name": "paraph",
        "preload_app": False,
    }
    if cert and key:
        options |= {"certfile": str(cert), "keyfile": str(key)}
    _Application(options).run()


def _start_exchange(worker: Any) -> None:
    """Start the exchange in one worker; any worker may write, one looks at the peers."""
    from django.db import close_old_connections

    from paraph.node.current import journal, loop

    journal().programme()
    if worker.age == 1 or worker.cfg.workers == 1:
        loop().after = close_old_connections
        loop().start()
