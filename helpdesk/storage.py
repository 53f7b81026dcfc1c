"""The object store, where files lie: reading, writing and deleting for us, and short-lived addresses for browsers.

Written for Cloudflare R2 by the S3 protocol. Keys come from code, never from what a person typed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import IO, Any
from urllib.parse import quote

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

MIB = 1024 * 1024
BLOCK = 256 * 1024
# R2 wants parts of one size; two at once keep memory flat.
TRANSFER = TransferConfig(multipart_threshold=16 * MIB, multipart_chunksize=16 * MIB, max_concurrency=2)
ABSENT = {"NoSuchKey", "NotFound", "404"}


class StorageError(Exception):
    """The store did not do what it was asked; `permanent` says that asking again will not help."""

    def __init__(self, what: str, *, permanent: bool) -> None:
        super().__init__(what)
        self.permanent = permanent


class Missing(StorageError):
    """There is no object under the key."""

    def __init__(self) -> None:
        super().__init__("no such object", permanent=True)


@dataclass(frozen=True)
class Stored:
    """What the store says of an object."""

    size: int
    content_type: str
    changed_at: datetime


def presign_put(key: str, *, content_type: str, size: int, seconds: int) -> str:
    """An address to which a browser may PUT exactly `size` bytes of the type, until `seconds` have passed."""
    what = {"Key": key, "ContentType": content_type, "ContentLength": size}
    return _presign("put_object", what, seconds)


def presign_get(key: str, *, disposition: str, content_type: str, seconds: int) -> str:
    """An address that gives the object under the type and name that we say, whatever was stored with it."""
    what = {"Key": key, "ResponseContentDisposition": disposition, "ResponseContentType": content_type}
    return _presign("get_object", what, seconds)


def disposition(name: str, *, inline: bool = False) -> str:
    """A Content-Disposition header by RFC 6266; `name` must be a clean file name."""
    plain = "".join(each if each.isascii() and each.isprintable() and each not in '"\\%' else "_" for each in name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def head(key: str) -> Stored:
    """Size, type and time of an object; raises Missing where there is none."""
    with _speaking():
        found = _inside().head_object(Bucket=settings.S3_BUCKET, Key=key)
    return Stored(found["ContentLength"], found.get("ContentType", ""), found["LastModified"])


@contextmanager
def open(key: str) -> Iterator[Iterator[bytes]]:  # noqa: A001 - called with its module: storage.open(key)
    """The bytes of an object in blocks of at most BLOCK, read as they are asked for; raises Missing."""
    with _speaking():
        body = _inside().get_object(Bucket=settings.S3_BUCKET, Key=key)["Body"]
        try:
            yield body.iter_chunks(BLOCK)
        finally:
            body.close()


def put(key: str, file: IO[bytes], *, content_type: str) -> None:
    """Stores what is left to read of the file, in parts, so that memory stays flat."""
    with _speaking():
        extra = {"ContentType": content_type}
        _inside().upload_fileobj(file, settings.S3_BUCKET, key, ExtraArgs=extra, Config=TRANSFER)


def delete(*keys: str) -> None:
    """Deletes objects, one request each (R2 may refuse the checksum of the bulk call); a missing one is no error."""
    with _speaking():
        for key in keys:
            _inside().delete_object(Bucket=settings.S3_BUCKET, Key=key)


def under(prefix: str) -> Iterator[tuple[str, datetime]]:
    """Keys that begin with the prefix, and when each was written last; the store is asked page by page."""
    with _speaking():
        pages = _inside().get_paginator("list_objects_v2").paginate(Bucket=settings.S3_BUCKET, Prefix=prefix)
        for page in pages:
            for found in page.get("Contents", ()):
                yield found["Key"], found["LastModified"]


@contextmanager
def _speaking() -> Iterator[None]:
    """Turns what boto raises into our own errors, without the address, which may carry a signature."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in ABSENT:
            raise Missing from None
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        raise StorageError(f"the store answered {status} {code}", permanent=400 <= status < 429) from None
    except BotoCoreError as error:
        raise StorageError(f"the store cannot be reached: {type(error).__name__}", permanent=False) from None


def _presign(method: str, what: dict[str, Any], seconds: int) -> str:
    params = {"Bucket": settings.S3_BUCKET} | what
    return str(_outside().generate_presigned_url(method, Params=params, ExpiresIn=seconds))


def _inside() -> Any:
    """The client for our own requests."""
    return _client(
        settings.S3_ENDPOINT_URL, settings.S3_REGION, settings.S3_ACCESS_KEY_ID, settings.S3_SECRET_ACCESS_KEY
    )


def _outside() -> Any:
    """The client for addresses given to browsers: the host is part of what is signed."""
    return _client(settings.S3_PUBLIC_URL, settings.S3_REGION, settings.S3_ACCESS_KEY_ID, settings.S3_SECRET_ACCESS_KEY)


@cache
def _client(endpoint: str, region: str, key_id: str, secret: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # R2 refuses the checksums that boto3 adds by itself since 1.36.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "max_attempts": 4},
        ),
    )
