"""Hours past midnight, exceptions that last several days, and a zone for whoever keeps hours of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0019"

_CHECKED = (
    ("availability_calendar", "ck_availability_calendar_dates_ordered", "until_on > on_date"),
    ("schedule_rules", "ck_schedule_rules_validity_ordered", "valid_from <= valid_until"),
)


def upgrade() -> None:
    op.add_column("resources", sa.Column("timezone", sa.Text(), server_default="Africa/Nairobi", nullable=False))
    # So far a body's hours were read in the zone of each listing: where that is one zone, it is the body's.
    op.execute(
        "UPDATE resources SET timezone = theirs.zone FROM ("
        " SELECT resource_id, min(timezone) AS zone FROM listings GROUP BY resource_id HAVING count(DISTINCT timezone) = 1"
        ") AS theirs WHERE theirs.resource_id = resources.id AND theirs.zone <> resources.timezone"
    )
    op.add_column("availability_calendar", sa.Column("until_on", sa.Date(), nullable=True))
    op.drop_constraint(op.f("ck_availability_calendar_times_ordered"), "availability_calendar")
    op.drop_constraint(op.f("ck_schedule_rules_times_ordered"), "schedule_rules")
    for table, name, condition in _CHECKED:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        for table, name, _ in _CHECKED:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    # What the release that is left cannot say must not be sold: openings past midnight go, closings become single days, each
    # with the part after midnight apart.
    op.execute("DELETE FROM schedule_rules WHERE end_time <= start_time")
    op.execute("DELETE FROM availability_calendar WHERE is_available AND end_time <= start_time")
    op.execute(
        "INSERT INTO availability_calendar (id, resource_id, listing_id, on_date, start_time, end_time, is_available, note)"
        " SELECT gen_random_uuid(), resource_id, listing_id, day::date, start_time, end_time, is_available, note"
        " FROM availability_calendar, generate_series(on_date + 1, until_on, interval '1 day') AS day"
        " WHERE until_on IS NOT NULL"
    )
    op.execute("UPDATE availability_calendar SET until_on = NULL")
    op.execute(
        "INSERT INTO availability_calendar (id, resource_id, listing_id, on_date, start_time, end_time, is_available, note)"
        " SELECT gen_random_uuid(), resource_id, listing_id, on_date + 1, '00:00', end_time, is_available, note"
        " FROM availability_calendar WHERE end_time <= start_time AND end_time > '00:00'"
    )
    op.execute("UPDATE availability_calendar SET end_time = '23:59:59.999999' WHERE end_time <= start_time")
    for table, name, _ in _CHECKED:
        op.drop_constraint(op.f(name), table)
    op.create_check_constraint(op.f("ck_schedule_rules_times_ordered"), "schedule_rules", "start_time < end_time")
    op.create_check_constraint(
        op.f("ck_availability_calendar_times_ordered"),
        "availability_calendar",
        "start_time IS NULL OR start_time < end_time",
    )
    op.drop_column("availability_calendar", "until_on")
    op.drop_column("resources", "timezone")
