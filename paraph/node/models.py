"""What does a node keep? Logs as they came, its own people with their keys, and their long work."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class CharterRow(models.Model):
    """The founding paper of the programme that this database belongs to."""

    prog = models.CharField(max_length=64, primary_key=True)
    raw = models.BinaryField()


class EntryRow(models.Model):
    """One entry of a log: bytes, never changed."""

    log = models.CharField(max_length=8)
    n = models.PositiveBigIntegerField()
    note = models.BinaryField()
    content = models.BinaryField(null=True)
    received_at = models.DateTimeField(auto_now_add=True)  # by the system clock; decides nothing

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "n"], name="one_entry_at_a_place")]


class BlobRow(models.Model):
    """A larger content, by its name."""

    name = models.CharField(max_length=64, primary_key=True)
    data = models.BinaryField()


class VouchedRow(models.Model):
    """The head of another party's log that this node vouched for last."""

    log = models.CharField(max_length=8, primary_key=True)
    size = models.PositiveBigIntegerField()
    root = models.BinaryField()


class ReceiptRow(models.Model):
    """The head of a log that a party vouched for last, with its line below."""

    log = models.CharField(max_length=8)
    witness = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    raw = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "witness"], name="one_receipt_of_a_witness")]


class StampRow(models.Model):
    """A time at which a head of the own log existed, as a party's receipt or an authority's token says."""

    log = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    source = models.CharField(max_length=16)  # the code of a party, or "authority"
    time = models.DateTimeField()
    raw = models.BinaryField()  # the checkpoint, with the line of the receipt below
    token = models.BinaryField(default=b"")  # DER, of an authority

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "size", "source"], name="one_stamp_of_a_head")]


class HeadRow(models.Model):
    """The last signed head of a log that was kept."""

    log = models.CharField(max_length=8, primary_key=True)
    raw = models.BinaryField()


class PeerRow(models.Model):
    """What the worker that exchanges knows of a peer, for pages that other workers draw."""

    code = models.CharField(max_length=8, primary_key=True)
    view = models.JSONField()


class NonceRow(models.Model):
    """A request of a peer that was answered, for the other workers: it counts once."""

    sender = models.CharField(max_length=8)
    nonce = models.BinaryField(max_length=16)
    at = models.BigIntegerField(db_index=True)  # ms since 1970, as dated by the sender

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "nonce"], name="one_request_of_a_nonce")]


class Person(AbstractUser):
    """Somebody of the delegation."""

    class Role(models.TextChoices):
        """What a person may do."""

        DELEGATE = "delegate", _("delegate")
        HEAD = "head", _("head of delegation")
        VIEWER = "viewer", _("viewer")
        ADMINISTRATOR = "administrator", _("administrator")

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.VIEWER)
    title_en = models.CharField(max_length=200, blank=True)
    title_ru = models.CharField(max_length=200, blank=True)
    office_en = models.CharField(max_length=200, blank=True)
    office_ru = models.CharField(max_length=200, blank=True)

    @property
    def title(self) -> str:
        """How the person is called, in the reader's language."""
        return self._in_language(self.title_en, self.title_ru) or self.username

    @property
    def office(self) -> str:
        """The person's office, in the reader's language."""
        return self._in_language(self.office_en, self.office_ru)

    @staticmethod
    def _in_language(english: str, russian: str) -> str:
        first_russian = (get_language() or "en").startswith("ru")
        return (russian or english) if first_russian else (english or russian)

    @cached_property
    def signing_key(self) -> "PersonKey | None":
        """The key that the person signs with now."""
        mine = self.keys.filter(revoked=False, wrapping=PersonKey.Wrapping.PASSWORD)
        return mine.order_by("-pk").first()

    @property
    def may_act(self) -> bool:
        """Say whether the person takes part in negotiating."""
        return self.role in (self.Role.DELEGATE, self.Role.HEAD) and self.signing_key is not None

    @property
    def may_close(self) -> bool:
        """Say whether the person initials, seals and signs."""
        return self.role == self.Role.HEAD and self.signing_key is not None


class PersonKey(models.Model):
    """A person's key: certified in the log, the secret half wrapped."""

    class Wrapping(models.TextChoices):
        """What opens the secret half."""

        PASSWORD = "password"
        PASSKEY = "passkey"  # no secret lies here: `wrapped` says how a browser finds the passkey

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")
    key = models.CharField(max_length=32, db_index=True)  # the id that entries name in `by`
    public = models.CharField(max_length=512)
    wrapping = models.CharField(max_length=16, choices=Wrapping.choices, default=Wrapping.PASSWORD)
    wrapped = models.TextField()
    revoked = models.BooleanField(default=False)


class Job(models.Model):
    """Long work of a person, which goes on while its page is closed."""

    class State(models.TextChoices):
        """How far it is."""

        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # 0: not known yet
    said = models.JSONField(null=True)  # why it failed: template and parts
    result = models.JSONField(null=True)
    unwanted = models.BooleanField(default=False)  # its person has asked to cancel it
    seen = models.BooleanField(default=False)  # its person has looked at it since it ended
    holder = models.CharField(max_length=64)  # the process that works on it
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
