"""Which tests touch a database? Loaded with `-p tools.with_database` for the run on PostgreSQL.

All others say nothing new there and are left out.
"""

import pytest

_FIXTURES = {"db", "transactional_db", "live_server", "carriers", "database"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that ask for a database, by a mark or through any of their fixtures."""
    touching = [item for item in items if _touches(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(touching)])
    items[:] = touching


def _touches(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db") is not None
    return marked or not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
