"""Let nobody empty the audit log, and chain what is in it: entries announce themselves, a job makes links of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

_ANNOUNCE = "INSERT INTO audit_unchained (id) SELECT id FROM audit_logs EXCEPT SELECT id FROM audit_unchained"


def upgrade() -> None:
    op.create_table(
        "audit_unchained",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_unchained"),
    )
    op.create_table(
        "audit_chain",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_id", sa.Uuid(), sa.Computed("entry_ids[1]", persisted=True), nullable=False),
        sa.Column(
            "last_id", sa.Uuid(), sa.Computed("entry_ids[cardinality(entry_ids)]", persisted=True), nullable=False
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_audit_chain_number_positive")),
        sa.CheckConstraint("cardinality(entry_ids) > 0", name=op.f("ck_audit_chain_entries_some")),
        sa.CheckConstraint(
            "octet_length(digests) = 32 * cardinality(entry_ids)", name=op.f("ck_audit_chain_digests_whole")
        ),
        sa.CheckConstraint(
            "octet_length(previous_hash) = 32 AND octet_length(hash) = 32", name=op.f("ck_audit_chain_hashes_whole")
        ),
        sa.PrimaryKeyConstraint("number", name="pk_audit_chain"),
        sa.UniqueConstraint("previous_hash", name="uq_audit_chain_previous_hash"),
    )
    op.create_index("ix_audit_chain_last_id", "audit_chain", ["last_id"])
    op.execute(
        """
        CREATE FUNCTION announce_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.created_at := clock_timestamp();
            INSERT INTO audit_unchained (id) VALUES (NEW.id);
            RETURN NEW;
        END $$
        """
    )
    # What there is announces itself now, while everybody writes; the trigger keeps writers away until we commit, so what
    # they wrote meanwhile is announced after it.
    op.execute(_ANNOUNCE)
    op.execute(
        "CREATE TRIGGER audit_logs_announced BEFORE INSERT ON audit_logs "
        "FOR EACH ROW EXECUTE FUNCTION announce_audit_entry()"
    )
    op.execute(_ANNOUNCE)
    op.execute(
        "CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE ON audit_chain "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    for table in ("audit_logs", "audit_chain"):
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_logs_never_emptied ON audit_logs")
    op.execute("DROP TRIGGER audit_logs_announced ON audit_logs")
    op.execute("DROP FUNCTION announce_audit_entry()")
    op.drop_table("audit_chain")
    op.drop_table("audit_unchained")
    # Work that the release which is left does not know.
    op.execute("DELETE FROM jobs WHERE kind = 'periodic.chain_audit' AND done_at IS NULL")
