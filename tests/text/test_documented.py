"""The examples in docs/reference/text.md are what the code gives; run this file to print them anew."""

from pathlib import Path

import pytest

from paraph.acts import proposal_id
from paraph.record.canonical import encode
from paraph.text.brackets import Alternative, as_text, brackets
from paraph.text.canonical import canonical
from paraph.text.fingerprints import fingerprint, short
from paraph.text.outline import numbers

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "text.md"
GIVEN = "С 1 января 2022 года  тариф —\u00a01,5%.\r\n\r\nОн публикуется. "


def examples() -> dict[str, str]:
    """The examples of the page by name."""
    words = canonical(GIVEN)
    name = fingerprint(words.encode())
    heading = "Тарифы"
    content = {"heading": {"ru": heading}, "words": {"ru": words}}
    pair = encode([heading, words])
    outline = [
        (1, "provision:gas/s1"),
        (2, "provision:gas/p1"),
        (2, "provision:gas/p2"),
        (1, "measure:gas/m1"),
    ]
    alternatives = [
        Alternative("a", "Prices rise from 2022.", ("BY",)),
        Alternative("b", "Prices fall from 2022.", ("RU",)),
        Alternative("c", None, ("KZ",)),
    ]
    return {
        "canonical": '"' + words.replace("\n", "\\n") + '"',
        "sha": name,
        "short": short(name),
        "content": encode(content).decode(),
        "proposal": proposal_id("provision:gas/p1", content),
        "pair": pair.decode(),
        "line": fingerprint(pair),
        "numbers": "\n".join(f"    {number:6}{item}" for item, number in numbers(outline).items()),
        "brackets": as_text(brackets(alternatives)),
    }


@pytest.mark.parametrize("name", examples())
def test_the_page_shows_what_the_code_gives(name: str) -> None:
    assert examples()[name] in PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":
    for title, text in examples().items():
        print(f"## {title}\n\n{text}\n")
