"""Makes the bucket where a stand-in keeps the files; the production one is made once by an operator (docs/deployment.md)."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from domain.files import PUBLIC
from ops import environment
from ops.errors import OpsError
from settings import Settings

_PATIENCE_SECONDS = 30.0


def make(settings: Settings) -> None:
    """Make the bucket as docs/deployment.md describes it. Raises OpsError where nobody answers for half a minute."""
    client, ends_at = _client(settings), time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            _make(client, settings)
            return
        except (BotoCoreError, ClientError) as error:
            if time.monotonic() > ends_at:
                raise OpsError(
                    f"The bucket {settings.aws_bucket_name} could not be made ({type(error).__name__}).",
                    f"Does a stand-in for S3 answer at {settings.aws_endpoint_url}?",
                ) from error
            time.sleep(0.2)


def public_read(bucket: str) -> dict[str, Any]:
    """The bucket's policy: what is public may be read by the world, and nothing else."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/{PUBLIC}*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def browsers(settings: Settings) -> dict[str, Any]:
    """Whose pages may send files to the bucket by themselves: those that may call the API, and any of this machine."""
    here = {f"{scheme}://{host}:*" for scheme in ("http", "https") for host in ("localhost", "127.0.0.1")}
    origins = {settings.frontend_url, *settings.cors_allowed_origins, *here}
    rule = {
        "AllowedOrigins": sorted(origins),
        "AllowedMethods": ["GET", "POST"],
        "AllowedHeaders": ["*"],
        "MaxAgeSeconds": 3600,
    }
    return {"CORSRules": [rule]}


def main(environ: Mapping[str, str]) -> int:
    """For a container that makes the bucket and ends."""
    settings = environment.settings_from(environ)
    if settings.is_production:
        sys.stderr.write("In production the bucket is made by an operator; see docs/deployment.md.\n")
        return 1
    make(settings)
    return 0


def _make(client: Any, settings: Settings) -> None:
    # Made already, by an earlier run.
    with contextlib.suppress(client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
        client.create_bucket(
            Bucket=settings.aws_bucket_name, CreateBucketConfiguration={"LocationConstraint": settings.aws_region}
        )
    client.put_bucket_cors(Bucket=settings.aws_bucket_name, CORSConfiguration=browsers(settings))
    client.put_bucket_policy(Bucket=settings.aws_bucket_name, Policy=json.dumps(public_read(settings.aws_bucket_name)))


def _client(settings: Settings) -> Any:
    return boto3.session.Session(
        aws_access_key_id=settings.aws_access_key_id,
        aws_secret_access_key=settings.aws_secret_access_key,
        region_name=settings.aws_region,
    ).client(
        "s3",
        endpoint_url=settings.aws_endpoint_url,
        config=Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"total_max_attempts": 1},
            proxies={},
            s3={"addressing_style": "path"},
        ),
    )


if __name__ == "__main__":
    sys.exit(main(os.environ))
