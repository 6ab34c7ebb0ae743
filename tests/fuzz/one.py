"""One reader in a process of its own, fed by libFuzzer, which prefers bytes that reach new code.

    python -m tests.fuzz.one READER FOLDER [flags of libFuzzer]

FOLDER keeps what was found worth keeping, so that a campaign goes on where it ended.
"""

import random
import resource
import sys
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["paraph"]):
    from tests.fuzz.readers import READERS


def main() -> None:
    """Feed the reader until the time is over, or until it falls."""
    name, folder, *flags = sys.argv[1:]
    reader, kept = READERS[name], Path(folder)
    kept.mkdir(parents=True, exist_ok=True)
    for seed in reader.seeds():
        (kept / sha256(seed).hexdigest()[:16]).write_bytes(seed)
        assert reader.take(seed), "a lawful one is read"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    bounds = [f"-rss_limit_mb={before + reader.room}", "-timeout=5", f"-max_len={reader.longest}"]
    print(f"before: {before} MiB", flush=True)

    def change(data: bytes, longest: int, seed: int) -> bytes:
        assert reader.mutate is not None
        return reader.mutate(data, atheris.Mutate, seed)[:longest]

    options = {} if reader.mutate is None else {"custom_mutator": change}
    random.seed(1)
    atheris.Setup([sys.argv[0], *bounds, *flags, str(kept)], lambda data: reader.take(data), **options)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
