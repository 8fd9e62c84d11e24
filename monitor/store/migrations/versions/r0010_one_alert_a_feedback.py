"""One alert a feedback: near copies, names of rules, and several cards of one alert.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_EMPTY, _TRUE, _FALSE = sa.text("''"), sa.text("true"), sa.text("false")


def upgrade() -> None:
    """Add the columns, and tell each waiting line which card it is about.

    Alerts that are open stay as they are. There is no way back.
    """
    _add_text("alerts", "group_rule")
    _add_number("alerts", "explained_by")
    _add_flag("alerts", "fallback", _TRUE)
    _add_text("alerts", "copy_group")
    _add_text("alerts", "advice")
    _add_text("alerts", "ticket")
    _add_number("alerts", "joined_into")
    _add_number("matches", "joined_from")
    _add_text("matches", "rule_name")
    _add_text("verdicts", "rule_id")
    _add_text("deliveries", "card_id")
    _add_text("deliveries", "mention")
    _add_text("deliveries", "meant_for")
    _add_text("deliveries", "replaces")
    _add_flag("deliveries", "home", _TRUE)
    _add_flag("deliveries", "fallback", _TRUE)
    _add_flag("deliveries", "prompt", _FALSE)
    op.execute("UPDATE alerts SET group_rule = rule_id")
    op.create_index(
        "ix_alerts_group_rule_group_key", "alerts", ["group_rule", "group_key"], unique=False
    )
    op.create_index("ix_alerts_joined_into", "alerts", ["joined_into"], unique=False)
    op.create_index("ix_alerts_explained_by", "alerts", ["explained_by"], unique=False)
    op.create_index("ix_alerts_copy_group", "alerts", ["copy_group"], unique=False)
    op.create_index("ix_matches_joined_from", "matches", ["joined_from"], unique=False)
    op.create_index("ix_deliveries_card_id", "deliveries", ["card_id"], unique=False)
    op.execute(
        """
        UPDATE deliveries SET card_id = coalesce((
            SELECT card.id FROM deliveries AS card
            WHERE card.alert_id = deliveries.alert_id AND card.kind = 'card'
                AND card.state NOT IN ('merged', 'dead')
            ORDER BY card.created_at DESC, card.id DESC LIMIT 1
        ), '')
        WHERE kind IN ('update', 'entry', 'call')
            AND state IN ('pending', 'attempting', 'uncertain')
        """
    )


def _add_text(table: str, name: str) -> None:
    column: sa.Column[str] = sa.Column(name, sa.Text(), nullable=False, server_default=_EMPTY)
    op.add_column(table, column)


def _add_number(table: str, name: str) -> None:
    column: sa.Column[int] = sa.Column(
        name, sa.BigInteger(), nullable=False, server_default=sa.text("0")
    )
    op.add_column(table, column)


def _add_flag(table: str, name: str, default: sa.TextClause) -> None:
    column: sa.Column[bool] = sa.Column(name, sa.Boolean(), nullable=False, server_default=default)
    op.add_column(table, column)
