"""How alembic reaches the ledger: by the connection that `opening` hands over, in its transaction."""

from alembic import context

from pipeline.ledger.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata,
                  render_as_batch=True, transactional_ddl=False)
context.run_migrations()
