"""What Alembic runs around the migrations: they share the connection and transaction of the caller."""

from alembic import context

from biolabel.curation.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
