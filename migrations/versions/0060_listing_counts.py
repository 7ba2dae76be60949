"""How much is offered at which price is kept by a trigger, so that lists of a million need not be counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0062"

#: As domain/price_steps.py has it.
_STEP = """
    CREATE OR REPLACE FUNCTION price_step(minor bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT minor - minor % (10 ^ greatest(length(minor::text) - 2, 0))::bigint $$
"""
_CHANGED = """
    CREATE OR REPLACE FUNCTION listing_counts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND OLD.kind = 'experience' AND OLD.status = 'active' THEN
            INSERT INTO listing_counts (category, currency, price_step, listings)
            VALUES (OLD.category, OLD.currency, price_step(OLD.price_minor), -1);
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.kind = 'experience' AND NEW.status = 'active' THEN
            INSERT INTO listing_counts (category, currency, price_step, listings)
            VALUES (NEW.category, NEW.currency, price_step(NEW.price_minor), 1);
        END IF;
        RETURN NULL;
    END $$
"""
_TRIGGERS = (
    """
    CREATE TRIGGER listing_counts_added AFTER INSERT OR DELETE ON listings
    FOR EACH ROW EXECUTE FUNCTION listing_counts_changed()
    """,
    """
    CREATE TRIGGER listing_counts_changed AFTER UPDATE OF kind, status, category, currency, price_minor ON listings
    FOR EACH ROW WHEN ((OLD.kind, OLD.status, OLD.category, OLD.currency, OLD.price_minor)
        IS DISTINCT FROM (NEW.kind, NEW.status, NEW.category, NEW.currency, NEW.price_minor))
    EXECUTE FUNCTION listing_counts_changed()
    """,
)
_FILL = """
    INSERT INTO listing_counts (category, currency, price_step, listings)
    SELECT category, currency, price_step(price_minor), count(*) FROM listings
    WHERE kind = 'experience' AND status = 'active' GROUP BY 1, 2, 3
"""


def upgrade() -> None:
    op.create_table(
        "listing_counts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price_step", sa.BigInteger(), nullable=False),
        sa.Column("listings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listing_counts"),
    )
    op.create_index(
        "ix_listing_counts_category_currency_price_step",
        "listing_counts",
        ["category", "currency", "price_step"],
        postgresql_include=["listings"],
    )
    op.execute(_STEP)
    op.execute(_CHANGED)
    # From the first trigger until this is committed whoever writes a listing waits, and everybody else reads: what is counted
    # here is exactly what the triggers do not tell of. An index holds all that is counted: about a second among a million.
    for trigger in _TRIGGERS:
        op.execute(trigger)
    op.execute(_FILL)


def downgrade() -> None:
    for name in ("listing_counts_changed", "listing_counts_added"):
        op.execute(f"DROP TRIGGER {name} ON listings")
    op.execute("DROP FUNCTION listing_counts_changed()")
    op.execute("DROP FUNCTION price_step(bigint)")
    op.drop_table("listing_counts")
