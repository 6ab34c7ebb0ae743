"""The same tests on PostgreSQL, in a process of their own: Django knows one database a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgresql import programs

HERE = Path(__file__).parent


@pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")
@pytest.mark.skipif(os.environ.get("PARAPH_TEST_DATABASE") == "postgresql", reason="this is that run")
def test_the_server_room_holds_on_postgresql() -> None:
    names = ["test_stores.py", "test_sign_in.py", "test_access.py"]

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        + [str(HERE / name) for name in names],
        cwd=HERE.parents[1],
        env={**os.environ, "PARAPH_TEST_DATABASE": "postgresql"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
