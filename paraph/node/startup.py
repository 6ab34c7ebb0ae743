"""What has to be ready before a command touches the database of a home?"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from paraph import __version__
from paraph.node.errors import HomeError
from paraph.node.homes import open_home

if TYPE_CHECKING:
    from paraph.node.journal import Journal

MOVED = "moved"  # the file that names the home to which this one has moved
_UNUSED = ["django_htmx/ext/*", "htmax-*", "htmx-4*"]  # static files of libraries that no page names
_PAGES = Path(__file__).parent.parent / "pages"


def prepare(path: Path) -> None:
    """Set Django up for a home, and bring its tables up to date."""
    open_home(path)
    if (path / MOVED).exists():
        raise HomeError(f"this node has moved to {(path / MOVED).read_text().strip()}; it serves from there")
    os.environ["PARAPH_NODE_HOME"] = str(path.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paraph.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import DatabaseError, OperationalError

    django.setup()
    if settings.HOME.path.resolve() != path.resolve():
        raise HomeError("one process serves one home")
    try:
        if _lacks_tables():
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
    except OperationalError as error:
        raise HomeError(f"the database of {path} cannot be opened: {error}") from None
    except DatabaseError:
        raise HomeError(
            f"who serves {path} may not make tables, as it should be: run `paraph migrate` as their owner"
        ) from None


def _lacks_tables() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> None:
    """Collect the static files of a home set up by `prepare`, where they changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.PLAIN_STATIC:
        return
    folder = settings.STATIC_ROOT
    newest = max((path.stat().st_mtime_ns for path in (_PAGES / "static").rglob("*")), default=0)
    stamp, mark = folder / ".version", f"{__version__} {newest}"
    if not stamp.exists() or stamp.read_text() != mark:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=_UNUSED)
        stamp.write_text(mark)


def open_journal(path: Path) -> "Journal":
    """The journal of a home, for commands."""
    prepare(path)
    from paraph.node.current import journal

    return journal()
