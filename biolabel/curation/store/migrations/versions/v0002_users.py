"""Users, the audit log, and decisions that a browser may send twice."""

import sqlalchemy as sa
from alembic import op

from biolabel.curation.store.append_only import protect

revision = "0002"
down_revision = "0001"

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of users and of the audit log, and the column of decisions' keys."""
    dialect = op.get_bind().dialect.name
    op.create_table(
        "users",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("adjudicator", sa.Boolean, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table(
        "audit",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.add_column("decisions", sa.Column("key", sa.Text))
    op.create_index("uq_decisions_key", "decisions", ["by", "key"], unique=True)
    for statement in protect("audit", dialect, "id = NEW.id"):
        op.execute(statement)
    if dialect == "sqlite":
        # A key makes a row unique too, so the trigger against replacing must know it.
        op.execute(sa.text("DROP TRIGGER decisions_replace"))
        unique = 'id = NEW.id OR undoes = NEW.undoes OR ("by" = NEW."by" AND key = NEW.key)'
        op.execute(protect("decisions", dialect, unique)[-1])


def downgrade() -> None:
    """Refuse: users and their audit log are never dropped."""
    raise NotImplementedError("users and the audit log are never dropped")
