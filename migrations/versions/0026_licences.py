"""Licences that guides send, and what each guide was told of the end of theirs."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0042"

KINDS = "ck_notifications_kind_known"
TOLD = ("licence_expiring", "licence_expired", "licence_confirmed", "licence_refused")


def upgrade() -> None:
    op.add_column("guides", sa.Column("licence_warned_for", sa.Date(), nullable=True))
    op.add_column("guides", sa.Column("licence_lapsed_for", sa.Date(), nullable=True))
    op.create_table(
        "licence_renewals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'confirmed', 'refused', 'replaced')", name=op.f("ck_licence_renewals_state_known")
        ),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 60", name=op.f("ck_licence_renewals_number_length")),
        sa.CheckConstraint("length(reason) <= 500", name=op.f("ck_licence_renewals_reason_length")),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_licence_renewals_decided_when")),
        sa.CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name=op.f("ck_licence_renewals_refused_why")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_licence_renewals_user_id_users"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["media.id"], name="fk_licence_renewals_document_id_media", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_licence_renewals"),
    )
    op.create_index("ix_licence_renewals_user_id", "licence_renewals", ["user_id"])
    op.create_index("ix_licence_renewals_document_id", "licence_renewals", ["document_id"])
    op.create_index("ix_licence_renewals_state_submitted_at_id", "licence_renewals", ["state", "submitted_at", "id"])
    op.create_index(
        "uq_licence_renewals_waiting",
        "licence_renewals",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    known = _known()
    _allow([*(word for word in known if word not in TOLD), *TOLD])
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {KINDS}")
        # A build that was broken off leaves its index behind, of no use to anybody.
        op.drop_index("ix_guides_licensed_until", "guides", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_guides_licensed_until", "guides", ["licence_expires_on", "id"], postgresql_concurrently=True
        )


def downgrade() -> None:
    # What was told and the work of telling it: the release that is left has no words for it.
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = ANY(:kinds)",
        "DELETE FROM notifications WHERE kind = ANY(:kinds)",
        "DELETE FROM jobs WHERE done_at IS NULL AND (payload ->> 'kind' = ANY(:kinds)"
        " OR kind IN ('periodic.watch_licences', 'accounts.settle_licence'))",
    ):
        op.execute(sa.text(statement).bindparams(kinds=list(TOLD)))
    _allow([word for word in _known() if word not in TOLD])
    op.drop_index("ix_guides_licensed_until", "guides")
    op.drop_table("licence_renewals")
    op.drop_column("guides", "licence_lapsed_for")
    op.drop_column("guides", "licence_warned_for")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {KINDS}")


def _known() -> list[str]:
    """The words that a vocabulary has by now, whichever migrations came before."""
    query = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return re.findall(r"'([^']*)'", op.get_bind().scalar(query, {"name": KINDS}))


def _allow(words: list[str]) -> None:
    """Swap the vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f(KINDS), "notifications")
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE notifications ADD CONSTRAINT {KINDS} CHECK (kind IN ({listed})) NOT VALID")
