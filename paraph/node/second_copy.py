"""Where is the head of the own log kept, apart from the database?

A damaged or restored database may open without complaint and lack entries that others already hold.
So each own head goes to a second file as well, one line each, flushed to the disk. A line counts in
the folder and on the machine where it was written: a copy of the whole home vouches for nothing.
"""

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path

_LONG = 1 << 20  # bytes; a longer file is cut to its last heads when it is read


class SecondCopy:
    """The file of heads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def heads(self) -> dict[str, tuple[int, bytes]]:
        """The largest size of each log written so far, with its root."""
        found: dict[str, tuple[int, bytes]] = {}
        here = self._here()
        try:
            lines = self.path.read_text().splitlines()
        except FileNotFoundError:
            return found
        for line in lines:
            try:
                head = json.loads(line)
                log, size, root = str(head["log"]), int(head["size"]), bytes.fromhex(head["root"])
                if head.get("here", here) != here:
                    continue
            except (ValueError, KeyError, TypeError):
                continue  # a line cut off by a power failure: its head was never given to anyone
            if log not in found or size >= found[log][0]:
                found[log] = size, root
        if self.path.stat().st_size > _LONG:
            self._cut(found)
        return found

    def write(self, log: str, size: int, root: bytes, *, anew: bool = False) -> None:
        """Keep a head durably; `anew` forgets a longer one of that log."""
        if anew:
            self._cut({**self.heads(), log: (size, root)})
            return
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, self._line(log, size, root))
            os.fdatasync(file)
        finally:
            os.close(file)

    def _cut(self, heads: Mapping[str, tuple[int, bytes]]) -> None:
        new = self.path.with_suffix(".new")
        with new.open("wb") as file:
            for log, head in heads.items():
                file.write(self._line(log, *head))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)

    def _line(self, log: str, size: int, root: bytes) -> bytes:
        line = {"log": log, "size": size, "root": root.hex(), "here": self._here()}
        return (json.dumps(line) + "\n").encode()

    def _here(self) -> str:
        """This folder on this machine, as 16 hex digits."""
        try:
            machine = Path("/etc/machine-id").read_text().strip()
        except OSError:
            machine = platform.node()
        return hashlib.sha256(f"{machine} {self.path.resolve()}".encode()).hexdigest()[:16]
