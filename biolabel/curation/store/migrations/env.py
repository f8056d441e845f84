"""What Alembic runs around the migrations: they share the connection and transaction of the caller."""

from alembic import context

from biolabel.curation.store.tables import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
