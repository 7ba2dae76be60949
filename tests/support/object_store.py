"""The stand-in for S3 as a process of its own, and a look into its bucket past our client."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx

from settings import Settings
from tests.support.database import ROOT
from tests.support.waiting import eventually


class Bucket:
    """What lies in the bucket, as its operator sees it."""

    def __init__(self, settings: Settings):
        self.url = f"{settings.aws_endpoint_url}/{settings.aws_bucket_name}"
        self.name = settings.aws_bucket_name
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=settings.aws_endpoint_url,
            region_name=settings.aws_region,
            aws_access_key_id=settings.aws_access_key_id,
            aws_secret_access_key=settings.aws_secret_access_key,
        )

    def keys(self, prefix: str = "") -> list[str]:
        """The keys of all files, in order."""
        return [
            each["Key"] for each in self.client.list_objects_v2(Bucket=self.name, Prefix=prefix).get("Contents", [])
        ]

    def read(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def head(self, key: str) -> dict[str, Any]:
        return self.client.head_object(Bucket=self.name, Key=key)

    def write(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def empty(self) -> None:
        for key in self.keys():
            self.client.delete_object(Bucket=self.name, Key=key)


@contextmanager
def running_object_store(settings: Settings) -> Iterator[Bucket]:
    """The bucket of ``settings`` while the stand-in runs."""
    environ = {
        **os.environ,
        "APP_ENV": "test",
        "AWS_ENDPOINT_URL": settings.aws_endpoint_url,
        "AWS_BUCKET_NAME": settings.aws_bucket_name,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "ops.object_store"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    bucket = Bucket(settings)

    def answers() -> bool:
        assert process.poll() is None, f"the object store ended with {process.returncode}"
        try:
            return httpx.get(f"{bucket.url}?policy", trust_env=False).status_code != 404
        except httpx.TransportError:
            return False

    try:
        eventually(answers, within=30, what="the object store's first answer")
        yield bucket
    finally:
        bucket.client.close()
        process.terminate()
        process.wait(10)
