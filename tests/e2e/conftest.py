"""What real processes of a test are started with."""

from __future__ import annotations

import pytest

from settings import Settings


@pytest.fixture
def web_environ(settings: Settings) -> dict[str, str]:
    """The environment of web processes that use this run's database; limits do not get in the way of a crowd."""
    return {
        "APP_ENV": "test",
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "BCRYPT_ROUNDS": "4",
        "LIMIT_REGISTER_ADDRESS": "1000 per 1h",
        "LOG_LEVEL": "warning",
    }
