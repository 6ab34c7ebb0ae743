"""Nodes that exchange keep their logs in databases."""

import pytest


@pytest.fixture(autouse=True)
def _in_databases(carriers: object) -> None:
    """All journals here lie in SQLite, and in PostgreSQL in the second run."""
