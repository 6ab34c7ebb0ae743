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


def in_line(document: Document) -> str:
    """All that a document says, spaces apart, numbers too, each note where it is called."""
    notes: dict[str, str] = {}
    for one in document.paragraphs:
        if one.place.startswith(("footnote", "endnote")):
            name = one.place.partition(",")[0]
            notes[name] = notes.get(name, "") + one.text
    said = ""
    for one in document.paragraphs:
        if not one.place.startswith(("footnote", "endnote")):
            words = one.words
            for at, name in sorted(zip(one.calls, one.notes, strict=True), reverse=True):
                words = words[:at] + notes.get(name, "") + words[at:]
            said += one.number + words
    return "".join(said.split())


def word_pairs() -> list[tuple[str, str]]:
    """The before/after pairs of the corpus of Word files: what shares the beginning of its name."""
    groups: dict[str, list[str]] = {}
    for path in sorted(ROOM.joinpath("docx", "compare").glob("*.docx")):
        parts = path.stem.split("-")
        groups.setdefault("-".join(parts[: 2 if parts[0] == "WC" else 1]), []).append(path.name)
    return [(names[0], other) for names in groups.values() for other in names[1:]]


def pandoc_letters(path: Path, mode: str) -> str:
    """The same as pandoc reads it; `mode` is accept or reject."""
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    command = ["pandoc", f"--track-changes={mode}", "-f", "docx", "-t", "json", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    return "".join("".join(_strings(json.loads(done.stdout)["blocks"])).split())


def pandoc_comments(path: Path) -> list[tuple[str, str]]:
    """The comments of a Word file as pandoc reads it: author, and the letters that stand below."""
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    command = ["pandoc", "--track-changes=all", "-f", "docx", "-t", "json", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    begun: dict[str, tuple[str, list[str]]] = {}
    found = json.loads(done.stdout)
    for kind, key, said in _commented([*found["meta"].values(), *found["blocks"]]):
        if kind == "comment-start":
            begun[key] = said, []
        elif kind == "":
            for _author, words in (one for name, one in begun.items() if not name.endswith(" ended")):
                words.append(said)
        else:
            begun[f"{key} ended"] = begun.pop(key)
    return [(author, "".join(words)) for author, words in begun.values()]


def _commented(node: Any) -> Iterator[tuple[str, str, str]]:
    """Words outside of deletions, as ("", "", words), and where comments begin and end."""
    if isinstance(node, list):
        for one in node:
            yield from _commented(one)
    elif isinstance(node, dict) and node.get("t") == "Span":
        (_id, classes, pairs), inside = node["c"]
        kind, attributes = "".join(classes[:1]), dict(pairs)
        if kind in ("comment-start", "comment-end"):
            key = attributes.get("id") or _id
            yield kind, key, attributes.get("author", "")
        elif kind != "deletion":
            yield from _commented(inside)
    elif isinstance(node, dict) and node.get("t") == "Str":
        yield "", "", node["c"]
    elif isinstance(node, dict) and node.get("t") != "Image":
        yield from _commented(node.get("c", []))


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _strings(one)
    elif isinstance(node, dict) and node.get("t") == "Str":
        yield node["c"]
    elif isinstance(node, dict) and node.get("t") != "Image":
        yield from _strings(node.get("c", []))
