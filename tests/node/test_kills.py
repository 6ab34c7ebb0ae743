"""Nodes killed in the middle of their work lose nothing that they acknowledged, on either database."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import POSTGRESQL
from tests.node.test_cli import ENVIRONMENT

DATABASE = "postgresql" if POSTGRESQL else "sqlite"


def kills(rounds: int, *options: str) -> subprocess.CompletedProcess[str]:
    """Play some rounds, in a process whose threads are not those of the tests."""
    return subprocess.run(
        [sys.executable, "-m", "tests.node.kills", str(rounds), "--database", DATABASE, *options],
        cwd=Path(__file__).parents[2],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )


@pytest.mark.postgres
def test_killed_nodes_hold_all_that_they_acknowledged_and_come_into_step() -> None:
    done = kills(5)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 rounds on" in done.stdout
    assert "in step" in done.stdout


def test_a_node_that_acknowledges_too_early_is_found() -> None:
    done = kills(20, "--planted")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "acknowledged entries" in done.stdout
