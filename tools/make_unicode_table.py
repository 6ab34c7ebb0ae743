"""Write `paraph/text/unicode14.py`: the code points of Unicode 14.0 by kind.

Run it with a Python whose `unicodedata` is version 14.0.0 (Python 3.11).
"""

import pathlib
import sys
import unicodedata


def ranges(wanted: set[str]) -> list[tuple[int, int]]:
    """The closed ranges of code points whose category is wanted."""
    found: list[tuple[int, int]] = []
    for point in range(0x110000):
        if unicodedata.category(chr(point)) in wanted:
            if found and found[-1][1] == point - 1:
                found[-1] = (found[-1][0], point)
            else:
                found.append((point, point))
    return found


def main() -> None:
    """Write the table."""
    if unicodedata.unidata_version != "14.0.0":
        sys.exit(f"this Python knows Unicode {unicodedata.unidata_version}; the table needs 14.0.0")
    kinds = {
        "UNASSIGNED": {"Cn"},
        "FORMAT": {"Cf"},
        "PRIVATE": {"Co"},
        "MARKS": {"Mn", "Me", "Mc"},
        "LETTERS": {"Lu", "Ll", "Lt", "Lm", "Lo"},
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
