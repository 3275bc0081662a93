"""The tables. Every one grows only; the exceptions say so.

`log_*` is the agency's log as `recoup.evidence` knows it, `book_*` what its entries made.
"""

from __future__ import annotations

from django.db import models

ID_CHARACTERS = 100
KIND_CHARACTERS = 50


class LogEntry(models.Model):
    """A leaf at its index."""

    idx = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField()

    class Meta:
        db_table = "log_entry"


class LogPayload(models.Model):
    """What lies sealed beside a leaf; emptied when its subject is erased. `record` is the leaf's own."""

    idx = models.BigIntegerField(primary_key=True)
    record = models.CharField(max_length=ID_CHARACTERS, db_index=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "log_payload"


class LogTile(models.Model):
    """Hashes of a tile; a partial one is replaced by a wider one."""

    pk = models.CompositePrimaryKey("level", "idx")
    level = models.SmallIntegerField()
    idx = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        db_table = "log_tile"


class LogCheckpoint(models.Model):
    """The newest signed checkpoint, replaced by the next one; `id` is 0."""

    id = models.SmallIntegerField(primary_key=True)
    note = models.TextField()

    class Meta:
        db_table = "log_checkpoint"


class LogCosigned(models.Model):
    """A checkpoint with cosignatures of witnesses."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()

    class Meta:
        db_table = "log_cosigned"


class BookRow(models.Model):
    """A version of a row, made by `entry`. `body` is canonical JSON, sealed where there is a subject; NULL: erased."""

    pk = models.CompositePrimaryKey("kind", "row_id", "version")
    kind = models.CharField(max_length=KIND_CHARACTERS)
    row_id = models.CharField(max_length=ID_CHARACTERS)
    version = models.IntegerField()
    entry = models.BigIntegerField(db_index=True)
    subject = models.CharField(max_length=ID_CHARACTERS)
    body = models.BinaryField(null=True)

    class Meta:
        db_table = "book_row"
        indexes = (models.Index(fields=("subject",), name="book_row_subject", condition=~models.Q(subject="")),)


class BookMessage(models.Model):
    """An outgoing message, made by `entry`. `body` as in BookRow."""

    pk = models.CompositePrimaryKey("entry", "position")
    entry = models.BigIntegerField()
    position = models.IntegerField()
    agency = models.CharField(max_length=ID_CHARACTERS)
    type = models.CharField(max_length=ID_CHARACTERS)
    subject = models.CharField(max_length=ID_CHARACTERS)
    body = models.BinaryField(null=True)

    class Meta:
        db_table = "book_message"
        indexes = (models.Index(fields=("subject",), name="book_message_subject", condition=~models.Q(subject="")),)


class BookSettled(models.Model):
    """A message that was delivered, as entry `by` says. The key lets nobody settle one twice."""

    pk = models.CompositePrimaryKey("entry", "position")
    entry = models.BigIntegerField()
    position = models.IntegerField()
    by = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "book_settled"


class BookErased(models.Model):
    """A subject that was erased, as `entry` says: nothing is written under it again."""

    subject = models.CharField(max_length=ID_CHARACTERS, primary_key=True)
    entry = models.BigIntegerField()

    class Meta:
        db_table = "book_erased"
