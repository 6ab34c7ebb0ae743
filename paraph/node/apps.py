"""The server room as a Django app."""

from django.apps import AppConfig


class NodeConfig(AppConfig):
    """Stored logs and people."""

    name = "paraph.node"
    label = "node"
    default_auto_field = "django.db.models.BigAutoField"
