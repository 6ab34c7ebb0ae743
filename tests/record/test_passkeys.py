"""When a passkey's answer counts, at every node alike, and what the node ends by itself."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from paraph.record.entries import content_line, statement
from paraph.record.errors import BadSignature, Malformed, RecordError
from paraph.record.keys import SecretKey
from paraph.record.ledger import Ledger
from paraph.record.notes import parse_note
from paraph.record.passkeys import Answer, Answered, answer_of, read_passkey, said, unpack
from paraph.record.stores import Row
from tests.passkeys import SoftPasskey
from tests.record.writing import Writer, key, roots, seeded

MESSAGE = b"paraph act v1\nwhat a person signs\n"
BOTH = pytest.mark.parametrize("soft", [SoftPasskey("a"), SoftPasskey("a", algorithm="EdDSA")])


def nothing(_name: str) -> bytes | None:
    """No blob is held."""
    return None


# ---------------------------------------------------------------- the answer


@BOTH
def test_an_answer_counts_for_its_message_and_its_key_only(soft: SoftPasskey) -> None:
    packed = soft.answer(MESSAGE).sign(MESSAGE)

    assert soft.public.verify(MESSAGE, packed)
    assert not soft.public.verify(MESSAGE + b"\n", packed)
    assert not SoftPasskey("b", algorithm=soft.algorithm).public.verify(MESSAGE, packed)
    assert not replace(soft.public, site="moscow.example").verify(MESSAGE, packed)
    with pytest.raises(BadSignature, match="something else"):
        soft.answer(MESSAGE).sign(b"another message")


FAULTS: dict[str, dict[str, Any]] = {
    "nobody was verified": {"flags": 0x01},
    "nobody touched it": {"flags": 0x04},
    "for another site": {"site": "evil.example"},
    "a registration": {"client": SoftPasskey("a").client(MESSAGE, type="webauthn.create")},
    "another challenge": {"client": SoftPasskey("a").client(b"other")},
    "on another page": {"client": SoftPasskey("a").client(MESSAGE, origin="https://minsk.example.evil")},
    "on a page below the site": {
        "client": SoftPasskey("a").client(MESSAGE, origin="https://x.minsk.example")
    },
    "in a frame of another page": {"client": SoftPasskey("a").client(MESSAGE, crossOrigin=True)},
    "without encryption": {"client": SoftPasskey("a").client(MESSAGE, origin="http://minsk.example")},
    "in another order": {
        "client": b"{" + SoftPasskey("a").client(MESSAGE)[1:].replace(b'"type"', b' "type"')
    },
    "cut off": {"client": SoftPasskey("a").client(MESSAGE)[:-1]},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_answer_does_not_count(fault: str) -> None:
    soft = SoftPasskey("a")

    answered = soft.answer(MESSAGE, **FAULTS[fault])

    assert not soft.public.verify(MESSAGE, answered.answer.pack())


@BOTH
def test_no_changed_bit_of_an_answer_counts(soft: SoftPasskey) -> None:
    packed = soft.answer(MESSAGE).sign(MESSAGE)
    wrong = [packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :] for at in range(len(packed))]

    assert not any(soft.public.verify(MESSAGE, one) for one in wrong)
    assert not any(soft.public.verify(MESSAGE, packed[:end]) for end in range(len(packed)))


def test_of_the_two_forms_of_one_signature_only_the_lower_counts() -> None:
    soft = SoftPasskey("a")
    answer = unpack(soft.answer(MESSAGE).sign(MESSAGE))
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    mirrored = (order - int.from_bytes(answer.signature[32:], "big")).to_bytes(32, "big")

    other = Answer(answer.authenticator, answer.client, answer.signature[:32] + mirrored)

    assert not soft.public.verify(MESSAGE, other.pack())


@pytest.mark.parametrize(
    ("origin", "rest", "good"),
    [
        ("https://minsk.example", '","crossOrigin":false}', True),
        ("https://minsk.example:8443", '","crossOrigin":false}', True),
        ("https://minsk.example", '"}', True),
        ("https://minsk.example", '","crossOrigin":false,"other":"said by some browsers"}', True),
        ("https://minsk.example:123456", '","crossOrigin":false}', False),
        ("https://minsk.example", '","crossOrigin":true}', False),
        ("https://minsk.example", '","other":1}', False),
    ],
)
def test_what_browsers_say_is_compared_byte_by_byte(origin: str, rest: str, good: bool) -> None:
    client = f'{{"type":"webauthn.get","challenge":"abc","origin":"{origin}{rest}'.encode()

    assert said(client, "abc", "minsk.example") is good


def test_on_this_machine_a_page_needs_no_encryption() -> None:
    client = b'{"type":"webauthn.get","challenge":"abc","origin":"http://localhost:8401","crossOrigin":false}'

    assert said(client, "abc", "localhost")


@pytest.mark.parametrize(
    ("public", "site"),
    [
        ("00" * 64, "minsk.example"),  # no point of the curve
        ("01" + "00" * 31, "minsk.example"),  # of small order
        (SoftPasskey("a").public.hex, "Minsk.example"),
        (SoftPasskey("a").public.hex, "https://minsk.example"),
        (SoftPasskey("a").public.hex, ""),
        (SoftPasskey("a").public.hex, None),
        (SoftPasskey("a").public.hex[:-2], "minsk.example"),
        (7, "minsk.example"),
    ],
)
def test_what_is_no_passkey_is_not_certified(public: object, site: object) -> None:
    with pytest.raises(Malformed):
        read_passkey(public, site)


def test_a_passkey_never_has_the_id_of_a_key_that_signs_bytes_itself() -> None:
    raw = SecretKey(b"x" * 32).public

    assert read_passkey(raw.hex, "minsk.example").id != raw.id


def test_a_signature_that_is_none_is_malformed() -> None:
    with pytest.raises(Malformed):
        answer_of(SoftPasskey("a").public, b"\0" * 37, b"{}", b"not DER")


# ---------------------------------------------------------------- in a log


@pytest.fixture
def desk() -> Writer:
    """Two logs; BY has certified a passkey."""
    made = Writer().begin()
    made.write("BY", certificate(SoftPasskey("head")), roots("BY"))
    return made


def certificate(soft: SoftPasskey, **other: Any) -> dict[str, Any]:
    """The act that gives a passkey full powers."""
    made = {**Writer().certificate("BY", soft.public.hex), "passkey": soft.site}
    return {**made, "powers": ["initial", "seal"], **other}


def answered(desk: Writer, act: dict[str, Any], soft: SoftPasskey, **faults: Any) -> tuple[bytes, Answered]:
    """A content line and the passkey's answer to it."""
    content = content_line("BY", act, seeded(f"salt BY {desk.ledger.size('BY')}"))
    message = statement(desk.charter.prog, "BY", sha256(content).hexdigest())
    return content, soft.answer(message, **faults)


ACT = {"kind": "remark", "subject": "provision:r1/a", "words": {"ru": "Слово"}}


def test_an_entry_signed_by_a_passkey_holds_at_every_node_and_after_a_restart(desk: Writer) -> None:
    content, signer = answered(desk, ACT, SoftPasskey("head"))

    entry = desk.write("BY", ACT, [signer], v=2)

    assert entry.content == content
    assert entry.by == SoftPasskey("head").public.id
    other, again, watcher = (
        Ledger(desk.charter),
        Ledger(desk.charter),
        Ledger(desk.charter, reads_contents=False),
    )
    rows = list(desk.store.rows("BY"))
    other.admit_all(rows, nothing)
    list(again.load(desk.store))
    watcher.admit_all([Row(row.log, row.n, row.note, None) for row in rows], nothing)
    assert {one.root("BY") for one in (other, again, watcher)} == {desk.ledger.root("BY")}


@pytest.mark.parametrize(
    ("soft", "version", "faults", "error"),
    [
        (SoftPasskey("head"), 1, {}, Malformed),
        (SoftPasskey("head"), 3, {}, Malformed),
        (SoftPasskey("head"), 2, {"flags": 0x01}, BadSignature),
        (SoftPasskey("head", site="evil.example"), 2, {}, BadSignature),
        (SoftPasskey("stranger"), 2, {}, RecordError),
    ],
)
def test_an_entry_with_a_wrong_answer_is_refused(
    desk: Writer, soft: SoftPasskey, version: int, faults: dict[str, Any], error: type[RecordError]
) -> None:
    _content, good = answered(desk, ACT, soft, **faults)
    note, content = desk.make("BY", ACT, [_Blind(good)], v=version)

    with pytest.raises(error):
        desk.ledger.admit(note, content, nothing)


class _Blind:
    """Signs with whatever the passkey answered."""

    def __init__(self, answered: Answered) -> None:
        self.public, self._packed = answered.public, answered.answer.pack()

    def sign(self, _message: bytes) -> bytes:
        return self._packed


def test_an_answer_to_another_act_or_for_another_programme_is_refused(desk: Writer) -> None:
    _content, elsewhere = answered(desk, {**ACT, "words": {"ru": "Иначе"}}, SoftPasskey("head"))

    note, content = desk.make("BY", ACT, [_Blind(elsewhere)], v=2)

    with pytest.raises(BadSignature, match="not signed by the key that it names"):
        desk.ledger.admit(note, content, nothing)


def test_an_entry_of_version_2_is_one_that_a_passkey_signs_or_the_end_of_a_term(desk: Writer) -> None:
    note, content = desk.make("BY", ACT, [desk.person["BY"]], v=2)

    with pytest.raises(Malformed, match="version 2"):
        desk.ledger.admit(note, content, nothing)


def test_the_line_of_a_passkey_is_of_its_own_type(desk: Writer) -> None:
    _content, signer = answered(desk, ACT, SoftPasskey("head"))
    entry = desk.write("BY", ACT, [signer], v=2)

    line = parse_note(entry.note).signatures[1]

    assert line.name.endswith(f"/BY/{SoftPasskey('head').public.id}")
    assert unpack(line.raw).client.startswith(b'{"type":"webauthn.get"')


# ---------------------------------------------------------------- the end of a term


def test_the_node_ends_a_term_and_nothing_else(desk: Writer) -> None:
    timed, endless = key("timed").public, key("endless").public
    desk.write("BY", {**desk.certificate("BY", timed.hex), "until": "2021-12-31"}, roots("BY"))
    desk.write("BY", desk.certificate("BY", endless.hex), roots("BY"))

    held = desk.write("BY", {"kind": "revoke", "key": timed.id}, v=2)
    void = desk.write("BY", {"kind": "revoke", "key": endless.id}, v=2)
    unknown = desk.write("BY", {"kind": "revoke", "key": "ab" * 16}, v=2)

    assert held.void == ""
    assert "for a term" in void.void
    assert "for a term" in unknown.void
    again = Ledger(desk.charter)
    voids = [entry.void for entry in again.load(desk.store) if entry.log == "BY"]
    assert voids[-3:] == [held.void, void.void, unknown.void]
    assert (info := again.key("BY", timed.id)) is not None and info.revoked == held.n
    assert (info := again.key("BY", endless.id)) is not None and info.revoked is None


def test_a_term_is_ended_by_the_node_that_holds_and_by_no_delegate(desk: Writer) -> None:
    timed = key("timed")
    desk.write("BY", {**desk.certificate("BY", timed.public.hex), "until": "2021-12-31"}, roots("BY"))
    act = {"kind": "revoke", "key": timed.public.id}

    for note, content in (
        desk.make("BY", act, [desk.person["BY"]]),
        desk.make("BY", act, [timed]),
        desk.make("BY", act, node=key("RU node"), v=2),
        desk.make("BY", act),
    ):
        with pytest.raises(RecordError):
            desk.ledger.admit(note, content, nothing)
