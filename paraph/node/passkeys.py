"""How does a person of this node get a passkey for initials and seals, and what does it answer?

The browser makes the passkey for the name under which the node is opened. It counts once root keys
have certified it: whoever holds them compares its id with what the person reads on the page.
"""

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fido2.webauthn import AttestationObject

from paraph.acts import Delegate
from paraph.node.errors import HomeError
from paraph.node.journal import Journal, Prepared
from paraph.node.models import Person, PersonKey
from paraph.record.errors import BadSignature, Malformed
from paraph.record.keys import NodeSigner
from paraph.record.passkeys import Answered, Passkey, answer_of, challenge, read_passkey
from paraph.state.programme import Grant, Programme

CLOSING = ("initial", "seal", "sign")
_ALGORITHMS = {-7: "ES256", -8: "EdDSA"}
_KIND = PersonKey.Wrapping.PASSKEY


@dataclass(frozen=True, slots=True)
class Held:
    """A passkey of a person, as this node knows it."""

    row: PersonKey
    grant: Grant | None  # None: not certified yet

    @property
    def public(self) -> Passkey:
        """The public half."""
        return read_passkey(self.row.public, json.loads(self.row.wrapped)["site"])

    @property
    def credential(self) -> str:
        """How the browser finds it, in base64url."""
        return str(json.loads(self.row.wrapped)["credential"])

    @property
    def holds(self) -> bool:
        """Say whether it may be used now."""
        return self.grant is not None and self.grant.until is None


def passkeys_of(person: Person, programme: Programme, party: str) -> list[Held]:
    """The passkeys of a person, oldest first."""
    grants = programme.logs[party].grants if party in programme.logs else {}
    rows = person.keys.filter(wrapping=_KIND, revoked=False).order_by("pk")
    return [Held(row, grants.get(row.key)) for row in rows]


def closing_passkeys(person: Person, programme: Programme, party: str) -> list[Held]:
    """The passkeys with which the person initials, seals and signs; none where the password does it."""
    return [one for one in passkeys_of(person, programme, party) if one.holds]


# ---------------------------------------------------------------- registering


def new_challenge() -> str:
    """What the browser is asked to sign when it makes a passkey."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def register(person: Person, asked: str, site: str, given: Mapping[str, str]) -> Held:
    """
    Keep a passkey that the person's browser has made; it counts once root keys certify it.

    Args:
        person: whose it is.
        asked: the challenge.
        site: the name under which the node was opened.
        given: `attestation` and `client` of the browser, in base64url.

    Raises:
        Malformed: it is not the answer to this question, or a passkey of a kind that is not taken.
    """
    try:
        client = json.loads(_bytes(given, "client"))
        attestation = AttestationObject(_bytes(given, "attestation"))
        data = attestation.auth_data
        credential = data.credential_data
        fits = client["type"] == "webauthn.create" and client["challenge"] == asked
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise Malformed("the browser gave no passkey") from None
    if not fits or data.rp_id_hash != _hash(site) or credential is None:
        raise Malformed("the browser made a passkey for another question")
    if not data.is_user_verified():
        raise Malformed("the passkey does not check who uses it: set a PIN or a fingerprint for it")
    public = read_passkey(_public(dict(credential.public_key)), site)
    name = base64.urlsafe_b64encode(credential.credential_id).rstrip(b"=").decode()
    if PersonKey.objects.filter(key=public.id).exists():
        raise Malformed("this passkey is registered already")
    row = PersonKey.objects.create(
        person=person,
        key=public.id,
        public=public.hex,
        wrapping=_KIND,
        wrapped=json.dumps({"v": 1, "wrap": "passkey", "credential": name, "site": site}),
    )
    return Held(row, None)


def _public(key: Mapping[int, Any]) -> str:
    """The public key of a COSE key, in hex; Malformed where it is of another kind."""
    match _ALGORITHMS.get(key.get(3, 0)):
        case "ES256" if key.get(-1) == 1:
            return bytes(key[-2] + key[-3]).hex()
        case "EdDSA" if key.get(-1) == 6:
            return bytes(key[-2]).hex()
    raise Malformed("the passkey signs in a way that is not taken: ES256 or EdDSA are")


def certify(
    journal: Journal, roots: Sequence[NodeSigner], person: Person, key: str = ""
) -> tuple[Held, Delegate]:
    """
    Let root keys certify a passkey: from then on it initials, seals and signs in place of the password.

    Args:
        journal: of the party.
        roots: the root keys, enough of them.
        person: whose passkey.
        key: its id, or the beginning of it, as the person reads it on the page; needed where several wait.

    Raises:
        HomeError: none waits, or several do.
    """
    party = journal.me or ""
    programme = journal.programme()
    waiting = [
        one
        for one in passkeys_of(person, programme, party)
        if one.grant is None and one.row.key.startswith(key.replace(" ", "").lower())
    ]
    if len(waiting) != 1:
        raise HomeError(
            f"{person.username} has registered no passkey that waits"
            if not waiting
            else f"{person.username} has registered several: name one with --key"
        )
    held, mine = waiting[0], person.signing_key
    grant = programme.logs[party].grants.get(mine.key) if mine else None
    if mine is None or grant is None or grant.until is not None:
        raise HomeError(f"{person.username} has no full powers that hold")
    powers = [one for one in grant.act.powers if one in CLOSING]
    if not powers:
        raise HomeError(f"{person.username} may not initial, seal or sign")
    act = Delegate(
        held.public.hex,
        grant.act.name,
        grant.act.office,
        powers,
        grant.act.road_maps,
        grant.act.ad_referendum_only,
        grant.act.until,
        held.public.site,
        mine.key,
    )
    journal.record([act], roots)
    return held, act


# ---------------------------------------------------------------- answering


def question(held: Held, prepared: Prepared) -> dict[str, str]:
    """What the browser has to know to ask the passkey."""
    return {
        "challenge": challenge(prepared.message),
        "credential": held.credential,
        "site": held.public.site,
    }


def answered(held: Held, prepared: Prepared, given: Mapping[str, str]) -> Answered:
    """
    The passkey's answer to the content line.

    Args:
        held: the passkey that was asked.
        prepared: the act that it was asked about.
        given: `authenticator`, `client` and `signature` of the browser, in base64url.

    Raises:
        RecordError: it does not count.
    """
    try:
        parts = [_bytes(given, name) for name in ("authenticator", "client", "signature")]
    except (ValueError, KeyError, binascii.Error):
        raise Malformed("the browser gave no answer of a passkey") from None
    found = Answered(held.public, answer_of(held.public, *parts))
    try:
        found.sign(prepared.message)
    except BadSignature:
        raise BadSignature(
            "the passkey has answered to something else, or did not check who uses it"
        ) from None
    return found


def _bytes(given: Mapping[str, str], name: str) -> bytes:
    text = given[name]
    if len(text) > 8_192:
        raise ValueError("too long")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hash(site: str) -> bytes:
    return hashlib.sha256(site.encode()).digest()
