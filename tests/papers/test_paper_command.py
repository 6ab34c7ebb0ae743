"""`paraph paper` writes a paper of a road map from a node's home."""

import subprocess
import sys
import tarfile
from pathlib import Path

from paraph.papers.docx.reading import read_docx

HOME = sorted((Path(__file__).parents[1] / "fixtures").glob("home-*.tar.xz"))[-1]


def test_the_command_writes_a_paper_and_lists_what_is_in_it(tmp_path: Path) -> None:
    with tarfile.open(HOME) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        packed.extractall(tmp_path / "BY")  # noqa: S202 - our own fixture
    for key in (tmp_path / "BY").rglob("*.key"):
        key.chmod(0o600)

    def paper(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "paraph", "paper", *words, "--home", str(tmp_path / "BY")]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = paper("bracketed", "gas-market", "-o", str(tmp_path / "gas.docx"))
    refused = paper("initialled", "gas-market", "-o", str(tmp_path / "gas.pdf"))

    assert done.returncode == 0, done.stderr
    assert "Nothing internal: this file was written from the joint record alone." in done.stdout
    words = " ".join(one.text for one in read_docx(tmp_path / "gas.docx").paragraphs)
    assert "[BY: " in words and "[RU: " in words
    assert refused.returncode == 2
    assert refused.stderr.startswith("paraph: The text is not complete")
    assert not (tmp_path / "gas.pdf").exists()
