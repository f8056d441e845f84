"""Tables that the database itself only lets grow, whoever writes to it."""

from sqlalchemy import TextClause, text


def protect(table: str, dialect: str, unique: str) -> tuple[TextClause, ...]:
    """Return the statements that make a database refuse to change or delete a table's rows.

    unique: an SQL condition that finds the row that a new one, `NEW`, would replace. SQLite needs it:
    its `REPLACE` deletes rows without asking the triggers (sqlite.org/lang_conflict.html).
    """
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        return (
            text(f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refuse}"),
            text(f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {refuse}"),
            text(
                f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {unique}) {refuse}"
            ),
        )
    return (
        text(
            f"CREATE FUNCTION {table}_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is only added to'; END $$"
        ),
        text(
            f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_is_only_added_to()"
        ),
        text(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_only_added_to()"
        ),
    )
