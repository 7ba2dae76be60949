"""What must hold over all rows whatever happened: seats, money and watches, asked in plain SQL and not through our code."""

from __future__ import annotations

from sqlalchemy import text

from models.session import Database

#: Each question selects the rows that break a promise.
PROMISES = {
    "a departure's counter is the seats of its active bookings, within capacity": """
        SELECT d.id, d.seats_taken, d.capacity, sum(b.seats) AS booked
        FROM departures d LEFT JOIN bookings b ON b.departure_id = d.id
            AND b.status IN ('pending', 'paid', 'confirmed', 'completed', 'no_show')
        GROUP BY d.id
        HAVING d.seats_taken <> coalesce(sum(b.seats), 0) OR d.seats_taken > d.capacity""",
    "one payment settles a receivable, and only of a settled one": """
        SELECT r.id, r.state, count(*) FILTER (WHERE p.settles) AS settling
        FROM receivables r LEFT JOIN payments p ON p.receivable_id = r.id
        GROUP BY r.id
        HAVING count(*) FILTER (WHERE p.settles) <> CASE WHEN r.state = 'settled' THEN 1 ELSE 0 END""",
    "a booking's state and what is owed for it agree": """
        SELECT b.reference, b.status, r.state FROM bookings b JOIN receivables r ON r.booking_id = b.id
        WHERE NOT CASE
            WHEN b.status = 'pending' THEN r.state = 'open'
            WHEN b.status = 'expired' THEN r.state = 'void'
            WHEN b.status = 'cancelled' THEN r.state IN ('void', 'settled')
            ELSE r.state = 'settled' END""",
    "no refund is above what was captured": """
        SELECT p.id, p.state, p.amount_minor, sum(f.amount_minor) AS refunded
        FROM payments p JOIN refunds f ON f.payment_id = p.id
        GROUP BY p.id
        HAVING sum(f.amount_minor) > p.amount_minor
            OR p.state NOT IN ('succeeded', 'partially_refunded', 'refunded')""",
    "captured less refunded is what was due, or everything went back": """
        SELECT * FROM (
            SELECT b.reference, b.status,
                coalesce(sum(p.amount_minor) FILTER (WHERE p.state IN ('succeeded', 'partially_refunded', 'refunded')
                    AND p.attention IS DISTINCT FROM 'surplus_without_receipt'), 0)
                - coalesce(sum((SELECT sum(f.amount_minor) FROM refunds f WHERE f.payment_id = p.id)), 0) AS kept,
                coalesce(sum(p.amount_minor) FILTER (WHERE p.settles), 0) AS due
            FROM bookings b JOIN receivables r ON r.booking_id = b.id LEFT JOIN payments p ON p.receivable_id = r.id
            GROUP BY b.id) AS money
        WHERE NOT CASE WHEN status = 'cancelled' THEN kept BETWEEN 0 AND due ELSE kept = due END""",
    "a success never regresses": """
        SELECT p.id, p.state FROM payments p
        WHERE p.state NOT IN ('succeeded', 'partially_refunded', 'refunded')
            AND (p.settles OR EXISTS (SELECT FROM payment_events e
                WHERE e.payment_id = p.id AND e.evidence IN ('settled', 'callback_success')))""",
    "somebody watches every payment that nobody is sure of": """
        SELECT p.id, p.state FROM payments p
        WHERE p.state IN ('pending', 'processing', 'unknown') AND NOT EXISTS (SELECT FROM jobs j
            WHERE (j.key = 'push:' || p.id OR j.key LIKE 'query:' || p.id || '%')
                AND j.done_at IS NULL AND j.dead_at IS NULL)""",
    "a hold has a job that ends it, and nothing else has": """
        SELECT b.reference, b.status FROM bookings b
        WHERE (b.status = 'pending') <> EXISTS (SELECT FROM jobs j
            WHERE j.key = 'hold:' || b.id AND j.done_at IS NULL)""",
    "the last event of a booking is its state": """
        SELECT b.reference, b.status FROM bookings b
        WHERE b.status <> coalesce((SELECT e.to_status FROM booking_events e
            WHERE e.booking_id = b.id ORDER BY e.at DESC, e.id DESC LIMIT 1), 'pending')""",
    "whoever is concerned has seen how a booking stands, or will be shown it": """
        SELECT b.reference, b.status, concerned.user_id FROM bookings b
        CROSS JOIN LATERAL (SELECT b.customer_id AS user_id UNION SELECT b.host_id WHERE EXISTS (
            SELECT FROM booking_events e WHERE e.booking_id = b.id
                AND e.to_status IN ('paid', 'confirmed', 'rejected', 'completed', 'no_show'))) AS concerned
        WHERE b.status <> 'pending'
            AND NOT EXISTS (SELECT FROM jobs j WHERE j.kind = 'notifications.show_changes' AND j.done_at IS NULL
                AND j.payload = jsonb_build_object('user_id', concerned.user_id, 'booking_id', b.id))
            AND b.status IS DISTINCT FROM (SELECT n.data ->> 'status' FROM notifications n
                WHERE n.user_id = concerned.user_id AND n.kind = 'booking_updated'
                    AND n.data ->> 'booking_id' = b.id::text ORDER BY n.seq DESC LIMIT 1)""",
    "whoever pays has seen how a payment stands, or will be shown it": """
        SELECT p.id, p.state, p.failure_code FROM payments p JOIN receivables r ON r.id = p.receivable_id
        WHERE p.state <> 'pending'
            AND NOT EXISTS (SELECT FROM jobs j WHERE j.kind = 'notifications.show_changes' AND j.done_at IS NULL
                AND j.payload = jsonb_build_object('user_id', r.payer_id, 'booking_id', r.booking_id))
            AND jsonb_build_object('status', p.state, 'code', p.failure_code) IS DISTINCT FROM (
                SELECT jsonb_build_object('status', n.data -> 'status', 'code', n.data -> 'failure_code')
                FROM notifications n WHERE n.user_id = r.payer_id AND n.kind = 'payment_updated'
                    AND n.data ->> 'payment_id' = p.id::text ORDER BY n.seq DESC LIMIT 1)""",
    "nobody is shown the same twice in a row": """
        SELECT * FROM (SELECT user_id, seq, data, lag(data) OVER (PARTITION BY user_id, kind,
            coalesce(data ->> 'payment_id', data ->> 'booking_id') ORDER BY seq) AS before
            FROM notifications WHERE NOT has_badge) AS shown
        WHERE data = before""",
    "a user's notifications are numbered without a gap": """
        SELECT u.id, u.notification_seq, count(n.id), max(n.seq)
        FROM users u LEFT JOIN notifications n ON n.user_id = u.id
        GROUP BY u.id HAVING u.notification_seq <> count(n.id) OR coalesce(max(n.seq), 0) <> count(n.id)""",
}


def check_books(db: Database) -> None:
    """Fails with the broken promise and the rows that break it."""
    with db.reading() as session:
        for promise, question in PROMISES.items():
            broken = [dict(row) for row in session.execute(text(question)).mappings()]
            assert not broken, f"{promise}: {broken}"
