"""The gallery: every text in every language is in the sandbox, and nowhere that people would get it."""

from __future__ import annotations

import argparse
from dataclasses import replace

import httpx
import pytest

from documents.wording import LOCALES
from domain.notices import NOTICES, Channel
from ops import gallery
from ops.errors import OpsError
from ops.terminal import Terminal
from settings import Settings
from tests.support.network import free_port
from tests.support.sandbox_process import running_sandbox


@pytest.fixture
def offline(monkeypatch, tmp_path) -> None:
    """The environment of a developer, where nothing runs."""
    monkeypatch.setenv("ELITE_STATE", str(tmp_path))
    monkeypatch.setenv("APP_ENV", "development")
    nobody = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("SENDGRID_BASE_URL", f"{nobody}/sendgrid")
    monkeypatch.setenv("AT_BASE_URL", f"{nobody}/africastalking")


def test_every_text_is_there_in_every_language(settings: Settings):
    with running_sandbox() as url:
        addresses = {"sendgrid_base_url": f"{url}/sendgrid", "at_base_url": f"{url}/africastalking"}
        sent = replace(settings, **addresses)
        counts = (gallery.send_mails(sent), gallery.send_texts(sent))
        arrived = tuple(httpx.get(f"{url}/__sim/{kind}").json() for kind in ("mails", "sms"))

    assert counts == tuple(map(len, arrived))
    assert {kind for channel in Channel for kind, _, _ in gallery.told(channel)} == set(NOTICES)
    assert {locale for channel in Channel for _, locale, _ in gallery.told(channel)} == set(LOCALES)


@pytest.mark.usefixtures("offline")
def test_a_sandbox_that_is_not_there_is_named(capsys):
    with pytest.raises(OpsError, match="did not take them all"):
        gallery.run(argparse.Namespace(), Terminal())


@pytest.mark.usefixtures("offline")
def test_nothing_is_sent_in_production(monkeypatch, settings):
    monkeypatch.setattr(gallery.environment, "settings_from", lambda env: replace(settings, app_env="production"))
    with pytest.raises(OpsError, match="This is production"):
        gallery.run(argparse.Namespace(), Terminal())
