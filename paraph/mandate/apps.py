"""The inside as a Django app."""

from django.apps import AppConfig


class MandateConfig(AppConfig):
    """Internal notes and what follows from a mandate."""

    name = "paraph.mandate"
    label = "mandate"
    default_auto_field = "django.db.models.BigAutoField"
