"""What stands for words?"""

import hashlib


def fingerprint(data: bytes) -> str:
    """SHA-256, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def short(name: str, groups: int = 4) -> str:
    """The first hex digits in groups of four, for people: `b20f 93aa 1c77 2e04`."""
    return " ".join(name[i : i + 4] for i in range(0, 4 * groups, 4))
