"""The pages as a Django app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Templates and static files."""

    name = "paraph.pages"
    label = "pages"
