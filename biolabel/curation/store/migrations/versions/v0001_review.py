"""Assertions with evidence, and decisions about them."""

import sqlalchemy as sa
from alembic import op

from biolabel.curation.store.append_only import protect

revision = "0001"
down_revision = None

_ID = _COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of a run's assertions, of decisions, and the triggers that keep these."""
    op.create_table(
        "loads",
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("assertions", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("task", name="pk_loads"),
    )
    op.create_table(
        "assertions",
        sa.Column("id", _ID, nullable=False, autoincrement=False),
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("predicate", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("probability", sa.Double, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("uncertainty", sa.Double, nullable=False),
        sa.Column("novelty", sa.Double, nullable=False),
        sa.Column("disagreement", sa.Double, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
        sa.Column("decisions", sa.Integer, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assertions"),
        sa.ForeignKeyConstraint(["task"], ["loads.task"], name="fk_assertions_task"),
    )
    for name in ("probability", "uncertainty", "novelty", "disagreement", "documents"):
        columns = [name, "id", "current", "state", "task", "status"]
        op.create_index(f"ix_assertions_{name}", "assertions", columns)
    for name in ("subject", "object"):
        op.create_index(f"ix_assertions_{name}", "assertions", [name])
    op.create_table(
        "names",
        sa.Column("assertion", _ID, nullable=False, autoincrement=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("assertion", name="pk_names"),
        sa.ForeignKeyConstraint(["assertion"], ["assertions.id"], name="fk_names_assertion"),
    )
    op.create_table(
        "evidence",
        sa.Column("assertion", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("journal", sa.Text, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("assertion", "id", name="pk_evidence"),
        sa.ForeignKeyConstraint(["assertion"], ["assertions.id"], name="fk_evidence_assertion"),
    )
    for name in ("journal", "year"):
        op.create_index(f"ix_evidence_{name}", "evidence", [name, "current", "assertion"])
    op.create_table(
        "rules",
        sa.Column("assertion", _ID, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("votes_for", sa.Integer, nullable=False),
        sa.Column("votes_against", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("assertion", "rule", name="pk_rules"),
        sa.ForeignKeyConstraint(["assertion"], ["assertions.id"], name="fk_rules_assertion"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rules_rule", "rules", ["rule", "assertion"])
    op.create_table(
        "decisions",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("assertion", _ID, nullable=False),
        sa.Column("evidence", _ID),
        sa.Column("verdict", sa.Text),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("undoes", _COUNTER),
        sa.Column("run", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.ForeignKeyConstraint(["assertion"], ["assertions.id"], name="fk_decisions_assertion"),
        sa.ForeignKeyConstraint(
            ["assertion", "evidence"],
            ["evidence.assertion", "evidence.id"],
            name="fk_decisions_evidence",
        ),
        sa.ForeignKeyConstraint(["undoes"], ["decisions.id"], name="fk_decisions_undoes"),
        sa.CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name="ck_decisions_undo"),
        sa.CheckConstraint("(kind = 'undo') = (verdict IS NULL)", name="ck_decisions_verdict"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_assertion", "decisions", ["assertion", "evidence"])
    op.create_index("uq_decisions_undoes", "decisions", ["undoes"], unique=True)
    dialect = op.get_bind().dialect.name
    for statement in protect("decisions", dialect, "id = NEW.id OR undoes = NEW.undoes"):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: no version comes before this one."""
    raise NotImplementedError("decisions are never dropped")
