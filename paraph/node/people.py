"""Who may sign in, and where does a person's secret key lie?

The key is wrapped by the password. At sign-in it is opened and sealed again under a random key that
only the browser holds, in a cookie of its own; the session on the server keeps the sealed bytes. So an
open key works over several workers, and neither the database nor the cookie alone opens it. Initials
and seals ask for the password again. (docs/decisions/open-keys.md)
"""

from collections.abc import Sequence
from datetime import datetime

import nacl.exceptions
import nacl.secret
import nacl.utils
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from paraph.acts import Delegate, Revoke
from paraph.node.journal import Journal
from paraph.node.models import Person, PersonKey
from paraph.record.errors import WrongPassword
from paraph.record.keys import NodeSigner, SecretKey, unwrap, wrap
from paraph.sentences import _
from paraph.state.errors import Refused
from paraph.state.programme import key_id

SEALED = "sealed_key"
TRIES = 5  # wrong passwords for initials, seals and signatures
FORGOTTEN = 300  # seconds until a wrong one is forgotten
POWERS = {
    Person.Role.DELEGATE: ["negotiate"],
    Person.Role.HEAD: ["negotiate", "initial", "seal", "sign"],
}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False


class SignIn(LoginForm):  # type: ignore[misc]
    """Signs in, and opens the person's key for work."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in; the response carries the cookie that opens the key."""
        response: HttpResponse = super().login(request, redirect_url)
        person = self.user
        if isinstance(person, Person):
            secret = closing_key(person, self.cleaned_data["password"])
            if secret is not None:
                keep_open(request, response, secret)
        return response


class NewPassword(ChangePasswordForm):  # type: ignore[misc]
    """Changes the password, and wraps the person's key by the new one."""

    def save(self) -> None:
        """Keep both, or neither."""
        with transaction.atomic():
            rewrap(self.user, self.cleaned_data["oldpassword"], self.cleaned_data["password1"])
            super().save()


# ---------------------------------------------------------------- keys


def keep_open(request: HttpRequest, response: HttpResponse, secret: SecretKey) -> None:
    """Keep a key open for the session: sealed on the server, its seal broken by a cookie only."""
    cookie = nacl.utils.random(32)
    request.session[SEALED] = bytes(nacl.secret.SecretBox(cookie).encrypt(secret.seed)).hex()
    response.set_cookie(
        settings.KEY_COOKIE_NAME,
        cookie.hex(),
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def working_key(request: HttpRequest) -> SecretKey | None:
    """The key of who is signed in, for work; None where it has to be opened by the password."""
    person = request.user
    sealed = request.session.get(SEALED)
    if not sealed or not isinstance(person, Person) or person.signing_key is None:
        return None
    try:
        box = nacl.secret.SecretBox(bytes.fromhex(request.COOKIES.get(settings.KEY_COOKIE_NAME, "")))
        secret = SecretKey(box.decrypt(bytes.fromhex(sealed)))
    except (ValueError, nacl.exceptions.CryptoError):
        return None
    return secret if secret.public.id == person.signing_key.key else None


def closing_key(person: Person, password: str) -> SecretKey | None:
    """The key opened by the password typed now, as initials and seals ask; None where it is wrong."""
    if person.signing_key is None:
        return None
    try:
        return unwrap(person.signing_key.wrapped, password)
    except WrongPassword:
        return None


def try_password(person: Person, password: str) -> SecretKey | None:
    """
    The key opened by a password typed on a page; wrong ones are counted, over all workers.

    Raises:
        Refused: there were too many; even the right one counts only after a while.
    """
    slots = [f"closing-try-{person.pk}-{n}" for n in range(TRIES)]
    if not any(cache.add(slot, 1, FORGOTTEN) for slot in slots):  # taken before the password is looked at
        raise Refused(_("Too many wrong passwords: wait %(minutes)s minutes."), minutes=FORGOTTEN // 60)
    secret = closing_key(person, password)
    if secret is not None:
        cache.delete_many(slots)
    return secret


def rewrap(person: Person, old: str, new: str) -> None:
    """Wrap the person's key by another password."""
    secret = closing_key(person, old)
    if secret is not None and person.signing_key is not None:
        person.signing_key.wrapped = wrap(secret, new)
        person.signing_key.save(update_fields=["wrapped"])


def _forget_key(sender: object, request: HttpRequest | None, **_kwargs: object) -> None:
    if request is not None:
        request.session.pop(SEALED, None)


user_logged_out.connect(_forget_key, dispatch_uid="paraph-forget-key")


# ---------------------------------------------------------------- inviting


def create_person(
    journal: Journal | None,
    roots: Sequence[NodeSigner],
    *,
    username: str,
    password: str,
    role: str,
    titles: dict[str, str],
    offices: dict[str, str] | None = None,
    at: datetime | None = None,
    key: SecretKey | None = None,
    road_maps: Sequence[str] | None = None,
    ad_referendum_only: bool = False,
    until: str = "",
) -> Person:
    """
    Create a person; one who acts gets a key, which the root keys certify in the log.

    Args:
        journal: of the party; None where nobody acts, as at an observer's node.
        roots: the root keys that sign the certificate.
        username: to sign in with.
        password: opens the account and wraps the key.
        role: what the person may do.
        titles: language -> how others see the person.
        offices: language -> the office; the titles by default.
        at: the claimed time of the certificate.
        key: a key that the log may know already; a new one by default.
        road_maps: for which the full powers are given; for all by default.
        ad_referendum_only: whether nothing can be confirmed under them.
        until: the last day of the term; without a term by default.

    Raises:
        Refused: the certificate cannot be written; nobody was created.
    """
    offices = offices or {}
    person = Person(
        username=username,
        role=role,
        title_en=titles.get("en", ""),
        title_ru=titles.get("ru", ""),
        office_en=offices.get("en", ""),
        office_ru=offices.get("ru", ""),
    )
    person.set_password(password)
    powers = POWERS.get(Person.Role(role))
    if journal is None or journal.me is None or powers is None:
        person.save()
        return person
    key = key or SecretKey.generate()
    if key.public.id not in journal.programme().by[journal.me].grants:
        grant = Delegate(
            key.public.hex,
            titles,
            offices or titles,
            powers,
            None if road_maps is None else list(road_maps),
            ad_referendum_only,
            until,
        )
        journal.record([grant], roots, at=at)
    with transaction.atomic():
        person.save()
        _keep_key(person, key, password)
    return person


def renew_key(journal: Journal, roots: Sequence[NodeSigner], person: Person, password: str) -> None:
    """Give a person who lost the password, or a passkey, new ones; the former keys are revoked."""
    powers = POWERS.get(Person.Role(person.role))
    key = SecretKey.generate()
    if powers is not None and journal.me is not None:
        names = {"en": person.title_en, "ru": person.title_ru}
        offices = {"en": person.office_en, "ru": person.office_ru}
        names, offices = ({k: v for k, v in one.items() if v} for one in (names, offices))
        grants = journal.programme().logs[journal.me].grants
        held = [grants[one.key] for one in person.keys.filter(revoked=False) if one.key in grants]
        limits = held[-1].act if held else None  # they go on as they were
        grant = Delegate(
            key.public.hex,
            names,
            offices or names,
            powers,
            limits.road_maps if limits else None,
            limits.ad_referendum_only if limits else False,
            limits.until if limits else "",
        )
        revoked = [Revoke(key_id(one.act), "renewed") for one in held if one.until is None]
        journal.record([*revoked, grant], roots)
    with transaction.atomic():
        person.set_password(password)
        person.save()
        if powers is not None:
            person.keys.update(revoked=True)  # passkeys too
            _keep_key(person, key, password)


def _keep_key(person: Person, key: SecretKey, password: str) -> None:
    PersonKey.objects.create(
        person=person, key=key.public.id, public=key.public.hex, wrapped=wrap(key, password)
    )
    person.__dict__.pop("signing_key", None)
