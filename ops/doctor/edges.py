"""What the outside sees of us: the API, live events, pictures, the callback address, and what it must not see."""

from __future__ import annotations

import secrets
import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
from sqlalchemy import text

from ops.doctor.findings import Finding, broken, good, look
from ops.doctor.patient import Patient

_TIMEOUT = httpx.Timeout(5.0, connect=3.0)
#: Days that a certificate should still be good for.
RENEW_DAYS, URGENT_DAYS = 21, 5
_HANDSHAKE = "/socket.io/?EIO=4&transport=polling"
_PROBE = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "doctor",
            "CheckoutRequestID": "doctor",
            "ResultCode": 1032,
            "ResultDesc": "Asked by the doctor; belongs to no payment",
        }
    }
}
#: Our own refusals of a callback that names no payment: whoever gets one has reached us.
_REACHED = {"callback_not_found", "callback_address_refused"}


def api(patient: Patient) -> Iterator[Finding]:
    """The API answers at the address that everybody is given."""
    answer = _get(patient.api + "/health")
    if isinstance(answer, str):
        cure = f"Is web running, and does API_URL lead to it? {patient.log_of('web')}"
        yield broken("API", f"{patient.api} {answer}", cure)
    elif answer.status_code != 200 or "application/json" not in answer.headers.get("content-type", ""):
        yield broken("API", f"{patient.api}/health answers {answer.status_code}", "Somebody else answers at API_URL.")
    else:
        yield good("API", f"{patient.api} answers in {answer.elapsed.total_seconds() * 1000:.0f} ms")


def live_events(patient: Patient) -> Iterator[Finding]:
    """Socket.IO is reached on the API's own origin."""
    answer = _get(patient.api + _HANDSHAKE)
    if not isinstance(answer, str) and answer.status_code == 200 and answer.text.startswith("0{"):
        yield good("Live events", "Socket.IO answers on the API's origin")
        return
    said = answer if isinstance(answer, str) else f"answers {answer.status_code}"
    yield broken(
        "Live events",
        f"/socket.io/ {said}",
        "Is realtime running, and does the proxy lead /socket.io/ to it? Clients go on by asking the API. "
        + patient.log_of("realtime"),
    )


def pictures(patient: Patient) -> Iterator[Finding]:
    """Storage: what listings show can be fetched."""
    with patient.database.reading() as session:
        key = session.scalar(
            text(
                "SELECT images[1] FROM listings WHERE status = 'active' AND cardinality(images) > 0 ORDER BY id LIMIT 1"
            )
        )
    if key is None:
        return
    base = getattr(patient.settings, "cdn_base_url", "")
    address = key if key.startswith("http") else f"{base}/{key}"
    answer = _get(address)
    if not isinstance(answer, str) and answer.headers.get("content-type", "").startswith("image/"):
        yield good("Pictures", f"{base or urlsplit(address).netloc} answers")
        return
    said = answer if isinstance(answer, str) else f"answers {answer.status_code}"
    yield broken("Pictures", f"{address} {said}", "Does CDN_BASE_URL lead to the bucket (or, here, to the sandbox)?")


def callback(patient: Patient) -> Iterator[Finding]:
    """Safaricom can reach us: a callback for a payment that never was has to be refused by us, not by somebody else."""
    address = patient.settings.mpesa_callback_url
    try:
        answer = httpx.post(f"{address}/{secrets.token_urlsafe(32)}", json=_PROBE, timeout=_TIMEOUT, trust_env=False)
    except httpx.HTTPError as error:
        said = f"{address} cannot be reached ({type(error).__name__})"
        yield broken(
            "Callbacks",
            said,
            "Correct MPESA_CALLBACK_URL or the way to it; until then every payment waits for its query.",
        )
        return
    code = _problem_code(answer)
    if code in _REACHED:
        yield good("Callbacks", f"{address} leads to us, as seen from here")
    else:
        yield broken(
            "Callbacks",
            f"{address} answers {answer.status_code}, and not as we would",
            "Somebody else answers there: a proxy's login, another path, an older release. Correct MPESA_CALLBACK_URL.",
        )


def closed_doors(patient: Patient) -> Iterator[Finding]:
    """Flower and the metrics are for operators only."""
    flower = patient.env.get("FLOWER_PORT")
    address = f"{patient.api}/flower/" if patient.is_production or not flower else f"http://localhost:{flower}/"
    answer = _get(address)
    if isinstance(answer, str):
        yield look(
            "Flower", f"{address} {answer}", f"Operators' view only; nothing depends on it. {patient.log_of('flower')}"
        )
    elif answer.status_code == 200:
        yield broken("Flower", f"{address} is open to everybody", "Start it with FLOWER_BASIC_AUTH=user:password.")
    else:
        yield good("Flower", f"{address} asks for its password")
    if patient.is_production:
        answer = _get(patient.api + "/metrics")
        if not isinstance(answer, str) and answer.status_code == 200:
            yield broken(
                "Metrics", "/metrics is open to everybody", "Set METRICS_TOKEN and let the proxy refuse /metrics."
            )
        else:
            yield good("Metrics", "closed to the outside")


def certificates(patient: Patient) -> Iterator[Finding]:
    """How long the certificates of our addresses are still good."""
    addresses = {patient.api, patient.settings.mpesa_callback_url, patient.settings.frontend_url}
    hosts = {(parts.hostname, parts.port or 443) for parts in map(urlsplit, addresses) if parts.scheme == "https"}
    for host, port in sorted(hosts):
        try:
            days = _days_left(host, port)
        except ssl.SSLCertVerificationError as error:
            cure = "Install a certificate that browsers and Safaricom trust, with its whole chain."
            yield broken("Certificate", f"{host}: {error.verify_message}", cure)
            continue
        except OSError as error:
            yield broken(
                "Certificate", f"{host} cannot be asked ({type(error).__name__})", "Does the host answer on its port?"
            )
            continue
        said = f"{host}: {days} days left"
        if days < URGENT_DAYS:
            yield broken("Certificate", said, "Renew it now: Safaricom stops calling back when it ends.")
        elif days < RENEW_DAYS:
            yield look("Certificate", said, "Renew it, and find out why that did not happen by itself.")
        else:
            yield good("Certificate", said)


def _days_left(host: str, port: int) -> int:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=3) as raw,
        context.wrap_socket(raw, server_hostname=host) as tls,
    ):
        ends = ssl.cert_time_to_seconds(tls.getpeercert()["notAfter"])
    return int((ends - time.time()) / 86_400)


def _get(address: str) -> httpx.Response | str:
    """The answer, or in words why there is none."""
    try:
        return httpx.get(address, timeout=_TIMEOUT, trust_env=False)
    except httpx.TimeoutException:
        return "does not answer in time"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"cannot be reached ({type(error).__name__})"


def _problem_code(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get("code", "")) if isinstance(body, dict) else ""
