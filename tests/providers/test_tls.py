"""Over TLS the same bounds hold, and a server that cannot prove who it is gets nothing of ours."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domain.provider_errors import OutcomeUnknown, Unavailable
from providers import http
from providers.http import HttpClient, Timeouts
from tests.providers import recorded
from tests.providers.conftest import PATIENT
from tests.providers.recorded import RecordedProvider, answer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that no authority signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provider.test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    path = tmp_path_factory.mktemp("tls") / "provider.pem"
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + signed.public_bytes(encoding))
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[RecordedProvider]:
    server = RecordedProvider(certificate)
    yield server
    server.stop()


@pytest.fixture
def trusting(certificate: Path, monkeypatch: pytest.MonkeyPatch, timeouts: Timeouts) -> Iterator[HttpClient]:
    """A client to which the certificate is as good as an authority's."""
    context = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(http, "_trusted", lambda: context)
    client = HttpClient(timeouts)
    yield client
    client.close()


def test_a_server_that_proves_who_it_is_is_called(secure, trusting):
    secure.script("/x", answer(200, b"fine"))
    assert [trusting.call("POST", secure.url + "/x", json={}).body for _ in range(2)] == [b"fine", b"fine"]


def test_a_server_that_does_not_gets_nothing(secure):
    client = HttpClient(PATIENT)
    with pytest.raises(Unavailable) as caught:
        client.call("POST", secure.url + "/x", json={})
    client.close()
    assert caught.value.code == "connect_error"
    assert secure.received == []


@pytest.mark.parametrize("reply", [recorded.hang, recorded.drop, recorded.drip, recorded.flood])
def test_the_bounds_hold_over_tls(secure, trusting, reply):
    secure.script("/x", reply)
    with pytest.raises(OutcomeUnknown):
        trusting.call("POST", secure.url + "/x", json={})


def test_a_server_that_does_not_speak_tls_is_unavailable(provider, trusting):
    with pytest.raises(Unavailable):
        trusting.call("POST", provider.url.replace("http://", "https://") + "/x", json={})
    assert provider.received == []
