"""Hours of one day over HTTP: as many as anybody needs, and no more than everybody who looks can wait for."""

from __future__ import annotations

import pytest

from services.listings.schedules import MOST_ON_A_DATE
from tests.api.test_schedules import OWN, closed, day_in
from tests.support.http import refused


def test_one_date_has_only_so_many_exceptions(http, make, untouched):
    guide = make.guide()
    client, listing = http.signed_in_as(guide), make.listing(guide, rules=False)
    extra = [
        {"date": str(day_in(5)), "is_available": True, "start_time": f"{hour:02}:00", "end_time": f"{hour + 1:02}:00"}
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


ALL_DAY = {"weekday": "monday"}


@pytest.mark.parametrize("is_own", [True, False])
def test_one_weekday_and_one_date_have_only_so_many_hours_together(http, make, untouched, is_own):
    guide = make.guide()
    client, listing = http.signed_in_as(guide), make.listing(guide, rules=False)
    path = OWN if is_own else f"/api/experiences/{listing.id}/schedule"
    times = [{"start_time": f"{at:02}:0{at}", "end_time": f"{at:02}:0{at}"} for at in range(4)]
    rules = [ALL_DAY | each for each in times]
    extra = [{"date": str(day_in(5)), "is_available": True} | each for each in times]
    with untouched():
        refused(client.post(path, {"rules": rules}), 409, "schedule_full", "rules.0.weekday")
        refused(client.post(path, {"exceptions": extra}), 409, "schedule_full", "exceptions.0.date")
    kept = client.post(path, {"rules": rules[:3], "exceptions": extra[:3]})
    assert kept.status_code == 201
    assert client.post(path, {"rules": [rules[3] | {"weekday": "friday"}]}).status_code == 201
    moved = next(rule["id"] for rule in kept.get_json()["rules"])
    with untouched():
        refused(client.post(path, {"rules": rules[3:]}), 409, "schedule_full", "rules.0.weekday")
    assert client.put(f"{path}/{moved}", {"rule": rules[3]}).status_code == 200
