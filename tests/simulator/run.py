"""The campaign: `make faults SEEDS=300`. Saved after every story; a broken law prints its story."""

import argparse
import sys
import time
from pathlib import Path

from tests.simulator.laws import Laws
from tests.simulator.world import World

STEPS = 240


def play(number: int, steps: int = STEPS) -> World:
    """Play one story; AssertionError tells what was broken."""
    world = World(number)
    laws = Laws(world)
    try:
        for _step in range(steps):
            world.step()
            laws.check()
        world.tell("all is mended")
        world.heal()
        laws.at_the_end()
    except Exception as error:
        told = "\n".join(world.told)
        raise AssertionError(f"story {number}: {type(error).__name__}: {error}\n{told}") from error
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
        begun = time.perf_counter()
        try:
            world = play(number)
        except AssertionError as error:
            print(error)
            return 1
        line = f"story {number}: {len(world.codes)} parties, {world.sizes()[world.codes[0]]}"
        line += f", {time.perf_counter() - begun:.2f} s"
        if given.log:
            with given.log.open("a") as file:
                file.write(line + "\n")
    print(f"{given.stories} stories, no law broken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
