"""The first tables. Ids are compared by their bytes on both databases: pages of rows stand in ASCII order."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

_COMPARED = {"book_row": ("kind", "row_id"), "book_erased": ("subject",), "log_payload": ("record",)}


def ascii_order(apps: Any, schema_editor: Any) -> None:
    """SQLite compares bytes anyway; PostgreSQL is told to."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, columns in _COMPARED.items():
        for column in columns:
            schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar COLLATE "C"')


class Migration(migrations.Migration):
    """The first tables."""

    initial = True

    dependencies = ()

    operations = (
        migrations.CreateModel(
            name="BookErased",
            fields=[
                ("subject", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
            ],
            options={
                "db_table": "book_erased",
            },
        ),
        migrations.CreateModel(
            name="BookSettled",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry", "position", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry", models.BigIntegerField()),
                ("position", models.IntegerField()),
                ("by", models.BigIntegerField(db_index=True)),
            ],
            options={
                "db_table": "book_settled",
            },
        ),
        migrations.CreateModel(
            name="LogCheckpoint",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "log_checkpoint",
            },
        ),
        migrations.CreateModel(
            name="LogCosigned",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "log_cosigned",
            },
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("idx", models.BigIntegerField(primary_key=True, serialize=False)),
                ("leaf", models.BinaryField()),
            ],
            options={
                "db_table": "log_entry",
            },
        ),
        migrations.CreateModel(
            name="LogPayload",
            fields=[
                ("idx", models.BigIntegerField(primary_key=True, serialize=False)),
                ("record", models.CharField(db_index=True, max_length=100)),
                ("sealed", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "log_payload",
            },
        ),
        migrations.CreateModel(
            name="LogTile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "idx", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("idx", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "db_table": "log_tile",
            },
        ),
        migrations.CreateModel(
            name="BookMessage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry", "position", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry", models.BigIntegerField()),
                ("position", models.IntegerField()),
                ("agency", models.CharField(max_length=100)),
                ("type", models.CharField(max_length=100)),
                ("subject", models.CharField(max_length=100)),
                ("body", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "book_message",
                "indexes": [
                    models.Index(
                        condition=models.Q(("subject", ""), _negated=True),
                        fields=["subject"],
                        name="book_message_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BookRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "row_id", "version", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=50)),
                ("row_id", models.CharField(max_length=100)),
                ("version", models.IntegerField()),
                ("entry", models.BigIntegerField(db_index=True)),
                ("subject", models.CharField(max_length=100)),
                ("body", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "book_row",
                "indexes": [
                    models.Index(
                        condition=models.Q(("subject", ""), _negated=True), fields=["subject"], name="book_row_subject"
                    )
                ],
            },
        ),
        migrations.RunPython(ascii_order, migrations.RunPython.noop),
    )
