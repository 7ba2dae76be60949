"""What the doctor says of a bucket that refuses us, and of one that is away."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from domain.provider_errors import Unavailable
from ops.doctor import providers
from ops.doctor.findings import Level


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        ("AccessDenied", "Correct AWS_BUCKET_NAME"),
        ("InvalidAccessKeyId", "Correct AWS_BUCKET_NAME"),
        ("SignatureDoesNotMatch", "Correct AWS_BUCKET_NAME"),
        ("NoSuchBucket", "Correct AWS_BUCKET_NAME"),
        ("http_403", "Correct AWS_BUCKET_NAME"),
        ("InternalError", "Can this machine reach"),
        ("endpoint_connection_error", "Can this machine reach"),
    ],
)
def test_wrong_keys_are_not_taken_for_an_outage(monkeypatch, settings, code, begins):
    def refuse(*_: object, **__: object) -> None:
        raise Unavailable("no", code=code)

    monkeypatch.setattr(providers, "storage_from", lambda _: SimpleNamespace(put=refuse, close=lambda: None))
    (finding,) = providers.storage(SimpleNamespace(settings=settings))
    assert finding.level is Level.BROKEN
    assert finding.cure.startswith(begins)
