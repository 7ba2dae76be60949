"""What travellers ask guides: conversations and messages, and what both are told of them and of hidden experiences."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0023"

KINDS = "ck_notifications_kind_known"
NEW = ("enquiry", "enquiry_answered", "experience_hidden", "experience_shown", "new_message")


def upgrade() -> None:
    created = sa.text("clock_timestamp()")
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lower_id", sa.Uuid(), nullable=False),
        sa.Column("higher_id", sa.Uuid(), nullable=False),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=created, nullable=False),
        sa.CheckConstraint("lower_id < higher_id", name=op.f("ck_conversations_pair_ordered")),
        sa.ForeignKeyConstraint(["lower_id"], ["users.id"], name=op.f("fk_conversations_lower_id_users")),
        sa.ForeignKeyConstraint(["higher_id"], ["users.id"], name=op.f("fk_conversations_higher_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("lower_id", "higher_id", name=op.f("uq_conversations_lower_id_higher_id")),
    )
    for side in ("lower_id", "higher_id"):
        op.create_index(f"ix_conversations_{side}_last_message_at", "conversations", [side, "last_message_at"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=created, nullable=False),
        sa.CheckConstraint("sender_id <> receiver_id", name=op.f("ck_messages_two_people")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["users.id"], name=op.f("fk_messages_sender_id_users")),
        sa.ForeignKeyConstraint(["receiver_id"], ["users.id"], name=op.f("fk_messages_receiver_id_users")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_messages_listing_id_listings")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_messages_booking_id_bookings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_conversation_id_sent_at_id", "messages", ["conversation_id", "sent_at", "id"])
    op.create_index("ix_messages_sender_id_receiver_id_sent_at", "messages", ["sender_id", "receiver_id", "sent_at"])
    op.create_index("ix_messages_receiver_id_sent_at", "messages", ["receiver_id", "sent_at"])
    op.create_index("ix_messages_unread", "messages", ["receiver_id"], postgresql_where=sa.text("read_at IS NULL"))
    op.create_index(
        "ix_messages_booking_id", "messages", ["booking_id"], postgresql_where=sa.text("booking_id IS NOT NULL")
    )
    known = _known()
    _allow([*known, *(word for word in NEW if word not in known)])
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {KINDS}")


def downgrade() -> None:
    # What was told about it and the work of telling it: the release that is left has no words for it.
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = ANY(:kinds)",
        "DELETE FROM notifications WHERE kind = ANY(:kinds)",
        "DELETE FROM jobs WHERE done_at IS NULL AND (payload ->> 'kind' = ANY(:kinds) OR kind = 'notifications.show_message')",
    ):
        op.execute(sa.text(statement).bindparams(sa.bindparam("kinds", list(NEW), sa.ARRAY(sa.Text))))
    _allow([word for word in _known() if word not in NEW])
    op.drop_table("messages")
    op.drop_table("conversations")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {KINDS}")


def _known() -> list[str]:
    """The words that the vocabulary has by now, whichever migrations came before."""
    query = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return re.findall(r"'([^']*)'", op.get_bind().scalar(query, {"name": KINDS}))


def _allow(words: list[str]) -> None:
    """Swap the vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f(KINDS), "notifications")
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE notifications ADD CONSTRAINT {KINDS} CHECK (kind IN ({listed})) NOT VALID")
