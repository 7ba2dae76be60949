"""What is searched has rows of its own, kept by triggers, and the words that there are are counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0022"

_BANDS, _LAST = range(6), 5
#: What is compared is in small letters, without accents and apostrophes: "Ng'ombe" is "ngombe".
_FOLDED = r"""
    CREATE OR REPLACE FUNCTION search_folded(given text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT btrim(regexp_replace(
            translate(lower(unaccent(left(given, 20000))), '''`´’‘ʼ', ''), '[^[:alnum:]]+', ' ', 'g'))
    $$
"""
#: Words that can be looked up; longer ones are nobody's.
_WORDS = """
    CREATE OR REPLACE FUNCTION search_words_of(folded text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT DISTINCT word FROM string_to_table(folded, ' ') word WHERE length(word) BETWEEN 1 AND 40
    $$
"""
#: Stems with their weights, then what narrows a search down: ^words of the title and the place as they are, @words of the
#: place, and #properties.
_VECTOR = """
    CREATE OR REPLACE FUNCTION search_vector(title text, place text, lead text, body text, properties text[])
    RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT setweight(to_tsvector('english', search_folded(title)), 'A')
            || setweight(to_tsvector('english', search_folded(place)), 'B')
            || setweight(to_tsvector('english', search_folded(lead)), 'C')
            || setweight(to_tsvector('english', search_folded(body)), 'D')
            || array_to_tsvector(
                ARRAY(SELECT '^' || word FROM search_words_of(search_folded(title || ' ' || place)) word)
                || ARRAY(SELECT '@' || word FROM search_words_of(search_folded(place)) word)
                || properties)
    $$
"""
_QUALITY = """
    CREATE OR REPLACE FUNCTION search_quality(rating numeric, reviews integer) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT ((rating * reviews + 3.5 * 4) / (reviews + 4) * 1000)::smallint $$
"""
_SEARCHABLE = """
    CREATE OR REPLACE FUNCTION searchable(wanted uuid) RETURNS TABLE (
        id uuid, kind text, vector tsvector, quality smallint, rating_average numeric,
        currency text, price_minor bigint, min_guests smallint, max_guests smallint
    ) LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT l.id, 'experience',
            search_vector(l.title, l.location, l.summary, l.description, ARRAY[
                '#experience', '#' || l.category,
                '#' || l.currency || floor(2 * ln(l.price_minor + 1) / ln(2))::integer]),
            search_quality(l.rating_average, l.rating_count), l.rating_average,
            l.currency, l.price_minor, l.min_guests, l.max_guests
        FROM listings l WHERE l.id = wanted AND l.kind = 'experience' AND l.status = 'active'
        UNION ALL
        SELECT g.id, 'guide',
            search_vector(u.first_name || ' ' || u.last_name, g.region, array_to_string(g.specializations || g.languages, ' '), g.bio,
                ARRAY['#guide']),
            search_quality(g.rating_average, g.rating_count), g.rating_average, NULL, NULL, NULL, NULL
        FROM guides g JOIN users u ON u.id = g.user_id
        WHERE g.id = wanted AND u.status IN ('pending', 'active') AND 'guide' = ANY (u.roles)
    $$
"""
_INDEX = """
    CREATE OR REPLACE FUNCTION search_index(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_documents AS d (
            id, kind, vector, quality, rating_average, currency, price_minor, min_guests, max_guests)
        SELECT * FROM searchable(wanted)
        ON CONFLICT (id) DO UPDATE SET vector = excluded.vector, quality = excluded.quality,
            rating_average = excluded.rating_average, currency = excluded.currency, price_minor = excluded.price_minor,
            min_guests = excluded.min_guests, max_guests = excluded.max_guests;
        IF NOT FOUND THEN
            DELETE FROM search_documents WHERE id = wanted;
        END IF;
        INSERT INTO search_uncounted (document_id) VALUES (wanted) ON CONFLICT DO NOTHING;
    END $$
"""
_LISTING_CHANGED = """
    CREATE OR REPLACE FUNCTION search_listing_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM search_index(coalesce(NEW.id, OLD.id));
        RETURN NULL;
    END $$
"""
_USER_CHANGED = """
    CREATE OR REPLACE FUNCTION search_user_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM search_index(g.id) FROM guides g WHERE g.user_id = NEW.id;
        RETURN NULL;
    END $$
"""
_LISTED = "title, summary, description, category, location, price_minor, currency, min_guests, max_guests, status"
_RATED = "rating_average, rating_count"
_TRIGGERS = (
    ("listings", "search_listings", f"INSERT OR DELETE OR UPDATE OF {_LISTED}, {_RATED}", "search_listing_changed"),
    ("guides", "search_guides", f"INSERT OR DELETE OR UPDATE OF bio, region, languages, specializations, {_RATED}",
     "search_listing_changed"),
    ("users", "search_users", "UPDATE OF first_name, last_name, status, roles", "search_user_changed"),
)  # fmt: skip
#: What is there already is added in batches. Whoever changes a listing, a guide or their name at this moment waits for no more
#: than one, and what is locked here is read as it is and not as it was: a withdrawn listing is not found again.
_BATCH = 500
_SOME = {
    table: sa.text(f"SELECT id FROM {table} WHERE id > :after ORDER BY id LIMIT :most")  # noqa: S608 - names of ours
    for table in ("listings", "guides")
}
_HOLD = {
    "listings": "SELECT 1 FROM listings WHERE id = ANY(:ids) ORDER BY id FOR SHARE",
    "guides": "SELECT 1 FROM guides g JOIN users u ON u.id = g.user_id WHERE g.id = ANY(:ids) ORDER BY g.id FOR SHARE",
}
_FILL = sa.text(
    """
    INSERT INTO search_documents (
        id, kind, vector, quality, rating_average, currency, price_minor, min_guests, max_guests)
    SELECT d.* FROM unnest(CAST(:ids AS uuid[])) known (id), searchable(known.id) d
    ON CONFLICT DO NOTHING
    """
)
_ANNOUNCE = sa.text("INSERT INTO search_uncounted SELECT unnest(CAST(:ids AS uuid[])) ON CONFLICT DO NOTHING")
_FUNCTIONS = (
    "search_user_changed()",
    "search_listing_changed()",
    "search_index(uuid)",
    "searchable(uuid)",
    "search_quality(numeric, integer)",
    "search_vector(text, text, text, text, text[])",
    "search_words_of(text)",
    "search_folded(text)",
)


def upgrade() -> None:
    _make_tables()
    for function in (
        _FOLDED, _WORDS, _VECTOR, _QUALITY, _SEARCHABLE, _INDEX, _LISTING_CHANGED, _USER_CHANGED,
    ):  # fmt: skip
        op.execute(function)
    for table, name, events, function in _TRIGGERS:
        op.execute(
            f"CREATE OR REPLACE TRIGGER {name} AFTER {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    # From here on the triggers keep what changes; what was there before is added while everybody writes.
    with op.get_context().autocommit_block():
        for table in _SOME:
            _fill(table)


def downgrade() -> None:
    for table, name, _, _ in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    for table in ("search_words", "search_counted", "search_uncounted", "search_documents"):
        op.drop_table(table)
    # Work that the release which is left does not know.
    op.execute("DELETE FROM jobs WHERE kind IN ('periodic.count_words', 'periodic.rank_documents') AND done_at IS NULL")


def _fill(table: str) -> None:
    bind, after = op.get_bind(), "00000000-0000-0000-0000-000000000000"
    while ids := bind.scalars(_SOME[table], {"after": after, "most": _BATCH}).all():
        # Outside the block's autocommit: what is locked stays so until what was read of it is written.
        bind.exec_driver_sql("BEGIN")
        bind.execute(sa.text(_HOLD[table]), {"ids": ids})
        for statement in (_FILL, _ANNOUNCE):
            bind.execute(statement, {"ids": ids})
        bind.exec_driver_sql("COMMIT")
        after = ids[-1]


def _make_tables() -> None:
    """As far as a run that was broken off has not made them."""
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("vector", postgresql.TSVECTOR(), nullable=False),
        sa.Column("band", sa.SmallInteger(), server_default=str(_LAST), nullable=False),
        sa.Column("quality", sa.SmallInteger(), nullable=False),
        sa.Column("rating_average", sa.Numeric(3, 2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("min_guests", sa.SmallInteger(), nullable=True),
        sa.Column("max_guests", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('experience', 'guide')", name=op.f("ck_search_documents_kind_known")),
        sa.CheckConstraint(f"band BETWEEN 0 AND {_LAST}", name=op.f("ck_search_documents_band_bounds")),
        sa.PrimaryKeyConstraint("id", name="pk_search_documents"),
        if_not_exists=True,
    )
    op.create_index("ix_search_documents_quality_id", "search_documents", ["quality", "id"], if_not_exists=True)
    op.create_index(
        "ix_search_documents_band_quality_id", "search_documents", ["band", "quality", "id"], if_not_exists=True
    )
    for band in _BANDS:
        op.create_index(
            f"ix_search_documents_vector_{band}",
            "search_documents",
            ["vector"],
            postgresql_using="gin",
            postgresql_where=sa.text(f"band = {band}"),
            if_not_exists=True,
        )
    op.create_table(
        "search_uncounted",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_search_uncounted"),
        if_not_exists=True,
    )
    op.create_table(
        "search_counted",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("words", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_search_counted"),
        if_not_exists=True,
    )
    op.create_table(
        "search_words",
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("stem", sa.Text(collation="C"), nullable=False),
        sa.Column("document_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_words"),
        if_not_exists=True,
    )
    op.create_index("ix_search_words_stem", "search_words", ["stem"], if_not_exists=True)
    op.create_index(
        "ix_search_words_near",
        "search_words",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
        if_not_exists=True,
    )
