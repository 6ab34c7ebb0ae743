"""A home made by an earlier release opens: its bytes verify, and its programme is the same."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[1] / "fixtures"
HOMES = sorted(FIXTURES.glob("home-*.tar.xz"))


def paraph(*words: str) -> str:
    """Run the command, as whoever upgrades a node would; its output."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PARAPH_NODE_HOME", "PARAPH_PLAIN_STATIC", "DJANGO_SETTINGS_MODULE")
    }
    done = subprocess.run(
        [sys.executable, "-m", "paraph", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.parametrize("archive", HOMES, ids=lambda path: path.name)
def test_a_home_of_an_earlier_release_opens(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as packed:
        # newer Pythons want to be told how far to trust an archive; Python 3.11.2 cannot be told
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        packed.extractall(tmp_path / "BY")  # noqa: S202 - our own fixture
    for key in (tmp_path / "BY").rglob("*.key"):
        key.chmod(0o600)

    said = paraph("audit", "--home", str(tmp_path / "BY"))
    programme = json.loads(paraph("export", "--home", str(tmp_path / "BY")))
    paraph("person", "add", "--home", str(tmp_path / "BY"), "--name", "novik", "--role", "delegate")

    assert "OK every signature holds" in said
    counts = [one["counts_as"] for one in programme["road_maps"]]
    assert (counts.count("agreed"), counts.count("in_substance"), counts.count("open")) == (26, 1, 6)
    shutil.rmtree(tmp_path / "BY")


def test_there_is_a_home_of_this_release() -> None:
    assert HOMES
