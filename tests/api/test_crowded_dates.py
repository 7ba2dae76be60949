"""Exceptions of one date over HTTP: as many as anybody needs, and no more than everybody who looks can wait for."""

from __future__ import annotations

from services.listings.schedules import MOST_ON_A_DATE
from tests.api.test_schedules import OWN, closed, day_in
from tests.support.http import refused


def test_one_date_has_only_so_many_exceptions(http, make, untouched):
    guide = make.guide()
    client, listing = http.signed_in_as(guide), make.listing(guide, rules=False)
    extra = [
        {"date": str(day_in(5)), "is_available": True, "start_time": f"{hour:02}:00", "end_time": "23:00"}
        for hour in range(MOST_ON_A_DATE)
    ]
    another = closed(3) | {"until": str(day_in(9))}
    for path in (OWN, f"/api/experiences/{listing.id}/schedule"):
        with untouched():
            refused(client.post(path, {"exceptions": [another, *extra]}), 409, "schedule_full", "exceptions.0.date")
        made = client.post(path, {"exceptions": extra})
        assert made.status_code == 201
        with untouched():
            refused(client.post(path, {"exceptions": [another]}), 409, "schedule_full", "exceptions.0.date")
        shorter = client.post(path, {"exceptions": [closed(3)]}).get_json()["exceptions"][0]["id"]
        with untouched():
            refused(client.put(f"{path}/{shorter}", {"exception": another}), 409, "schedule_full", "exception.date")
