"""The application under Django's name for it."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """`recoup.store.tables`, labelled `store`."""

    name = "recoup.store.tables"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
