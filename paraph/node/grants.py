"""What may the role that serves do in the database, and who makes the tables?

On PostgreSQL the tables belong to another role, which serves nobody. The role that serves reads and adds
entries, contents and the charter, and can neither change nor delete any; the heads that this node has
vouched for, and the receipts, only go on.
"""

from typing import Any

from django.db import connection
from psycopg import sql

KEPT = ("node_entryrow", "node_blobrow", "node_charterrow")  # read and added to, nothing else
GROWING = ("node_vouchedrow", "node_receiptrow")  # their `size` never becomes smaller
_GROWS = """
create or replace function paraph_grows() returns trigger language plpgsql as $$
begin
  if new.size < old.size or new.log <> old.log then
    raise exception 'a head that was vouched for only goes on';
  end if;
  return new;
end $$;
"""


def grant(role: str) -> None:
    """Give the role that serves what it needs, as the owner of the tables; what it had before is taken."""
    with connection.cursor() as cursor:
        cursor.execute(_GROWS)
        for table in GROWING:
            _run(cursor, "drop trigger if exists grows on {table}", table=table)
            _run(
                cursor,
                "create trigger grows before update on {table} for each row execute function paraph_grows()",
                table=table,
            )
        for table in connection.introspection.table_names(cursor):
            _run(cursor, "revoke all on table {table} from {role}", table=table, role=role)
            _run(cursor, f"grant {_rights(table)} on table {{table}} to {{role}}", table=table, role=role)
        _run(cursor, "grant usage, select on all sequences in schema public to {role}", role=role)
        _run(cursor, "revoke create on schema public from {role}", role=role)


def _rights(table: str) -> str:
    if table == "django_migrations":
        return "select"
    if table in KEPT:
        return "select, insert"
    if table in GROWING:
        return "select, insert, update"
    return "select, insert, update, delete"


def _run(cursor: Any, template: str, **names: str) -> None:
    parts = {name: sql.Identifier(value) for name, value in names.items()}
    cursor.execute(sql.SQL(template).format(**parts))
