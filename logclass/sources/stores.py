"""Remote stores, opened through Arrow's file systems, and what goes wrong with them in plain words.

Credentials come from each provider's usual chain: environment, configuration files, the machine's
own role. Nothing waits without end: few attempts, and a limit on each.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import pyarrow as pa

from logclass import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyarrow import fs

SCHEMES = {"s3": "s3", "gs": "gs", "gcs": "gs", "abfs": "abfs", "abfss": "abfs"}

STORE_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, pa.ArrowException)

_CONNECT_SECONDS = 10
_REQUEST_SECONDS = 20
_ATTEMPTS = 3
_DETAIL_CHARACTERS = 200

# Where Arrow was, and the provider's number of the request.
_WORDS = re.compile(r"^When .*?: (?=AWS Error)|^Unknown error: | \(Request ID.*| error_info=.*")
# What providers say -> kind of fault and our words for it; the first that fits holds.
_SAID = (
    (
        (
            r"ACCESS_?DENIED|INVALID_?ACCESS_?KEY|SIGNATURE_?DOES_?NOT_?MATCH|INVALID_?CLIENT_?TOKEN"
            r"|EXPIRED_?TOKEN|FORBIDDEN|HTTP 403|PERMISSION_DENIED|UNAUTHENTICATED|AUTHORIZATION"
            r"|AUTHENTICATION_?(?:FAILED|EXCEPTION)|OAUTH2 ACCESS TOKEN|CREDENTIAL"
        ),
        "denied",
        "access denied: there are no credentials, or they may not list and read this",
    ),
    (r"NO_?SUCH_?BUCKET|CONTAINER_?NOT_?FOUND", "not_found", "no such bucket"),
    (
        (
            r"NETWORK_CONNECTION|UNAVAILABLE|COULD NOT (?:CONNECT|RESOLVE)|TIME(?:D )?OUT"
            r"|CURL ?CODE|CURL ERROR"
        ),
        "unreachable",
        "the store cannot be reached",
    ),
    (r"NOT_?\s?FOUND|DOES NOT EXIST|NO_?SUCH_?KEY", "not_found", "no such object"),
)


class StoreError(OSError):
    """A remote store did not give what was asked for. kind: that of the fault."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class Address(NamedTuple):
    """A place in a remote store: "s3://container/key", "abfs://container@account/key"."""

    scheme: str
    container: str
    key: str
    account: str = ""

    @property
    def location(self) -> str:
        """Return the place as Arrow's file systems name it."""
        return f"{self.container}/{self.key}" if self.key else self.container

    def at(self, location: str) -> str:
        """Return the address of another location in the same store."""
        container, _, key = location.partition("/")
        host = f"{container}@{self.account}" if self.account else container
        return f"{self.scheme}://{host}/{key}"


def is_remote(name: str) -> bool:
    """Return whether a name leads to a remote store."""
    scheme, mark, _ = name.partition("://")
    return bool(mark) and scheme in SCHEMES


def parse(name: str) -> Address:
    """Return the address that a name writes. Raises StoreError when it names no container."""
    scheme, _, rest = name.partition("://")
    host, _, key = rest.partition("/")
    container, at, account = host.partition("@")
    if at and (SCHEMES[scheme] != "abfs" or ":" in container):
        raise StoreError("bad_address", "credentials do not belong in an address")
    if not container:
        raise StoreError("bad_address", f"write {scheme}://BUCKET/PREFIX")
    if SCHEMES[scheme] == "abfs" and not account:
        raise StoreError("bad_address", f"write {scheme}://CONTAINER@ACCOUNT/PREFIX")
    return Address(scheme, container, key, account)


def file_system(address: Address, endpoint_url: str) -> fs.FileSystem:
    """Return the file system of an address. Raises StoreError when there can be none."""
    try:
        # Connections are not shared with the process this one was forked from.
        return _file_system(address._replace(key=""), endpoint_url, os.getpid())
    except ImportError as error:
        raise StoreError("unreadable", f"this pyarrow cannot read {address.scheme}://") from error
    except STORE_ERRORS as error:
        raise worded(error) from error


@lru_cache(maxsize=16)
def _file_system(address: Address, endpoint_url: str, _process: int) -> fs.FileSystem:
    scheme, host = _endpoint(endpoint_url)
    return _OPENED[SCHEMES[address.scheme]](address, scheme, host)


def _endpoint(url: str) -> tuple[str, str]:
    """Return scheme and host of an endpoint, with "https" where it names none."""
    if not url:
        return "https", ""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc:
        raise StoreError("bad_address", "write the endpoint as https://HOST[:PORT]")
    return parts.scheme, parts.netloc


def _s3(address: Address, scheme: str, host: str) -> fs.FileSystem:
    from pyarrow import fs

    return fs.S3FileSystem(
        # A bucket at AWS answers in its own region only.
        region=None if host else fs.resolve_s3_region(address.container),
        scheme=scheme,
        endpoint_override=host or None,
        connect_timeout=_CONNECT_SECONDS,
        request_timeout=_REQUEST_SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
    )


def _gs(_address: Address, scheme: str, host: str) -> fs.FileSystem:
    from pyarrow import fs

    return fs.GcsFileSystem(
        anonymous=scheme == "http",  # an emulator
        scheme=scheme,
        endpoint_override=host or None,
        retry_time_limit=timedelta(seconds=_CONNECT_SECONDS),
    )


def _abfs(address: Address, scheme: str, host: str) -> fs.FileSystem:
    from pyarrow import fs

    account = address.account.partition(".")[0]
    if not host:
        return fs.AzureFileSystem(account)
    return fs.AzureFileSystem(
        account,
        blob_storage_authority=host,
        blob_storage_scheme=scheme,
        dfs_storage_authority=host,
        dfs_storage_scheme=scheme,
    )


_OPENED: dict[str, Callable[[Address, str, str], fs.FileSystem]] = {
    "s3": _s3,
    "gs": _gs,
    "abfs": _abfs,
}


def worded(error: Exception) -> StoreError:
    """Return what a file system raised as an error that says what to do about it."""
    if isinstance(error, StoreError):
        return error
    said = redact.text(_WORDS.sub("", str(error).strip().partition("\n")[0]))
    for words, kind, meaning in _SAID:
        if re.search(words, str(error), re.IGNORECASE):
            return StoreError(kind, f"{meaning} ({said[:_DETAIL_CHARACTERS]})")
    return StoreError("unreadable", said[:_DETAIL_CHARACTERS] or type(error).__name__)
