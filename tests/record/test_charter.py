"""The founding paper."""

from typing import Any

import msgspec
import pytest

from paraph.record.canonical import encode
from paraph.record.charter import Observer, Party, check_charter, read_charter
from paraph.record.errors import Malformed, TooLarge
from tests.record.writing import charter, key


def party(code: str = "KZ", **other: Any) -> Party:
    """One more party."""
    fields: dict[str, Any] = {
        "code": code,
        "name": {"en": "Kazakhstan"},
        "roots": [key(f"{code} root").public.hex],
        "threshold": 1,
        "node": key(f"{code} node").public.hex,
    }
    return Party(**{**fields, **other})


def with_party(**other: Any) -> Any:
    """A charter with one more party."""
    return charter(parties=[*charter().parties, party(**other)])


def test_reading_back_gives_the_same_bytes_and_the_same_fingerprint() -> None:
    made = charter()

    read = read_charter(made.encode())

    assert read.encode() == made.encode()
    assert read.prog == made.prog
    assert len(made.prog) == 64


def test_any_change_gives_another_programme() -> None:
    made = charter()

    assert charter(salt="00" * 32).prog != made.prog
    assert charter(marks=["reconstruction"]).prog != made.prog
    assert with_party().prog != made.prog


def test_nodes_are_found_by_code() -> None:
    made = charter()

    assert made.node_of("BY") == key("BY node").public.hex
    assert made.node_of("OBS") == key("OBS node").public.hex
    assert made.party("RU").threshold == 1
    for unknown in (made.node_of, made.party):
        with pytest.raises(KeyError):
            unknown("XX")


def test_one_party_may_found() -> None:
    check_charter(charter(parties=[party()]))


WRONG: list[tuple[Any, str]] = [
    (charter(v=2), "version 2"),
    (charter(rules=0), "rules"),
    (charter(parties=[]), "parties"),
    (
        charter(parties=[party(f"P{chr(65 + n // 26)}{chr(65 + n % 26)}") for n in range(65)]),
        "64",
    ),
    (with_party(code="BY"), "each used once"),
    (with_party(code="OBS"), "each used once"),
    (with_party(code="K"), "capital"),
    (with_party(code="kz"), "capital"),
    (with_party(code="KZ\n"), "capital"),
    (with_party(code="АВ"), "capital"),
    (with_party(threshold=0), "threshold"),
    (with_party(threshold=2), "threshold"),
    (with_party(roots=[]), "threshold"),
    (with_party(roots=[key(f"r{n}").public.hex for n in range(17)]), "threshold"),
    (with_party(node=key("BY node").public.hex), "twice"),
    (with_party(roots=[key("KZ node").public.hex]), "twice"),
    (with_party(roots=[key("a").public.hex] * 2), "twice"),
    (with_party(node="01" + "00" * 31), "not a public key"),
    (with_party(node="00" * 32), "not a public key"),
    (with_party(node=key("KZ node").public.hex.upper()), "not a public key"),
    (with_party(node="7"), "not a public key"),
    (with_party(name={}), "a name"),
    (with_party(name={"english": "Kazakhstan"}), "small letters"),
    (charter(observers=[Observer("O", {"en": "O"}, key("o").public.hex)]), "capital"),
    (charter(authentic=[]), "authentic"),
    (charter(working=["ru"]), "once"),
    (charter(authentic=["RU"]), "small letters"),
    (charter(name={}), "a name"),
    (charter(salt="00"), "salt"),
    (charter(created="6 December 2019"), "date"),
    (charter(created="20191206"), "date"),
    (charter(created="2019-13-06"), "date"),
    (charter(quotas={"entries": 0}), "quota"),
    (charter(public=["Stages"]), "small letters"),
]


@pytest.mark.parametrize(("wrong", "because"), WRONG)
def test_a_charter_that_cannot_stand_is_refused(wrong: Any, because: str) -> None:
    with pytest.raises(Malformed, match=because):
        read_charter(wrong.encode())


def test_other_ways_to_write_a_charter_are_refused() -> None:
    value = msgspec.to_builtins(charter())
    wrongs: list[Any] = [
        {**value, "more": 1},
        {name: field for name, field in value.items() if name != "marks"},
        {**value, "name": "Union State"},
        {**value, "rules": True},
        {**value, "parties": [{**value["parties"][0], "more": 1}]},
        [],
    ]
    for wrong in wrongs:
        with pytest.raises(Malformed):
            read_charter(encode(wrong))
    with pytest.raises(Malformed):
        read_charter(charter().encode() + b"\n")
    with pytest.raises(TooLarge):
        read_charter(b" " * 300_000)
