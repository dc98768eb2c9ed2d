"""What alembic runs: the connection, its transaction and its key come from ``store/migrate.py``."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
