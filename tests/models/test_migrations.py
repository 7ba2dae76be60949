"""Migrations lead up to what the models say and back down to nothing, in one line and under short timeouts."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import psycopg2
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

from models import Base
from models.doorbell import connect
from tests.support.database import alembic_config, throw_away_database
from tests.support.waiting import eventually

#: What migrations make, leaving out what belongs to extensions.
_LEFT = """
    SELECT 'table ' || c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND {own}
    UNION ALL SELECT 'function ' || c.proname FROM pg_proc c WHERE c.pronamespace = 'public'::regnamespace AND {own}
    UNION ALL SELECT 'type ' || c.typname FROM pg_type c
        WHERE c.typnamespace = 'public'::regnamespace AND c.typelem = 0 AND {own}
    UNION ALL SELECT 'trigger ' || c.tgname FROM pg_trigger c WHERE NOT c.tgisinternal
""".replace("{own}", "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')")


@pytest.fixture(scope="module")
def scratch(database_url) -> Iterator[str]:
    """A database of this module alone; every test leaves it at the newest migration."""
    with throw_away_database(os.environ["DATABASE_URL"]) as url:
        yield url


@pytest.fixture
def engine(scratch) -> Iterator[Engine]:
    engine = create_engine(scratch, poolclass=NullPool)
    yield engine
    engine.dispose()


def left_in(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(text(_LEFT)))


def test_the_migrations_make_what_the_models_say(scratch):
    command.check(alembic_config(scratch))


def test_down_leaves_nothing_and_up_again_makes_the_same(scratch, engine):
    before = left_in(engine)
    assert {f"table {table.name}" for table in Base.metadata.sorted_tables} <= before
    assert {"function refuse_change", "trigger line_items_append_only"} <= before

    command.downgrade(alembic_config(scratch), "base")
    assert left_in(engine) == {"table alembic_version", "table alembic_version_pkc", "type alembic_version"}

    command.upgrade(alembic_config(scratch), "head")
    assert left_in(engine) == before
    command.check(alembic_config(scratch))


def test_migrations_follow_one_another_in_one_line(scratch):
    script = ScriptDirectory.from_config(alembic_config(scratch))
    revisions = list(script.walk_revisions())
    assert len(script.get_bases()) == len(script.get_heads()) == 1
    assert not any(revision.is_merge_point or revision.is_branch_point for revision in revisions)
    assert all(revision.doc for revision in revisions)


def test_a_migration_neither_waits_long_for_a_lock_nor_works_long_on_a_statement(scratch):
    seen: set[tuple[str, str]] = set()

    def look(_connection, cursor, statement, *_):
        if statement.lstrip().startswith("DROP TABLE"):
            cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
            seen.add(cursor.fetchone())

    event.listen(Engine, "before_cursor_execute", look)
    try:
        command.downgrade(alembic_config(scratch), "base")
    finally:
        event.remove(Engine, "before_cursor_execute", look)
        command.upgrade(alembic_config(scratch), "head")
    assert seen == {("4s", "1min")}


def test_a_second_migrator_waits_for_the_first(scratch, engine):
    first = connect(scratch)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    waiting += "AND query IN ('SELECT pg_try_advisory_lock(4107254)', 'ROLLBACK')"

    def is_waiting() -> bool:
        with engine.connect() as connection:
            return bool(connection.scalar(text(waiting)))

    with first.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4107254)")
        second = threading.Thread(target=command.upgrade, args=(alembic_config(scratch), "head"))
        second.start()
        eventually(is_waiting, what="the second migrator's waiting")
        # Nor does its waiting stand in the first one's way.
        cursor.execute("SET statement_timeout = '5s'")
        cursor.execute("CREATE INDEX CONCURRENTLY ix_scratch ON audit_logs (at)")
        cursor.execute("DROP INDEX ix_scratch")
        assert second.is_alive()
        cursor.execute("SELECT pg_advisory_unlock(4107254)")
    second.join(10)
    assert not second.is_alive()
    first.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(scratch, engine):
    # Each migration is a transaction of its own, so the one that fails is looked at alone.
    command.downgrade(alembic_config(scratch), "0001")
    before = left_in(engine)
    blocker = psycopg2.connect(scratch.replace("postgresql+psycopg2", "postgresql"))
    with blocker.cursor() as cursor:
        cursor.execute("LOCK TABLE audit_logs IN ACCESS SHARE MODE")

        def impatient(_connection, _cursor, statement, parameters, *_):
            is_patience = statement.startswith("SET lock_timeout")
            return "SET lock_timeout = '50ms'" if is_patience else statement, parameters

        event.listen(Engine, "before_cursor_execute", impatient, retval=True)
        try:
            with pytest.raises(OperationalError, match="lock timeout"):
                command.downgrade(alembic_config(scratch), "base")
        finally:
            event.remove(Engine, "before_cursor_execute", impatient)
            blocker.close()
    assert left_in(engine) == before
    command.upgrade(alembic_config(scratch), "head")


def test_live_events_come_and_go_while_older_news_stay(scratch, engine):
    config = alembic_config(scratch)
    write = text("""
        INSERT INTO notifications (id, user_id, seq, key, kind, title, body, data, has_badge)
        VALUES (gen_random_uuid(), :user, :seq, :kind, :kind, '', '', '{}', :badge)
    """)
    ask = text("""
        INSERT INTO jobs (id, kind, queue, key, payload, first_due_at, due_at)
        VALUES (gen_random_uuid(), :kind, 'deliveries', :kind, '{}', now(), now())
    """)
    with engine.begin() as connection:
        user = connection.scalar(
            text("""
                INSERT INTO users (id, first_name, last_name, roles)
                VALUES (gen_random_uuid(), 'Amina', 'Otieno', '{tourist}') RETURNING id
            """)
        )
        connection.execute(write, {"user": user, "seq": 1, "kind": "booking_confirmed", "badge": True})
        connection.execute(write, {"user": user, "seq": 2, "kind": "booking_updated", "badge": False})
        for kind in ("notifications.notify", "notifications.show_changes"):
            connection.execute(ask, {"kind": kind})
    try:
        command.downgrade(config, "0004")
        with engine.begin() as connection:
            assert connection.scalars(text("SELECT kind FROM notifications")).all() == ["booking_confirmed"]
            assert connection.scalars(text("SELECT kind FROM jobs")).all() == ["notifications.notify"]
        with pytest.raises(IntegrityError, match="ck_notifications_kind_known"), engine.begin() as connection:
            connection.execute(write, {"user": user, "seq": 3, "kind": "payment_updated", "badge": False})
        # What an interrupted try leaves behind does not stop the next one.
        with engine.begin() as connection:
            connection.execute(text("CREATE INDEX ix_notifications_unread ON notifications (user_id)"))
        command.upgrade(config, "head")
        with engine.begin() as connection:
            connection.execute(write, {"user": user, "seq": 4, "kind": "payment_updated", "badge": False})
        command.check(config)
    finally:
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE users, jobs CASCADE"))


def test_mails_about_accounts_come_and_go_while_older_news_stay(scratch, engine):
    config = alembic_config(scratch)
    write = text("""
        INSERT INTO notifications (id, user_id, seq, key, kind, title, body, data, has_badge)
        VALUES (gen_random_uuid(), :user, :seq, :kind, :kind, '', '', '{}', :badge) RETURNING id
    """)
    ask = text("""
        INSERT INTO jobs (id, kind, queue, key, payload, first_due_at, due_at)
        VALUES (gen_random_uuid(), :kind, 'deliveries', :key, jsonb_build_object('kind', :key), now(), now())
    """)
    send = text("""
        INSERT INTO deliveries (id, notification_id, channel, address, locale)
        VALUES (gen_random_uuid(), :notification, 'email', 'amina@example.com', 'en')
    """)
    with engine.begin() as connection:
        user = connection.scalar(
            text("""
                INSERT INTO users (id, first_name, last_name, roles)
                VALUES (gen_random_uuid(), 'Amina', 'Otieno', '{tourist}') RETURNING id
            """)
        )
        for seq, (kind, badge) in enumerate((("booking_confirmed", True), ("password_reset", False)), start=1):
            written = connection.scalar(write, {"user": user, "seq": seq, "kind": kind, "badge": badge})
            connection.execute(send, {"notification": written})
            connection.execute(ask, {"kind": "notifications.notify", "key": kind})
        connection.execute(ask, {"kind": "accounts.begin_reset", "key": "begin"})
    try:
        command.downgrade(config, "0008")
        command.downgrade(config, "-1")
        with engine.begin() as connection:
            assert connection.scalars(text("SELECT kind FROM notifications")).all() == ["booking_confirmed"]
            assert connection.scalar(text("SELECT count(*) FROM deliveries")) == 1
            assert connection.scalars(text("SELECT key FROM jobs")).all() == ["booking_confirmed"]
        with pytest.raises(IntegrityError, match="ck_notifications_kind_known"), engine.begin() as connection:
            connection.execute(write, {"user": user, "seq": 3, "kind": "password_changed", "badge": False})
        command.upgrade(config, "head")
        with engine.begin() as connection:
            connection.execute(write, {"user": user, "seq": 4, "kind": "password_changed", "badge": False})
        command.check(config)
    finally:
        command.upgrade(config, "head")
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE users, jobs CASCADE"))


def test_what_was_written_before_the_chain_waits_for_it_like_what_comes_after(scratch, engine):
    config = alembic_config(scratch)
    write = text("""
        INSERT INTO audit_logs (id, at, actor_role, action, entity_type, entity_id)
        VALUES (gen_random_uuid(), now(), 'system', 'a', 'users', gen_random_uuid()) RETURNING id
    """)
    command.downgrade(config, "0008")
    with engine.begin() as connection:
        before = set(connection.scalars(text("SELECT id FROM audit_logs"))) | {connection.scalar(write)}
    with engine.connect() as late:
        # It writes while the migration copies, and commits while the migration waits for its trigger.
        meanwhile = late.scalar(write)
        upgrade = threading.Thread(target=command.upgrade, args=(config, "head"))
        upgrade.start()
        eventually(lambda: _waits(engine, "CREATE TRIGGER audit_logs_announced"), what="waiting for who writes")
        late.commit()
        upgrade.join(20)
    with engine.begin() as connection:
        after = connection.scalar(write)
        waiting = set(connection.scalars(text("SELECT id FROM audit_unchained")))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("TRUNCATE audit_logs, audit_unchained"))
    assert waiting == before | {meanwhile, after}
    command.check(config)


def _waits(engine: Engine, statement: str) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE :like"
    with engine.connect() as connection:
        return bool(connection.scalar(text(query), {"like": f"{statement}%"}))


def test_hours_past_midnight_and_holidays_are_told_to_a_release_that_knows_neither(scratch, engine):
    config, guide = alembic_config(scratch), "00000000-0000-7000-8000-000000000023"
    closings = "SELECT on_date::text, start_time::text, end_time::text FROM availability_calendar ORDER BY 1, 2"
    with engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO users (id, first_name, last_name, roles) VALUES ('{guide}', 'A', 'B', '{{guide}}')")
        )
        connection.execute(text(f"INSERT INTO resources (id, kind, user_id) VALUES ('{guide}', 'person', '{guide}')"))
        for start, end in (("08:00", "18:00"), ("20:00", "02:00")):
            rule = f"(gen_random_uuid(), '{guide}', 4, '{start}', '{end}')"
            columns = "(id, resource_id, weekday, start_time, end_time)"
            connection.execute(text(f"INSERT INTO schedule_rules {columns} VALUES {rule}"))
        for dates, times in (("'2027-01-01', '2027-01-02'", "NULL, NULL"), ("'2027-02-01', NULL", "'22:00', '03:00'")):
            columns = "(id, resource_id, on_date, until_on, start_time, end_time, is_available)"
            row = f"(gen_random_uuid(), '{guide}', {dates}, {times}, false)"
            connection.execute(text(f"INSERT INTO availability_calendar {columns} VALUES {row}"))
    try:
        command.downgrade(config, "0019")
        with engine.connect() as connection:
            assert connection.scalars(text("SELECT end_time::text FROM schedule_rules")).all() == ["18:00:00"]
            assert [tuple(row) for row in connection.execute(text(closings))] == [
                ("2027-01-01", None, None),
                ("2027-01-02", None, None),
                ("2027-02-01", "22:00:00", "23:59:59.999999"),
                ("2027-02-02", "00:00:00", "03:00:00"),
            ]
    finally:
        command.upgrade(config, "head")
        with engine.begin() as connection:
            for table in ("availability_calendar", "schedule_rules", "resources", "users"):
                connection.execute(text(f"DELETE FROM {table}"))
