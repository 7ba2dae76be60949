"""The benchmarks in small, so that they cannot rot: the reference answers as we do, and what makes the load makes it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import datetime

import psutil
import psycopg2
import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import make_server

from models.session import Database
from settings import Settings
from tests.bench import data, enumeration, limit, load, questions, report, same, servers

pytestmark = pytest.mark.e2e


def plain(settings: Settings) -> str:
    return settings.database_url.replace("postgresql+psycopg2:", "postgresql:")


@pytest.fixture
def catalogue(db: Database, settings: Settings) -> data.Catalogue:
    connection = psycopg2.connect(plain(settings))
    try:
        return data.load(connection, 200, 30, datetime.now(data.NAIROBI).date())
    finally:
        connection.close()


@pytest.fixture
def ours(app: Flask) -> Iterator[servers.Server]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield servers.Server("ours", f"http://127.0.0.1:{server.server_port}", psutil.Process(), ())
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.mark.usefixtures("http")
def test_the_benchmarks_still_run_and_compare_like_with_like(catalogue, ours, settings, redis_url, tmp_path, db):
    environ = {
        **os.environ,
        "DATABASE_URL": plain(settings),
        "REDIS_URL": redis_url,
        "CDN_BASE_URL": settings.cdn_base_url,
        "WEB_WORKERS": "1",
    }
    lists = load.write_questions(tmp_path / "lists.txt", questions.lists(50))
    sales = load.write_questions(tmp_path / "sales.txt", questions.bookings(catalogue, settings, 0, 40))

    with servers.reference(environ, tmp_path, ()) as reference:
        paths = [*questions.lists(15), *questions.details(catalogue, 5), *questions.availability(catalogue, 10)]
        paths += [*questions.searches(20), *questions.suggestions(20)]
        assert same.check(ours, reference, [*paths, *questions.oddities(catalogue)]) > 100
        with pytest.raises(same.Different):
            same.check(ours, servers.Server("broken", f"{reference.url}/nothing", psutil.Process(), ()), paths)
        answered = load.run(reference, lists, 1)
    done, seconds = limit.measure(plain(settings), "booking", 0.5, sales)

    assert answered.requests > 0
    assert (answered.refused, answered.broken) == (0, 0)
    with db.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM bookings")) == done > 0
    measured = report.Measured("booking", "bare psycopg2", 0.5, ours=[answered], rates=[done / seconds])
    report.write(tmp_path / "record.json", {}, [measured], {})
    assert measured.row()[0] == "booking"


def test_two_samples_are_told_apart_by_their_ranks():
    even, later = [float(number) for number in range(0, 200, 2)], [number + 30.0 for number in range(200)]
    assert enumeration.mann_whitney(even, [value + 1 for value in even]) > 0.7
    assert enumeration.mann_whitney(even, later) < 0.001
    assert enumeration.mann_whitney([5.0] * 50, [5.0] * 50) == 1.0
    # U = 0 of 9 pairs: 4.5 from its mean, which is 1.964 times its deviation.
    assert enumeration.mann_whitney([1, 2, 3], [4, 5, 6]) == pytest.approx(0.0495, abs=0.0001)
