"""Where is the head of the own log kept, apart from the database?

A damaged or restored database may open without complaint and lack entries that others already hold.
So each own head goes to a second file as well, one line each, flushed to the disk.
"""

import json
import os
from pathlib import Path

_LONG = 1 << 20  # bytes; a longer file is cut to its last line at the next start


class SecondCopy:
    """The file of own heads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def last(self) -> tuple[int, str] | None:
        """The largest size written, with its root in hex; None where nothing was written yet."""
        try:
            lines = self.path.read_text().splitlines()
        except FileNotFoundError:
            return None
        found: tuple[int, str] | None = None
        for line in lines:
            try:
                head = json.loads(line)
                size, root = int(head["size"]), str(head["root"])
            except (ValueError, KeyError, TypeError):
                continue  # a line cut off by a power failure: its head was never given to anyone
            if found is None or size >= found[0]:
                found = size, root
        if found and self.path.stat().st_size > _LONG:
            self._cut(*found)
        return found

    def write(self, size: int, root: str) -> None:
        """Keep a head durably."""
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, _line(size, root))
            os.fdatasync(file)
        finally:
            os.close(file)

    def _cut(self, size: int, root: str) -> None:
        new = self.path.with_suffix(".new")
        with new.open("wb") as file:
            file.write(_line(size, root))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)


def _line(size: int, root: str) -> bytes:
    return (json.dumps({"size": size, "root": root}) + "\n").encode()
