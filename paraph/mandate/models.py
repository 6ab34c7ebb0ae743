"""What does a delegation keep to itself?"""

from django.conf import settings
from django.db import models


class InternalNote(models.Model):
    """A word among colleagues about a subject; it never leaves this node."""

    subject = models.CharField(max_length=200, db_index=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    words = models.TextField(max_length=10_000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class Seen(models.Model):
    """The states of a road map that a person saw: the last one, and the one before something new came."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    road_map = models.CharField(max_length=64)
    state = models.TextField()  # its name: BY13-RU15
    before = models.TextField(blank=True, default="")
    acts = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "road_map"], name="one_sight_of_a_road_map")]


class ApprovedDraft(models.Model):
    """The draft of a road map that the government approved: a file, or a state of the record."""

    road_map = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    basis = models.CharField(max_length=300)  # which act of the government approved it
    state = models.TextField(blank=True, default="")
    file_name = models.CharField(max_length=255, blank=True, default="")
    file = models.BinaryField(default=b"")
