"""The campaign: `make faults SEEDS=300`. Saved after every story; a broken law prints its story."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paraph.record.keys import PublicKey, SecretKey
from tests.simulator.laws import Laws
from tests.simulator.world import World

STEPS = 240

_verify, _sign = PublicKey.verify, SecretKey.sign
_known: dict[tuple[bytes, bytes, bytes], bool] = {}


def _verified(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """What several nodes check of the same bytes has one answer, and is computed once."""
    asked = (key.raw, message, signature)
    if asked not in _known:
        _known[asked] = _verify(key, message, signature)
    return _known[asked]


def _signed(key: SecretKey, message: bytes) -> bytes:
    """A signature, of which it is then known that it counts."""
    made = _sign(key, message)
    _known[key.public.raw, message, made] = True
    return made


@contextmanager
def quick() -> Iterator[None]:
    """Check no signature twice, nor one that was made here."""
    setattr(PublicKey, "verify", _verified)  # noqa: B010 - methods, for a while
    setattr(SecretKey, "sign", _signed)  # noqa: B010
    try:
        yield
    finally:
        setattr(PublicKey, "verify", _verify)  # noqa: B010
        setattr(SecretKey, "sign", _sign)  # noqa: B010
        _known.clear()


def play(number: int, steps: int = STEPS) -> World:
    """Play one story; AssertionError tells what was broken."""
    told: list[str] = []
    try:
        with quick():
            world = World(number, told)
            laws = Laws(world)
            for _step in range(steps):
                world.step()
                laws.check()
            world.tell("all is mended")
            world.heal()
            laws.at_the_end()
    except Exception as error:
        story = "\n".join(told)
        raise AssertionError(f"story {number}: {type(error).__name__}: {error}\n{story}") from error
    return world


def main() -> int:
    """Play stories, from where the last campaign ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("stories", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--log", type=Path)
    given = parser.parse_args()
    done = 0
    if given.log:
        given.log.parent.mkdir(parents=True, exist_ok=True)
        done = len(given.log.read_text().splitlines()) if given.log.exists() else 0
        if done:
            print(f"{done} stories were played before: {given.log} tells them; without it all begins anew")
    for number in range(given.first + done, given.first + given.stories):
        begun = time.process_time()
        try:
            world = play(number)
        except AssertionError as error:
            print(error)
            return 1
        line = f"story {number}: {len(world.codes)} parties, {world.sizes()[world.codes[0]]}"
        line += f", {time.process_time() - begun:.2f} s"
        if given.log:
            with given.log.open("a") as file:
                file.write(line + "\n")
    print(f"{given.stories} stories, no law broken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
