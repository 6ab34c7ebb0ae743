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
