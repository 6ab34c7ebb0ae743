"""Full powers for a term: the own node ends them at their date, by an entry."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from paraph.acts import Delegate, Propose, Revoke
from paraph.record.keys import SecretKey
from paraph.state import terms
from paraph.state.errors import Refused
from tests.parties import POWERS, Parties
from tests.passkeys import SoftPasskey

pytestmark = pytest.mark.usefixtures("carriers")  # journals on databases

ONE = "provision:gas/one"
WORDS: dict[str, Any] = {"words": {"ru": "Цена едина."}}
LAST, AFTER = datetime(2021, 6, 30, 23, 59, tzinfo=UTC), datetime(2021, 7, 1, 0, 0, tzinfo=UTC)


@pytest.fixture
def parties() -> Parties:
    """BY's delegate has full powers until the end of June 2021."""
    made = Parties.make(delegates=False)
    made.delegate("BY", until="2021-06-30")
    made.delegate("RU")
    made.exchange()
    made.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    return made


def revocations(parties: Parties, code: str) -> list[str]:
    """The keys that BY's log revokes with effect, as that node holds it."""
    programme = parties.programme(code)
    return [
        one.act.key
        for one in programme.by["BY"].entries
        if isinstance(one.act, Revoke) and ("BY", one.n) not in programme.voids
    ]


def test_the_node_ends_a_term_by_itself_after_its_last_day_and_once(parties: Parties) -> None:
    journal = parties.journals["BY"]
    key = parties.people["BY"].public.id

    assert journal.end_terms(LAST) == []
    written = journal.end_terms(AFTER)

    assert [one.act for one in written] == [Revoke(key, terms.REASON)]
    assert written[0].by == parties.nodes["BY"].public.id
    assert journal.end_terms(AFTER) == []
    parties.exchange()
    assert revocations(parties, "BY") == revocations(parties, "RU") == [key]
    assert parties.journals["OBS"].heads() == journal.heads()


def test_who_acts_after_the_last_day_meets_the_revocation_first(parties: Parties) -> None:
    journal, person = parties.journals["BY"], parties.people["BY"]
    journal.record([Propose(ONE, WORDS)], [person], at=LAST)

    with pytest.raises(Refused, match="revoked"):
        journal.record([Propose(ONE, {"words": {"ru": "Иначе."}})], [person], at=AFTER)

    assert revocations(parties, "BY") == [person.public.id]
    parties.exchange()
    assert len(parties.programme("RU").on[ONE]) == 1  # what was written before stands


def test_a_term_decides_nothing_where_no_entry_ends_it(parties: Parties) -> None:
    parties.exchange()
    programme = parties.programme("RU")

    assert terms.over(programme, "BY", date(2031, 1, 1)) == [parties.people["BY"].public.id]
    assert programme.by["BY"].grants[parties.people["BY"].public.id].until is None
    assert not programme.voids


def test_the_node_ends_no_powers_that_have_no_term(parties: Parties) -> None:
    journal = parties.journals["RU"]

    assert journal.end_terms(datetime(2099, 1, 1, tzinfo=UTC)) == []
    with pytest.raises(Refused, match="only root keys end full powers"):
        journal.record([Revoke(parties.people["RU"].public.id)], ())


def test_a_term_that_is_no_date_is_refused(parties: Parties) -> None:
    with pytest.raises(Refused, match="a term ends on a date"):
        parties.delegate("BY", until="2021-6-30")


def test_a_passkey_takes_the_place_of_a_key_that_holds_and_of_no_other(parties: Parties) -> None:
    soft, journal = SoftPasskey("head").public, parties.journals["BY"]
    names = {"en": "Head"}

    for instead_of, passkey in (
        (SecretKey.generate().public.id, soft.site),
        (parties.people["BY"].public.id, ""),
    ):
        key = soft.hex if passkey else SecretKey.generate().public.hex
        act = Delegate(key, names, names, POWERS, passkey=passkey, instead_of=instead_of)
        with pytest.raises(Refused, match="only a passkey takes the place"):
            journal.record([act], [parties.roots["BY"]])
