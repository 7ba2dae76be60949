"""Every provider call leaves through here, so that none hangs, carries a key elsewhere, or ends without a name."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpcore
import httpx
import orjson

from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected, Throttled, Unavailable

#: No provider of ours answers a call with more than some kilobytes.
MAX_ANSWER_BYTES = 64 * 1024
#: Longer pauses are ours to choose.
MAX_RETRY_AFTER = 3600.0

#: Failures before the first byte of the request left: the provider cannot have done anything.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
#: Shorter than any load balancer's patience, so that hardly a call is lost on a connection just closed at the other end.
_IDLE_SECONDS = 10.0

#: Answers that speak of our key or account, not of the message.
OUR_OWN_FAULT = (401, 403)

_PRIVATE = re.compile(r"ws_CO_\S*|\S+@\S+|\b[A-Za-z0-9+/=_.-]{20,}|\+?[0-9][0-9 ]{7,}[0-9]")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for each step of a call, and for the whole of it. Only the system's name resolution is outside."""

    connect: float
    read: float
    write: float
    pool: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered, read to its end."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def document(self) -> dict[str, Any]:
        """The body as a JSON object, empty when it is anything else."""
        try:
            document = orjson.loads(self.body)
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def retry_after(self) -> float | None:
        """Seconds that the provider asked us to wait: Retry-After in both its forms, or the reset that SendGrid names."""
        value = self.headers.get("Retry-After", "").strip()
        reset = self.headers.get("X-RateLimit-Reset", "").strip()
        seconds: float | None = None
        if value.isdecimal():
            seconds = float(value)
        elif value:
            seconds = _seconds_until(value)
        elif reset.isdecimal():
            seconds = float(reset) - time.time()
        return None if seconds is None else min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _seconds_until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()


class HttpClient:
    """One pool of connections with bounds on everything: no redirects, no proxies or credentials from the environment.

    Safe for many threads. Answers are asked for uncompressed, so that their size on the wire is their size.
    """

    def __init__(self, timeouts: Timeouts, *, connections: int = 64):
        self._timeouts = timeouts
        self._client = httpx.Client(
            transport=_DeadlineTransport(httpx.Limits(max_connections=connections, keepalive_expiry=_IDLE_SECONDS)),
            headers={"Accept-Encoding": "identity", "User-Agent": "elite-events-kenya"},
            follow_redirects=False,
            trust_env=False,
        )

    def call(self, method: str, url: str, *, timeouts: Timeouts | None = None, **request: Any) -> Answer:
        """Make one call; ``request`` is httpx's (headers, json, data, content, params, auth).

        Raises Unavailable when nothing was sent and OutcomeUnknown when something may have arrived. Their messages carry
        no address, header or body.
        """
        limits = timeouts or self._timeouts
        phases = httpx.Timeout(connect=limits.connect, read=limits.read, write=limits.write, pool=limits.pool)
        try:
            with _deadline(limits.total), self._client.stream(method, url, timeout=phases, **request) as response:
                return Answer(response.status_code, response.headers, _read(response))
        except _NEVER_SENT as error:
            reason = _name(error)
            raise Unavailable(f"could not be reached ({reason})", code=reason) from None
        except (httpx.HTTPError, _AnswerTooLarge) as error:
            # Not chained: an illegal header's error quotes the header.
            reason = _name(error)
            raise OutcomeUnknown(f"sent, but not answered properly ({reason})", code=reason) from None

    def close(self) -> None:
        self._client.close()


def refusal(answer: Answer) -> ProviderError:
    """The error for an answer whose status alone says what happened, as SendGrid's and Africa's Talking's do."""
    code = f"http_{answer.status}"
    if answer.status == 429:
        return Throttled("is limiting us", code=code, retry_after=answer.retry_after)
    if answer.status in (500, 503):
        return Unavailable("had a fault of its own", code=code, retry_after=answer.retry_after)
    if answer.status in OUR_OWN_FAULT:
        # The message is as good as before once our key is put right, so it waits instead of being given up.
        return Unavailable("does not accept our credentials", code=code)
    if 400 <= answer.status < 500 and answer.status != 408:
        return Rejected(f"refused: {presentable(answer.text) or 'no reason given'}", code=code)
    if 300 <= answer.status < 400:
        # Never followed: it would carry our key elsewhere. Whoever redirects has not taken the message.
        return Unavailable("redirected us", code=code)
    return OutcomeUnknown("answered in a way that does not tell what happened", code=code)


def presentable(text: object) -> str:
    """A provider's words, fit for logs and records: one line, short, without phone numbers, addresses, tokens and long ids."""
    if not isinstance(text, str):
        return ""
    line = "".join(char if char.isprintable() else " " for char in text)
    return _PRIVATE.sub("…", line)[:200].strip()


def presentable_code(code: object) -> str:
    """A provider's code where it looks like one, else an empty text."""
    text = str(code) if isinstance(code, int) and not isinstance(code, bool) else code
    return text if isinstance(text, str) and _CODE.fullmatch(text) else ""


class _AnswerTooLarge(Exception):
    """What is being sent is not an answer to us."""


def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise _AnswerTooLarge
    return bytes(body)


def _name(error: Exception) -> str:
    """``read_timeout`` for a ReadTimeout."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lstrip("_").lower()


# httpx limits each step but not the whole: a peer that sends a byte now and then holds a thread for ever. So the
# sockets below know when the call has to be over. Everything of one call happens in one thread, hence a ContextVar.
_ends_at: ContextVar[float] = ContextVar("ends_at")


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def _within(timeout: float | None, error: type[Exception]) -> float:
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise error("the call took too long as a whole")
    return left if timeout is None else min(timeout, left)


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream):
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        timeout = _within(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _DeadlineBackend(httpcore.SyncBackend):
    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **options: Any) -> Any:
        timeout = _within(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(super().connect_tcp(host, port, timeout, **options))


@cache
def _trusted() -> ssl.SSLContext:
    """The usual certificate authorities, whatever the environment says; reading them takes a while."""
    return httpx.create_ssl_context(trust_env=False)


class _DeadlineTransport(httpx.HTTPTransport):
    """httpx's transport over sockets with a deadline; it has no public way to be given a network backend."""

    def __init__(self, limits: httpx.Limits):
        super().__init__(verify=_trusted(), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_DeadlineBackend(),
        )
