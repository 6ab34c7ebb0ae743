"""The corpora of Word files and drafts, and a second engine to read them with."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from paraph.papers.documents import Document

ROOM = Path(os.environ.get("PARAPH_CORPUS") or Path(__file__).parents[3] / "shared")


def corpus(*place: str) -> Path:
    """A file or folder of the corpora; the test is skipped where it is not there."""
    path = ROOM.joinpath(*place)
    if not path.exists():
        pytest.skip(f"the corpus is not there: {path}")
    return path


def letters(document: Document) -> str:
    """All that a document says, computed numbers and spaces apart."""
    said = ((one.number if one.typed else "") + one.words for one in document.paragraphs)
    return "".join("".join(said).split())


def pandoc_letters(path: Path, mode: str) -> str:
    """The same as pandoc reads it; `mode` is accept or reject."""
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    command = ["pandoc", f"--track-changes={mode}", "-f", "docx", "-t", "json", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    return "".join("".join(_strings(json.loads(done.stdout)["blocks"])).split())


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _strings(one)
    elif isinstance(node, dict) and node.get("t") == "Str":
        yield node["c"]
    elif isinstance(node, dict) and node.get("t") != "Image":
        yield from _strings(node.get("c", []))
