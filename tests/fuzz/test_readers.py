"""Readers of outside bytes take them or refuse them; nothing else happens."""

import random
from pathlib import Path

import pytest

from tests.fuzz.mutations import mutated, zipped
from tests.fuzz.readers import READERS, Reader

FOUND = sorted((Path(__file__).parent / "found").glob("*-*"))
MUTANTS = 300


@pytest.mark.parametrize("name", READERS)
def test_lawful_bytes_are_taken(name: str) -> None:
    reader = READERS[name]

    assert "taken" in {reader.take(seed) for seed in reader.seeds()}


@pytest.mark.parametrize("name", READERS)
def test_nearly_lawful_bytes_are_taken_or_refused(name: str) -> None:
    reader, picker = READERS[name], random.Random(name)
    seeds = list(reader.seeds())

    answers = {reader.take(_mutant(reader, picker.choice(seeds), picker)) for _mutant_ in range(MUTANTS)}

    assert answers


def _mutant(reader: Reader, seed: bytes, picker: random.Random) -> bytes:
    if reader.mutate is not None:
        number = picker.randrange(2**32)
        return zipped(seed, lambda data, longest: mutated(data, picker, longest), number)
    return mutated(seed, picker, reader.longest)


def test_what_broke_a_reader_once_is_taken_or_refused() -> None:
    answers = {path.name: READERS[path.name.partition("-")[0]].take(path.read_bytes()) for path in FOUND}

    assert all(answers.values())


def test_a_reader_that_falls_is_seen() -> None:
    reader = Reader(lambda data: data.decode(), lambda: [b"a"])

    with pytest.raises(UnicodeDecodeError):
        reader.take(b"\xff")
