"""Migrations that fill what is new from a large catalogue do it in batches, and go on where they were broken off."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from tests.support.database import alembic_config, throw_away_database

#: More than any of them writes at once.
LISTINGS = 2_200
#: By how each begins to write.
FILLS = (
    "UPDATE listings SET published_at",
    "INSERT INTO search_documents",
    "INSERT INTO listing_images",
    "UPDATE search_documents d SET vector",
)
_GUIDE = "00000000-0000-7000-8000-000000000050"
_BEFORE = f"""
    INSERT INTO users (id, first_name, last_name, roles) VALUES ('{_GUIDE}', 'Amina', 'Otieno', '{{guide}}');
    INSERT INTO resources (id, kind, user_id) VALUES ('{_GUIDE}', 'person', '{_GUIDE}');
    INSERT INTO listings (
        id, host_id, resource_id, title, slug, summary, description, category, location, price_minor, duration_minutes,
        max_guests, capacity, meeting_point, status, images)
    SELECT gen_random_uuid(), '{_GUIDE}', '{_GUIDE}', 'Walk', 'walk-' || n, '', '', 'food', 'Nairobi', 100, 60, 4, 4, '',
        'active', ARRAY['a' || n, 'b' || n]
    FROM generate_series(1, {LISTINGS}) n;
"""
_FILLED = {
    "published": "SELECT count(*) FROM listings WHERE published_at = created_at",
    "found by category and price": "SELECT count(*) FROM search_documents WHERE vector @@ '''#food KES13'''::tsquery",
    "with words to count": "SELECT count(*) FROM search_uncounted",
    "counted by price": "SELECT sum(listings) FROM listing_counts",
    "with both pictures": "SELECT count(*) / 2 FROM listing_images",
}


@pytest.fixture
def engine() -> Iterator[Engine]:
    with throw_away_database(os.environ["DATABASE_URL"]) as url:
        engine = create_engine(url, poolclass=NullPool)
        yield engine
        engine.dispose()


def test_what_is_broken_off_is_gone_on_with(engine):
    config = alembic_config(engine.url.render_as_string(hide_password=False))
    command.downgrade(config, "0018")
    with engine.begin() as connection:
        connection.execute(text(_BEFORE))
    batches = dict.fromkeys(FILLS, 0)

    def break_off(_connection, _cursor, statement, *_):
        for fill in FILLS:
            if " ".join(statement.split()).startswith(fill):
                batches[fill] += 1
                if batches[fill] == 2:
                    raise RuntimeError

    event.listen(Engine, "before_cursor_execute", break_off)
    try:
        for _ in FILLS:
            with pytest.raises(RuntimeError):
                command.upgrade(config, "head")
        command.upgrade(config, "head")
    finally:
        event.remove(Engine, "before_cursor_execute", break_off)

    assert all(count > 3 for count in batches.values()), batches
    with engine.connect() as connection:
        filled = {name: connection.scalar(text(query)) for name, query in _FILLED.items()}
    assert filled == dict.fromkeys(_FILLED, LISTINGS)
    command.check(config)
