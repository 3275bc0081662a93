"""Django as ORM and migrations only: no web, no templates. A site with settings of its own lists the application."""

from __future__ import annotations

from itertools import count

import django
from django.conf import settings
from django.db import connections

from recoup.store.target import Target

APPLICATION = "recoup.store.tables"
_numbers = count(1)

# On import, so that whatever imports this module before the models finds them usable.
if not settings.configured:
    settings.configure(INSTALLED_APPS=[APPLICATION], DATABASES={}, USE_TZ=True, TIME_ZONE="UTC")
    django.setup()


def register(target: Target) -> str:
    """Django's name (alias) for a database of this process."""
    alias = f"recoup-{next(_numbers)}"
    filled = connections.configure_settings({"default": {"ENGINE": target.engine}, alias: target.settings})
    connections.databases[alias] = filled[alias]
    return alias


def forget(alias: str) -> None:
    """Close this thread's connection and let go of the database; again does nothing."""
    if alias in connections.databases:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
