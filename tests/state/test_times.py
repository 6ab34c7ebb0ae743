"""Claimed time, not before and not after, as the record says them."""

from datetime import datetime

from paraph.state import times
from tests.parties import Parties

ABOUT = "provision:gas/one"


def test_an_entry_lies_between_what_it_knew_and_what_knew_it_of_other_parties() -> None:
    parties = Parties.make("BY", "RU")
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    parties.words("RU", ABOUT, "Слова из Москвы.")
    parties.exchange()
    parties.words("BY", ABOUT, "Слова из Минска.")
    programme = parties.programme("BY")
    mine, theirs = programme.by["BY"].entries[-1], programme.by["RU"].entries[-1]

    before, after = times.not_before(programme, mine), times.not_after(programme, mine)

    assert before is not None and (before.by, before.at) == (theirs, theirs.at)
    assert after is None  # Moscow has not acknowledged it
    parties.exchange()
    parties.words("RU", ABOUT, "Ответ из Москвы.")
    parties.exchange()
    programme = parties.programme("BY")
    after = times.not_after(programme, mine)
    assert after is not None
    assert after.by.log == "RU" and after.by.knew("BY", mine.n)
    assert not programme.by["RU"].entries[after.by.n - 1].knew("BY", mine.n)
    assert before.at <= mine.at <= after.at


def test_a_false_claim_of_its_own_party_moves_neither_bound() -> None:
    parties = Parties.make("BY", "RU")
    parties.now = datetime.fromisoformat("2031-01-01T00:00:00+00:00")
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    programme = parties.programme("RU")
    first = programme.by["BY"].entries[0]

    assert times.not_before(programme, first) is None  # it knew nobody
    after = times.not_after(programme, first)
    assert after is not None and after.by.log == "RU"
