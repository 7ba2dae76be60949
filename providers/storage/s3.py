"""Files are kept in S3, or in what speaks its protocol, through boto3: bounded in time, and every fault one of our five."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ParamValidationError,
)

from domain.files import is_public
from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected, Throttled, Unavailable
from providers.http import OUR_OWN_FAULT, presentable_code
from providers.observing import Observer, nobody, observed

#: The code of the refusal where there is nothing under a key.
NO_SUCH_FILE = "no_such_file"
#: The code of the refusal where there is more than was asked for.
TOO_LARGE = "too_large"
#: Names are never used twice, so what is public may be kept for good.
PUBLIC_CACHE, PRIVATE_CACHE = "public, max-age=31536000, immutable", "private, no-store"
#: AWS signs no link for longer.
LONGEST_LINK = timedelta(days=7)

_CHUNK = 64 * 1024
_THROTTLED = frozenset({"SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests"})
_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})


@dataclass(frozen=True, slots=True)
class S3Config:
    """One bucket. ``public_url`` is where browsers reach the endpoint."""

    endpoint_url: str
    public_url: str
    region: str
    bucket: str
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for each step of a call, and for the bytes of a whole file."""

    connect: float
    step: float
    total: float
    #: Bytes a second of a large file, which may take longer than ``total``.
    slowest: float = 1_500_000

    def for_file(self, size: int) -> float:
        """What the bytes of a file may take."""
        return max(self.total, size / self.slowest)

    def longest(self, size: int) -> float:
        """What one call may take: connecting, the file, and one last step that began in time."""
        return self.connect + self.for_file(size) + self.step


PATIENCE = Patience(connect=2, step=4, total=8)
#: For a file of at most 12 MB.
CALL_TIMEOUT = PATIENCE.longest(12_000_000)


class S3Storage:
    """One bucket's files by their keys. Connects on first use; safe for many threads, made anew after a fork.

    Everything raises the five errors. All calls may be repeated: a key's file is always the same.
    """

    def __init__(self, config: S3Config, *, patience: Patience = PATIENCE, observer: Observer = nobody):
        self._config = config
        self._patience = patience
        self._observer = observer
        self._making = threading.Lock()

    def put(self, key: str, content: bytes | BinaryIO, *, content_type: str) -> None:
        """Store a file: bytes, or what can be read from its beginning and be sought in."""
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        with self._calling("put"):
            self._client.put_object(
                Bucket=self._config.bucket,
                Key=key,
                Body=_Paced(stream, self._patience.for_file(_length(stream))),
                ContentType=content_type,
                CacheControl=PUBLIC_CACHE if is_public(key) else PRIVATE_CACHE,
            )

    def fetch(self, key: str, into: BinaryIO, *, most: int) -> int:
        """Write a file of at most ``most`` bytes ``into`` a stream; returns how many there were.

        Raises Rejected with ``no_such_file`` where there is none, with ``too_large`` where there are more.
        """
        ends_at, size = time.monotonic() + self._patience.for_file(most), 0
        with self._calling("get"):
            body = self._client.get_object(Bucket=self._config.bucket, Key=key)["Body"]
            with body:
                while chunk := body.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise Rejected("the file is larger than it may be", code=TOO_LARGE)
                    if time.monotonic() > ends_at:
                        raise Unavailable("the file took too long", code="too_slow")
                    into.write(chunk)
        return size

    def exists(self, key: str) -> bool:
        """Whether there is a file under a key."""
        return self.size(key) is not None

    def size(self, key: str) -> int | None:
        """How many bytes there are under a key; None where there is no file."""
        with self._calling("head"):
            try:
                return self._client.head_object(Bucket=self._config.bucket, Key=key)["ContentLength"]
            except ClientError as error:
                # An answer and no refusal: clients that never sent their file must not look like a storage that fails.
                if getattr(_refusal(error), "code", None) == NO_SUCH_FILE:
                    return None
                raise

    def delete(self, *keys: str) -> None:
        """Delete files; those that are not there are as good as deleted."""
        for key in keys:
            with self._calling("delete"):
                self._client.delete_object(Bucket=self._config.bucket, Key=key)

    def signed_url(self, key: str, lifetime: timedelta, filename: str) -> str:
        """A link by which anybody may download a private file under a name, for a while. Made without a call."""
        if not timedelta(0) < lifetime <= LONGEST_LINK:
            raise ValueError("a link lives for at most seven days")
        return self._signing_client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._config.bucket,
                "Key": key,
                "ResponseContentDisposition": _as_download(filename),
            },
            ExpiresIn=int(lifetime.total_seconds()),
        )

    def presigned_post(
        self, key: str, content_type: str, most: int, lifetime: timedelta
    ) -> tuple[str, Mapping[str, str]]:
        """Where a browser may post a form with one file of at most ``most`` bytes under ``key``, and the fields that come before
        the file, for a while. Made without a call."""
        said = {"Content-Type": content_type, "Cache-Control": PRIVATE_CACHE}
        made = self._signing_client.generate_presigned_post(
            Bucket=self._config.bucket,
            Key=key,
            Fields=dict(said),
            Conditions=[*({name: value} for name, value in said.items()), ["content-length-range", 1, most]],
            ExpiresIn=int(lifetime.total_seconds()),
        )
        return made["url"], made["fields"]

    def close(self) -> None:
        # Only what was made: a cached property is in __dict__ once it was asked for.
        for name in ("_client", "_signing_client"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    @cached_property
    def _client(self) -> Any:
        return self._connect(self._config.endpoint_url)

    @cached_property
    def _signing_client(self) -> Any:
        # The host is part of what is signed.
        return self._connect(self._config.public_url)

    def _connect(self, endpoint: str) -> Any:
        # A session reads files while it makes a client, and is not for many threads; clients are.
        with self._making:
            session = boto3.session.Session(
                aws_access_key_id=self._config.access_key_id,
                aws_secret_access_key=self._config.secret_access_key,
                region_name=self._config.region,
            )
            return session.client("s3", endpoint_url=endpoint, config=self._client_config(endpoint))

    def _client_config(self, endpoint: str) -> Config:
        host = urlsplit(endpoint).hostname or ""
        return Config(
            signature_version="s3v4",
            connect_timeout=self._patience.connect,
            read_timeout=self._patience.step,
            # Jobs are repeated with their own patience, and at the edge somebody waits.
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=32,
            # None from the environment.
            proxies={},
            s3={"addressing_style": "virtual" if host.endswith(".amazonaws.com") else "path"},
            user_agent_extra="elite-events-kenya",
        )

    @contextmanager
    def _calling(self, operation: str) -> Iterator[None]:
        with observed(self._observer, "s3", operation):
            try:
                yield
            except ParamValidationError:
                # Nothing was sent: a fault of ours, not a call's outcome.
                raise
            except ClientError as error:
                raise _refusal(error) from None
            except (EndpointConnectionError, ConnectTimeoutError) as error:
                name = _name(error)
                raise Unavailable(f"could not be reached ({name})", code=name) from None
            except (BotoCoreError, HTTPClientError) as error:
                name = _name(error)
                raise OutcomeUnknown(f"asked, but not answered properly ({name})", code=name) from None


class _TooSlow(OSError):
    """The file did not leave within its time."""


class _Paced(io.RawIOBase):
    """A stream that ends the call once its time is over: a peer that takes a byte now and then would hold a thread for ever."""

    def __init__(self, stream: BinaryIO, seconds: float):
        super().__init__()
        self._stream = stream
        self._ends_at = time.monotonic() + seconds

    def read(self, size: int = -1) -> bytes:  # type: ignore[override]
        if time.monotonic() > self._ends_at:
            raise _TooSlow("the file took too long")
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


def _length(stream: BinaryIO) -> int:
    """How many bytes there are to be read; the stream is at its beginning afterwards."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def _refusal(error: ClientError) -> ProviderError:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    said = presentable_code(error.response.get("Error", {}).get("Code", ""))
    code = said if said and not said.isdecimal() else f"http_{status}"
    if said in _MISSING:
        return Rejected("there is no such file", code=NO_SUCH_FILE)
    if said in _THROTTLED or status in (429, 503):
        return Throttled("is limiting us", code=code)
    if said == "NoSuchBucket" or status in OUR_OWN_FAULT:
        # The file is as good as before once our settings are put right, so it waits instead of being given up.
        return Unavailable("does not accept our bucket or credentials", code=code)
    if status >= 500:
        return Unavailable("had a fault of its own", code=code)
    if 300 <= status < 400:
        return Unavailable("redirected us", code=code)
    return Rejected("refused", code=code)


def _as_download(filename: str) -> str:
    """A Content-Disposition that every browser understands and no name can leave."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _name(error: Exception) -> str:
    """``read_timeout_error`` for a ReadTimeoutError."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()
