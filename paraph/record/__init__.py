"""Signed logs: bytes and keys, nothing of road maps.

canonical.py    one way to write JSON
keys.py         Ed25519 with a pinned rule; keys wrapped by a password
passkeys.py     when the answer of a passkey counts as a signature
notes.py        signed notes (C2SP signed-note)
merkle.py       hash trees (RFC 9162)
tiles.py        a log in pieces (C2SP tlog-tiles)
checkpoints.py  signed heads (C2SP tlog-checkpoint)
charter.py      who the parties are
authority.py    whose keys speak for a log, and how they pass on
entries.py      what one entry looks like, in bytes
ledger.py       all logs of one programme as held: what is admitted, what comes next
stores.py       where logs are kept: the protocol and the carrier in memory
forks.py        what proves that a log has two histories
bundles.py      the courier's file
conformance.py  another implementation, asked and compared
answering.py    the answers of this one
proofs.py       one entry proven to somebody who holds nothing but the charter
"""
