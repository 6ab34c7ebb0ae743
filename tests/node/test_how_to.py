"""The how-to is true: its commands do what it says."""

import hashlib
import os
import shlex
import subprocess
import sys
from pathlib import Path

from tests.node.test_cli import ENVIRONMENT

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "start-a-programme.md"


def commands() -> list[str]:
    """The commands of the page, in order."""
    return [line[2:] for line in PAGE.read_text().splitlines() if line.startswith("$ ")]


def test_two_parties_start_a_programme_by_the_how_to(tmp_path: Path) -> None:
    said: dict[str, str] = {}
    for command in commands():
        if " serve " in command:
            continue  # it runs until it is stopped; test_cli serves
        charter = tmp_path / "minsk" / "charter.json"
        if charter.exists():
            fingerprint = hashlib.sha256(charter.read_bytes()).hexdigest()
            command = command.replace("$FINGERPRINT", fingerprint)
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(command)],
            cwd=tmp_path,
            env={**ENVIRONMENT, "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        said[command] = done.stdout

    assert "OK every signature holds" in said["paraph audit --home moscow"]
    assert "RU, 2 entries" in said["paraph audit --home moscow"]
    assert "2 new entries" in said["paraph bundle read --home moscow minsk.zip"]
