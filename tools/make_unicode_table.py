"""Write `paraph/text/unicode14.py`: the code points of Unicode 14.0 by kind.

Run it with a Python whose `unicodedata` is version 14.0.0 (Python 3.11).
"""

import pathlib
import sys
import unicodedata
from collections.abc import Callable


def ranges(wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
    """The closed ranges of the characters that are wanted."""
    found: list[tuple[int, int]] = []
    for point in range(0x110000):
        if wanted(chr(point)):
            if found and found[-1][1] == point - 1:
                found[-1] = (found[-1][0], point)
            else:
                found.append((point, point))
    return found


def of(script: str) -> Callable[[str], bool]:
    """
    Say whether a letter or mark is written like one of the script, in line and at full height.

    The name tells the script. Wide, mathematical and joined forms of Latin letters count as Latin:
    they look the same. Raised and lowered ones do not: мⁿ is as lawful as м².
    """

    def wanted(sign: str) -> bool:
        if unicodedata.category(sign)[0] not in "LM":
            return False
        form = unicodedata.decomposition(sign).partition(" ")[0]
        if form in ("<super>", "<sub>"):
            return False
        plain = unicodedata.normalize("NFKC", sign)
        latin = script == "LATIN" and form.startswith("<") and plain.isascii() and plain.isalpha()
        return latin or script in unicodedata.name(sign, "").split()

    return wanted


def main() -> None:
    """Write the table."""
    if unicodedata.unidata_version != "14.0.0":
        sys.exit(f"this Python knows Unicode {unicodedata.unidata_version}; the table needs 14.0.0")
    category = unicodedata.category
    kinds: dict[str, Callable[[str], bool]] = {
        "UNASSIGNED": lambda sign: category(sign) == "Cn",
        "FORMAT": lambda sign: category(sign) == "Cf",
        "PRIVATE": lambda sign: category(sign) == "Co",
        "MARKS": lambda sign: category(sign)[0] == "M",
        "LETTERS": lambda sign: category(sign)[0] == "L",
        "LATIN": of("LATIN"),
        "CYRILLIC": of("CYRILLIC"),
    }
    lines = ['"""Code points of Unicode 14.0 by kind; written by tools/make_unicode_table.py."""', ""]
    lines += ["# fmt: off"]
    for name, wanted in kinds.items():
        text = ",".join(f"{a:x}-{b:x}" if b > a else f"{a:x}" for a, b in ranges(wanted))
        pieces = [text[i : i + 88] for i in range(0, len(text), 88)]
        lines.append(f"{name} = (")
        lines += [f'    "{piece}"' for piece in pieces]
        lines.append(")")
    lines += ["# fmt: on", ""]
    pathlib.Path(__file__).parent.parent.joinpath("paraph/text/unicode14.py").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
