"""The log is added to and never changed, whoever asks: the database itself refuses, by triggers.

They are set after every migration, and not by one: SQLite drops them with each table that a later migration makes anew.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

TABLE = "vigie_entry"
TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER IF NOT EXISTS vigie_entry_changed BEFORE UPDATE ON vigie_entry
           BEGIN SELECT RAISE(ABORT, 'the log is added to, and never changed'); END""",
        """CREATE TRIGGER IF NOT EXISTS vigie_entry_removed BEFORE DELETE ON vigie_entry
           BEGIN SELECT RAISE(ABORT, 'the log is added to, and never changed'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION vigie_entry_stays() RETURNS trigger LANGUAGE plpgsql AS
           $$BEGIN RAISE EXCEPTION 'the log is added to, and never changed'; END$$""",
        """CREATE OR REPLACE TRIGGER vigie_entry_changed BEFORE UPDATE OR DELETE ON vigie_entry
           FOR EACH ROW EXECUTE FUNCTION vigie_entry_stays()""",
        """CREATE OR REPLACE TRIGGER vigie_entry_emptied BEFORE TRUNCATE ON vigie_entry
           FOR EACH STATEMENT EXECUTE FUNCTION vigie_entry_stays()""",
    ),
}


def guard(using: str, **_: Any) -> None:
    """Set the triggers where the log is; those that are set stay."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            for statement in TRIGGERS[connection.vendor]:
                cursor.execute(statement)
