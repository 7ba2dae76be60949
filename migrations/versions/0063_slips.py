"""What was meant by a word that is nowhere, for suggestions: a function, so that a question pays for it only where it asks."""

from __future__ import annotations

from alembic import op

revision = "0063"
down_revision = "0060"

#: The likeliest word, or beginning of one, that is one slip of the finger away: a letter too few, too many, another, or two the wrong
#: way round. The first letter is right, but that it may be the second one. Whole words and short ones are compared whole.
_SLIPPED = """
    CREATE OR REPLACE FUNCTION search_slipped(typed text, is_whole boolean) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    DECLARE meant text;
    BEGIN
        IF length(typed) NOT BETWEEN 3 AND 16 THEN
            RETURN typed;
        END IF;
        SELECT near.spelled INTO meant FROM (
            SELECT left(typed, at) || letter || substr(typed, at + took) AS spelled
            FROM generate_series(1, length(typed) - 1) at, generate_series(1, 2) took,
                string_to_table('abcdefghijklmnopqrstuvwxyz', NULL) letter
            UNION ALL
            SELECT left(typed, at) || substr(typed, at + 2) FROM generate_series(1, length(typed) - 1) at
            UNION ALL
            SELECT left(typed, at - 1) || substr(typed, at + 1, 1) || substr(typed, at, 1) || substr(typed, at + 2)
            FROM generate_series(1, length(typed) - 1) at
        ) near,
        LATERAL (
            SELECT w.document_count FROM search_words w
            WHERE w.word >= near.spelled AND w.stem <> ''
                AND w.word <= near.spelled || CASE WHEN is_whole OR length(typed) = 3 THEN '' ELSE chr(1114111) END
            ORDER BY w.document_count DESC LIMIT 1
        ) there
        ORDER BY there.document_count DESC, length(near.spelled) DESC, near.spelled LIMIT 1;
        RETURN coalesce(meant, typed);
    END $$
"""


def upgrade() -> None:
    op.execute(_SLIPPED)


def downgrade() -> None:
    op.execute("DROP FUNCTION search_slipped(text, boolean)")
