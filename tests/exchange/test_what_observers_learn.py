"""Observers verify every chain, and no guess about a closed act can be checked by what they hold."""

import base64
import io
import json
import zipfile
from hashlib import sha256

from paraph.acts import Attest, Propose, proposal_id
from paraph.node.exchange import courier
from paraph.record.entries import blobs_of
from paraph.record.ledger import Ledger
from paraph.state import closing
from tests.exchange.nodes import Nodes
from tests.parties import Parties

ABOUT = "provision:gas/one"
SECRET = "Только для Сторон: цена равна внутренней."
LONG = {"words": {"ru": ("Длинные слова. " * 2_000).strip()}}


def story() -> Parties:
    """Two parties that negotiate, close a text and attest, and an observer that receives all of it."""
    parties = Parties.make("BY", "RU")
    parties.road_map()
    parties.words("BY", ABOUT, SECRET)
    parties.act("BY", Propose(ABOUT, LONG))
    for code in ("BY", "RU"):
        parties.initial(code)
    parties.exchange()
    for code in ("BY", "RU"):
        parties.seal(code)
    parties.exchange()
    shut = closing.closed(parties.programme("RU"), "road_map:gas")
    assert shut is not None
    parties.act("BY", Attest(shut.text, base64.b64encode(b"a container").decode(), "cms"))
    parties.exchange()
    return parties


def seen(parties: Parties) -> bytes:
    """All bytes that the observer holds, or is given in a courier's file, unpacked."""
    watcher = parties.journals["OBS"]
    found = [row.note + (row.content or b"") for log in ("BY", "RU") for row in watcher.store.rows(log)]
    found += [watcher.store.blob(name) or b"" for name in watcher.store.blob_names()]
    with zipfile.ZipFile(io.BytesIO(courier.pack(parties.journals["BY"], "OBS"))) as file:
        found += [file.read(name) + name.encode() for name in file.namelist()]
    return b"\n".join(found)


def test_an_observer_verifies_every_chain_and_holds_nothing_that_checks_a_guess() -> None:
    parties = story()
    held, programme = seen(parties), parties.programme("BY")
    shut = closing.closed(programme, "road_map:gas")
    assert shut is not None

    fresh = Ledger(parties.charter, reads_contents=False)
    fresh.admit_all(
        [row for log in ("BY", "RU") for row in parties.journals["OBS"].store.rows(log)], lambda _n: None
    )
    assert {log: fresh.root(log) for log in ("BY", "RU")} == {
        log: parties.journals["BY"].ledger.root(log) for log in ("BY", "RU")
    }
    guesses = [SECRET.encode(), ABOUT.encode(), b"road_map:gas", shut.text.encode(), b"Delegate"]
    guesses += [name.encode() for name in programme.proposals]  # hashes of words without salt
    guesses += [name.encode() for name in parties.journals["BY"].store.blob_names()]
    guesses += [sha256(line.encode()).hexdigest().encode() for line in shut.lines]
    assert len(guesses) > 12
    assert not [
        guess for guess in guesses if guess in held or json.dumps(guess.decode())[1:-1].encode() in held
    ]
    assert SECRET in str(programme.proposals[proposal_id(ABOUT, {"words": {"ru": SECRET}})].content)


def test_equal_contents_have_unequal_commitments_and_blobs_their_own_salt() -> None:
    parties = story()
    parties.act("BY", Propose(ABOUT, LONG))
    rows = [row for row in parties.journals["BY"].store.rows("BY") if row.content]

    contents = [json.loads(row.content or b"") for row in rows]

    salts = [one["salt"] for one in contents] + [
        ref.salt.hex() for one in contents for ref in blobs_of(one["act"])
    ]
    assert len(set(salts)) == len(salts)
    assert all(len(salt) == 64 for salt in salts)
    long = [one for one in contents if "blob" in str(one["act"].get("content"))]
    assert len(long) == 2
    assert len({one["act"]["content"]["blob"] for one in long}) == 2


def test_closed_notes_of_one_key_have_one_size_whatever_they_say() -> None:
    parties = story()
    person = parties.people["BY"].public.id

    sizes = {
        len(row.note)
        for row in parties.journals["BY"].store.rows("BY", 10, 100)
        if json.loads(row.note.split(b"\n")[0])["by"] == person
    }

    assert len(sizes) == 1


def test_an_observer_is_refused_every_blob_alike() -> None:
    parties = story()
    real = next(parties.journals["BY"].store.blob_names())
    with Nodes(parties) as nodes:
        caller = nodes.caller("OBS", "BY")
        said = [caller._ask("GET", f"blob/{name}", 10_000) for name in (real, "ab" * 32)]
        caller.transport.close()

    assert [answer.status for answer in said] == [403, 403]
    assert said[0].body == said[1].body
