"""Applications of people who want to guide, their history, whose files are whose, and mails to people without an account."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0032"

_KINDS = tuple(
    f"application_{rest}" for rest in ("received", "known", "in_review", "more_info", "approved", "rejected")
)
_KNOWN = "ck_notifications_kind_known"
#: The CHECKs and keys that old rows pass, and that are looked at while others write.
_LATER = (
    ("media", "ck_media_one_owner", "CHECK (num_nonnulls(owner_id, application_id) = 1 OR state = 'removed')"),
    ("media", "ck_media_application_part_known", "CHECK (application_part IN ('resume', 'video', 'document'))"),
    ("media", "ck_media_part_of_application", "CHECK (application_id IS NULL OR application_part IS NOT NULL)"),
    (
        "media",
        "fk_media_application_id_guide_applications",
        "FOREIGN KEY (application_id) REFERENCES guide_applications (id) ON DELETE SET NULL",
    ),
    ("deliveries", "ck_deliveries_one_occasion", "CHECK (num_nonnulls(notification_id, application_id) = 1)"),
    ("deliveries", "ck_deliveries_kind_of_application", "CHECK ((application_id IS NULL) = (kind IS NULL))"),
    (
        "deliveries",
        "fk_deliveries_application_id_guide_applications",
        "FOREIGN KEY (application_id) REFERENCES guide_applications (id) ON DELETE CASCADE",
    ),
)
_INDEXES = (("media", "ix_media_application_id"), ("deliveries", "ix_deliveries_application_id"))


def upgrade() -> None:
    _create_applications()
    _create_history()
    op.create_table(
        "application_intake",
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("bytes >= 0", name=op.f("ck_application_intake_bytes_positive")),
        sa.PrimaryKeyConstraint("on_date", name=op.f("pk_application_intake")),
    )
    op.add_column("media", sa.Column("application_id", sa.Uuid(), nullable=True))
    op.add_column("media", sa.Column("application_part", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("application_id", sa.Uuid(), nullable=True))
    op.add_column("deliveries", sa.Column("kind", sa.Text(), nullable=True))
    op.alter_column("deliveries", "notification_id", nullable=True)
    for table, name, rule in _LATER:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID")
    _allow([*(kind for kind in _known() if kind not in _KINDS), *_KINDS])
    with op.get_context().autocommit_block():
        for table, name, _ in _LATER:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
        op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {_KNOWN}")
        for table, name in _INDEXES:
            # One that broke off half-way would be skipped for ever.
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {table} (application_id)")


def downgrade() -> None:
    for statement in (
        "DELETE FROM deliveries WHERE application_id IS NOT NULL",
        # The release that is left knows no files without an account; those who tidy the bucket find them by their age.
        "DELETE FROM media WHERE owner_id IS NULL",
        "DELETE FROM jobs WHERE done_at IS NULL AND kind IN"
        " ('accounts.open_application', 'accounts.ask_for_files', 'periodic.sweep_applications')",
    ):
        op.execute(statement)
    for table, name, _ in reversed(_LATER):
        op.drop_constraint(op.f(name), table)
    op.alter_column("deliveries", "notification_id", nullable=False)
    op.drop_column("deliveries", "kind")
    op.drop_column("deliveries", "application_id")
    op.drop_column("media", "application_part")
    op.drop_column("media", "application_id")
    op.drop_table("application_intake")
    op.drop_table("guide_application_events")
    op.drop_table("guide_applications")
    _allow([kind for kind in _known() if kind not in _KINDS])
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {_KNOWN}")


def _create_applications() -> None:
    required = ("full_name", "phone", "location", "experience_years", "bio")
    optional = ("social_emails", "facebook", "instagram", "twitter", "tiktok", "youtube")
    op.create_table(
        "guide_applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in required),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in optional),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        sa.Column("status", sa.Text(), server_default="submitted", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("licence_number", sa.Text(), nullable=True),
        sa.Column("licence_expires_on", sa.Date(), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        _created_at(),
        sa.CheckConstraint(
            "status IN ('submitted', 'in_review', 'more_info', 'approved', 'rejected')",
            name=op.f("ck_guide_applications_status_known"),
        ),
        sa.CheckConstraint("locale IN ('en', 'sw')", name=op.f("ck_guide_applications_locale_known")),
        sa.CheckConstraint(
            "status = 'submitted' OR confirmed_at IS NOT NULL", name=op.f("ck_guide_applications_reviewed_confirmed")
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR (status = 'approved' AND user_id IS NOT NULL)",
            name=op.f("ck_guide_applications_accepted_approved"),
        ),
        sa.CheckConstraint("length(reason) <= 1000", name=op.f("ck_guide_applications_reason_length")),
        sa.CheckConstraint(
            "licence_expires_on IS NULL OR licence_number IS NOT NULL", name=op.f("ck_guide_applications_licence_whole")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_guide_applications_reviewer_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_guide_applications_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_applications")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guide_applications_token_hash")),
    )
    op.create_index(op.f("ix_guide_applications_status_id"), "guide_applications", ["status", "id"])
    for column in ("email", "user_id"):
        op.create_index(op.f(f"ix_guide_applications_{column}"), "guide_applications", [column])
    op.create_index(
        "ix_guide_applications_sought",
        "guide_applications",
        [sa.literal_column("lower((full_name || ' ') || email::text)").label("sought")],
        postgresql_using="gin",
        postgresql_ops={"sought": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_guide_applications_unconfirmed",
        "guide_applications",
        ["submitted_at"],
        postgresql_where=sa.text("confirmed_at IS NULL"),
    )
    op.create_index(
        "ix_guide_applications_resting",
        "guide_applications",
        ["changed_at"],
        postgresql_where=sa.text("accepted_at IS NULL AND status IN ('approved', 'more_info', 'rejected')"),
    )


def _create_history() -> None:
    op.create_table(
        "guide_application_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        _created_at(),
        sa.CheckConstraint(
            "verb IN ('start', 'more_info', 'answer', 'approve', 'reject', 'submit', 'confirm', 'accept')",
            name=op.f("ck_guide_application_events_verb_known"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_guide_application_events_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["guide_applications.id"],
            name=op.f("fk_guide_application_events_application_id_guide_applications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_application_events")),
    )
    op.create_index(op.f("ix_guide_application_events_application_id"), "guide_application_events", ["application_id"])
    # What deletes an application deletes its history from within that statement's own triggers; nobody else may.
    op.execute(
        "CREATE TRIGGER guide_application_events_append_only BEFORE UPDATE OR DELETE ON guide_application_events "
        "FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change()"
    )


def _created_at() -> sa.Column:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
    )


def _known() -> list[str]:
    """The kinds that there are by now, whichever migrations came before."""
    query = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return re.findall(r"'([^']*)'", op.get_bind().scalar(query, {"name": _KNOWN}))


def _allow(kinds: list[str]) -> None:
    """Swap the vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f(_KNOWN), "notifications")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(f"ALTER TABLE notifications ADD CONSTRAINT {_KNOWN} CHECK (kind IN ({listed})) NOT VALID")
