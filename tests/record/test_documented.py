"""The examples in docs/reference/record.md are real bytes; run this file to print them anew."""

import json
from pathlib import Path

import pytest

from paraph.record.bundles import line_of
from paraph.record.checkpoints import open_checkpoint
from paraph.record.entries import statement
from paraph.record.stores import Row
from tests.record.writing import Writer, key

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "record.md"


def examples() -> dict[str, str]:
    """The blocks of the page by name."""
    desk = Writer().begin()
    found = next(desk.store.rows("BY"))
    remark = desk.remark("BY", "Слово")
    ack = desk.ack("RU", "BY")
    assert remark.content is not None
    assert remark.closed is not None
    return {
        "charter": json.dumps(json.loads(desk.charter.encode()), ensure_ascii=False, indent=2),
        "prog": desk.charter.prog,
        "founding entry": found.note.decode(),
        "closed entry": remark.note.decode(),
        "its content line": remark.content.decode(),
        "its statement": statement(desk.charter.prog, "BY", remark.closed).decode(),
        "its leaf hash": remark.leaf.hex(),
        "checkpoint": desk.head("BY").decode(),
        "ack": ack.note.decode(),
        "line of JSON": line_of(Row("RU", ack.n, ack.note, None)).decode(),
    }


@pytest.mark.parametrize("name", examples())
def test_the_page_shows_the_bytes_that_are_written(name: str) -> None:
    block = examples()[name].removesuffix("\n")

    assert block in PAGE.read_text(), f"{name}:\n{block}"


def test_the_checkpoint_on_the_page_is_signed_by_the_node_on_the_page() -> None:
    raw = examples()["checkpoint"].encode()

    assert open_checkpoint(raw, "paraph/0cdd63834d4c5e6a/BY", key("BY node").public).size == 3


if __name__ == "__main__":
    for title, text in examples().items():
        print(f"## {title}\n\n{text}\n")
