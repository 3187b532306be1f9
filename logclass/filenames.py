"""What a file's name says besides whose log it is: when it was written, and which piece it is.

A log is stored in many files, one an hour or one a batch, and each gets a name of its own. All of
them are of one writer: taken for services of their own, each would begin and end within its hour.
"""

from __future__ import annotations

import regex

_ENDINGS = regex.compile(
    r"(?:\.(?:log|logs|txt|json|jsonl|ndjson|gz|zst|bz2|xz|zip|out|err|csv|envelope|\d{1,3}))+$",
    regex.IGNORECASE,
)
_DAY = (
    r"(?:(?:19|20)\d\d(?P<dash>-?)(?:0[1-9]|1[0-2])(?P=dash)(?:0[1-9]|[12]\d|3[01])"
    r"|(?:[0-3]\d-){2}20\d\d)"
)
_TIME = (
    r"(?:[T_-]?(?:[01]\d|2[0-3])(?:[-_:]?[0-5]\d(?:[-_:]?[0-5]\d(?:[.,]\d{1,9})?)?)?"
    r"(?:Z|[+-]\d\d:?\d\d)?)"
)
_AT = r"(?:[-_.@]+|(?<![0-9A-Za-z]))"
_NUMBER = r"[-_.]{1,2}\d{1,4}"
# What keeps the names of one minute's files apart; twelve digits would be a container.
_UNIQUE = (
    r"[-_.](?![0-9a-f]{12}$)(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?=[A-Za-z]*\d)[0-9A-Za-z]{8,})"
)
_PIECE = regex.compile(rf"{_AT}{_DAY}(?:{_TIME}(?:{_UNIQUE})|{_TIME}?{_NUMBER})$")
_STAMP = regex.compile(rf"{_AT}{_DAY}{_TIME}?(?![0-9A-Za-z])")
_EPOCH = regex.compile(r"(?<=[A-Za-z0-9])[-_.]1\d{9}(?:\d{3})?$")  # cronolog, Apache's rotatelogs
# Serilog's rolling files: `orders-api20310506.log`, `orders-api20310506_001.log`.
_ROLLED = regex.compile(
    r"(?<=[A-Za-z])20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d\d){0,2}(?:_\d{3})?$"
)
# AWS's own logs in S3: account_kind_region_name_end[_address][_random]; the name of a load balancer
# is its kind, its name and an id.
_AWS = regex.compile(
    r"^\d{12}_[A-Za-z]+_[a-z]{2}(?:-[a-z]+)+-\d_(?:(?:app|net|gwy)\.)?(?P<name>[\w.-]+?)"
    r"(?:\.[0-9a-f]{16})?_20\d{6}T\d{4}(?:\d\d)?Z(?:_[\w.:-]*)?$"
)
# Files of one hour that only say which: Cloud Logging's in a bucket, Azure's, Datadog's archives,
# IIS's; and folders that say which day it was.
_ONLY_WHEN = regex.compile(
    r"^(?:\d\d.\d\d.\d\d_\d\d.\d\d.\d\d_[SA]\d+|PT1[HM]|archive_\d{6}\.\d+\..*|u_(?:ex|nc|in)\d{6,8}"
    r"|\d{1,2}|(?:19|20)\d\d|(?:y|m|d|h|dt|date|year|month|day|hour|minute)=[\dT:-]+)$"
)


def writer(name: str) -> str:
    """Return what is left of a file's or folder's name without endings, times and numbers.

    Files that one writer rotated leave the same; "" if the name says only when it was.
    """
    if says_when(name):
        return ""
    stem = _ENDINGS.sub("", name)
    store = _AWS.match(stem)
    if store:
        return str(store["name"])
    for form in (_ROLLED, _PIECE, _EPOCH, _STAMP):
        stem = form.sub("", stem)
    return _ENDINGS.sub("", stem.strip("-_."))  # auth.log-20310506.gz


def says_when(name: str) -> bool:
    """Return whether a file's or folder's name says nothing but which day or hour it is of."""
    return bool(_ONLY_WHEN.match(name) or _ONLY_WHEN.match(_ENDINGS.sub("", name)))
