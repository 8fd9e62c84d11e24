"""Run by Alembic: migrates over the connection and the transaction that `monitor.store.migrate`
hands over.
"""

from __future__ import annotations

from alembic import context

from monitor.store.migrate import is_own_table
from monitor.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    include_name=is_own_table,
)
context.run_migrations()
