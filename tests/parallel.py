"""Pytest plugin, loaded before Django: servers must be there; workers side by side share no queue and no bucket."""

import os
from urllib.parse import urlsplit, urlunsplit

import boto3
import pytest

NEEDED = ("DATABASE_URL", "DATABASE_ADMIN_URL", "REDIS_URL", "S3_ENDPOINT_URL", "SECRET_KEY", "MASTER_KEY")


def take_own_share(worker: str) -> None:
    """Gives worker gw3, say, databases 8 and 9 of the cache's server and a bucket; pytest-django does the rest."""
    cache = 2 + 2 * int(worker.removeprefix("gw"))
    address = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = urlunsplit(address._replace(path=f"/{cache}"))
    os.environ["BROKER_URL"] = urlunsplit(address._replace(path=f"/{cache + 1}"))
    os.environ["S3_BUCKET"] += f"-{worker}"
    store = boto3.client(
        "s3",
        endpoint_url=os.environ["S3_ENDPOINT_URL"],
        region_name=os.environ["S3_REGION"],
        aws_access_key_id=os.environ["S3_ACCESS_KEY_ID"],
        aws_secret_access_key=os.environ["S3_SECRET_ACCESS_KEY"],
    )
    store.create_bucket(Bucket=os.environ["S3_BUCKET"])


if missing := [name for name in NEEDED if not os.environ.get(name)]:
    raise pytest.UsageError(f"Run the tests by bin/test, which brings their servers ({', '.join(missing)} missing).")
if "PYTEST_XDIST_WORKER" in os.environ:
    take_own_share(os.environ["PYTEST_XDIST_WORKER"])
