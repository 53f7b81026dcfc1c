"""The servers that bin/test brings answer in their own protocols."""

import os

import boto3
import httpx
import psycopg
import pytest
import redis
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError


@pytest.fixture
def store() -> BaseClient:
    return boto3.client(
        "s3",
        endpoint_url=os.environ["S3_ENDPOINT_URL"],
        region_name=os.environ["S3_REGION"],
        aws_access_key_id=os.environ["S3_ACCESS_KEY_ID"],
        aws_secret_access_key=os.environ["S3_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required"),
    )


def test_the_database_speaks_utc_and_plain_utf8() -> None:
    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"]) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("timezone", "server_encoding", "max_locks_per_transaction")
        }
        here = "SELECT datcollate FROM pg_database WHERE datname = current_database()"
        collation = connection.execute(here).fetchone()
    assert shown == {"timezone": ("UTC",), "server_encoding": ("UTF8",), "max_locks_per_transaction": ("512",)}
    assert collation == ("C.UTF-8",)


def test_the_database_wants_its_password() -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(os.environ["DATABASE_ADMIN_URL"], password="wrong").close()


def test_the_cache_wants_its_password() -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as cache:
        assert cache.ping()
        port = cache.connection_pool.connection_kwargs["port"]
    with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_the_store_refuses_a_wrong_signature(store: BaseClient) -> None:
    store.put_object(Bucket=os.environ["S3_BUCKET"], Key="bootstrap/a", Body=b"chalk")
    link = store.generate_presigned_url("get_object", Params={"Bucket": os.environ["S3_BUCKET"], "Key": "bootstrap/a"})
    assert httpx.get(link).content == b"chalk"
    assert httpx.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 403


def test_the_store_refuses_a_wrong_key(store: BaseClient) -> None:
    other = boto3.client(
        "s3",
        endpoint_url=os.environ["S3_ENDPOINT_URL"],
        region_name="auto",
        aws_access_key_id=os.environ["S3_ACCESS_KEY_ID"],
        aws_secret_access_key="0" * 40,
    )
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        other.get_object(Bucket=os.environ["S3_BUCKET"], Key="bootstrap/a")


def test_a_browser_on_a_districts_host_may_upload_by_a_signed_link(store: BaseClient) -> None:
    link = store.generate_presigned_url(
        "put_object",
        Params={"Bucket": os.environ["S3_BUCKET"], "Key": "bootstrap/photo", "ContentType": "image/jpeg"},
        ExpiresIn=60,
    )
    origin = {"Origin": "http://maple.localhost:8000"}
    wish = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    allowed = httpx.options(link, headers=origin | wish)
    assert allowed.is_success
    assert allowed.headers["Access-Control-Allow-Origin"] in ("*", origin["Origin"])
    assert "PUT" in allowed.headers["Access-Control-Allow-Methods"]
    assert "content-type" in allowed.headers["Access-Control-Allow-Headers"].lower()
    sent = httpx.put(link, content=b"light", headers=origin | {"Content-Type": "image/jpeg"})
    assert sent.is_success
    assert sent.headers["Access-Control-Allow-Origin"] in ("*", origin["Origin"])
