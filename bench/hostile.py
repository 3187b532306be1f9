"""Bundles of odd shapes: as large as wanted, and unkind to one part of the program each.

SHAPES is the list. Each function writes about so many bytes into a folder of its own; what stands
in them is ordinary otherwise. The same size gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIXTURES = Path(__file__).parent.parent / "tests" / "formats" / "fixtures"
_START = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
_HOURS = 6  # that the records of a shape spread over
_SAID = ("TokenExpiredError: jwt expired", "JsonWebTokenError: invalid signature")
_FILE_BYTES = 800
_ZIP_DATE = (2031, 5, 6, 7, 8, 8)


def _ident(number: int, characters: int = 16) -> str:
    """Return a name that looks random and is the same for the same number."""
    return sha256(str(number).encode()).hexdigest()[:characters]


def _moment(number: int, count: int) -> str:
    moment = _START + timedelta(hours=_HOURS) * (number / max(count, 1))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _error(number: int, count: int) -> str:
    """Return a rejection; most of them stand in the middle third of the time."""
    is_busy = count < 3 * number < 2 * count
    return _SAID[0] if is_busy or number % 40 == 0 else ""


def _text_line(number: int, count: int, instance: str = "") -> str:
    said = _error(number, count) if number % 4 == 0 else ""
    body = f"ERROR auth rejected: {said}" if said else "INFO GET /api/orders 200 12ms"
    name = instance or f"orders-{number % 6}"
    return f"{_moment(number, count)} {name} {body} req={_ident(number, 20)}\n"


def _json_line(number: int, count: int, **fields: object) -> str:
    record = {
        "time": _moment(number, count),
        "level": "error",
        "service": "orders",
        "hostname": f"orders-{number % 6}",
        "msg": _SAID[number % len(_SAID)],
        "reqId": _ident(number, 20),
        **fields,
    }
    return json.dumps(record) + "\n"


def _lines(size_bytes: int, line: Callable[[int, int], str]) -> Iterator[str]:
    """Yield lines until they are so many bytes."""
    count = max(1, size_bytes // len(line(1, 10)))
    for number in range(count):
        yield line(number, count)


def _write(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines)


# --- what all others are set against ---


def plain_text(folder: Path, size_bytes: int) -> None:
    """One file of text lines."""
    _write(folder / "app.log", _lines(size_bytes, _text_line))


def plain_json(folder: Path, size_bytes: int) -> None:
    """One file of JSON lines, each a rejection."""
    _write(folder / "app.log", _lines(size_bytes, _json_line))


# --- many files ---


def _files(size_bytes: int) -> Iterator[tuple[str, bytes]]:
    count = size_bytes // _FILE_BYTES
    each = max(1, _FILE_BYTES // len(_text_line(1, 10)))
    for number in range(count):
        places = range(number * each, (number + 1) * each)
        lines = [_text_line(place, count * each) for place in places]
        yield f"pods/orders-{number:06d}/app.log", "".join(lines).encode()


def files(folder: Path, size_bytes: int) -> None:
    """A folder of many small files."""
    for name, data in _files(size_bytes):
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)


def zipped_files(folder: Path, size_bytes: int) -> None:
    """A zip of many small files."""
    _zip(folder / "bundle.zip", _files(size_bytes))


def zips_in_zip(folder: Path, size_bytes: int) -> None:
    """A zip of zips of few small files each."""
    held: list[tuple[str, bytes]] = []
    inner: list[tuple[str, bytes]] = []
    for name, data in _files(size_bytes):
        held.append((name, data))
        if len(held) == 10:
            buffer = io.BytesIO()
            _zip(buffer, iter(held))
            inner.append((f"part-{len(inner):05d}.zip", buffer.getvalue()))
            held = []
    _zip(folder / "bundle.zip", iter(inner))


def _zip(target: Path | io.BytesIO, members: Iterator[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), data, zipfile.ZIP_DEFLATED)


def formats(folder: Path, size_bytes: int) -> None:
    """A thousand files, each in one of the formats of the fixtures."""
    known = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
    known = [path for path in known if path.stat().st_size < 16_384]
    for number in range(size_bytes // 16_384):
        path = known[number % len(known)]
        (folder / f"{number:05d}-{path.name}").write_bytes(path.read_bytes())


# --- many values of one field ---


def services(folder: Path, size_bytes: int) -> None:
    """Each rejection names a service of its own."""
    _of_field(folder, size_bytes, lambda number: {"service": f"svc-{_ident(number)}"})


def instances(folder: Path, size_bytes: int) -> None:
    """Each rejection names an instance of its own."""
    _of_field(folder, size_bytes, lambda number: {"hostname": f"pod-{_ident(number)}"})


def keys(folder: Path, size_bytes: int) -> None:
    """Each rejection names a key id, an issuer and a client of its own."""

    def fields(number: int) -> dict[str, str]:
        name = _ident(number)
        return {"kid": name, "iss": f"https://{name}.example", "clientIp": _address(number)}

    _of_field(folder, size_bytes, fields)


def versions(folder: Path, size_bytes: int) -> None:
    """Each rejection names a version and an environment of its own."""
    _of_field(folder, size_bytes, lambda n: {"version": f"1.{n}.0", "env": f"pr-{n}"})


def messages(folder: Path, size_bytes: int) -> None:
    """Each rejection says something else."""
    _of_field(
        folder,
        size_bytes,
        lambda n: {"msg": f"{_words(n)}: JsonWebTokenError: jwt audience invalid. {_words(-n)}"},
    )


def unknown(folder: Path, size_bytes: int) -> None:
    """Records that speak of tokens and match no pattern, each in other words."""
    _of_field(folder, size_bytes, lambda n: {"msg": f"token {_words(n)} rejected by {_words(-n)}"})


def _of_field(folder: Path, size_bytes: int, fields: Callable[[int], dict[str, str]]) -> None:
    lines = _lines(size_bytes, lambda number, count: _json_line(number, count, **fields(number)))
    _write(folder / "app.log", lines)


def _address(number: int) -> str:
    return ".".join(str(part) for part in number.to_bytes(4, "big"))


def _words(number: int) -> str:
    letters = _ident(number, 30).translate(str.maketrans("0123456789", "ghijklmnop"))
    return " ".join((letters[:9], letters[9:17], letters[17:]))


def refused_requests(folder: Path, size_bytes: int) -> None:
    """Nothing but refused requests, as a verifier logs them: no two alike, nor as long."""

    def line(number: int, count: int) -> str:
        return (
            f"{_moment(number, count)} WARN [orders-{number % 6}] http-nio-8080-exec-{number % 41}"
            f" JwtFilter - rejected request {_ident(number, 32)} from {_client(number)}"
            f" for /v1/orders/{number * number % 99_991}: jwt expired\n"
        )

    _write(folder / "refused.log", _lines(size_bytes, line))


def refused_access(folder: Path, size_bytes: int) -> None:
    """The same as an access log has it."""

    def line(number: int, count: int) -> str:
        moment = _START + timedelta(hours=_HOURS) * (number / max(count, 1))
        return (
            f"{_client(number)} - - [{moment:%d/%b/%Y:%H:%M:%S} +0000]"
            f' "GET /v1/orders/{number * number % 99_991} HTTP/1.1" 401 {number % 977} "-"'
            f' "okhttp/4.{number % 13}.0" rt=0.{number % 983:03}\n'
        )

    _write(folder / "access.log", _lines(size_bytes, line))


def _client(number: int) -> str:
    """Return an address; its parts have one to three digits."""
    return ".".join(str(int(_ident(number)[at : at + 2], 16)) for at in (0, 2, 4, 6))


def minutes(folder: Path, size_bytes: int) -> None:
    """Each record stands in a minute of its own."""

    def line(number: int, count: int) -> str:
        moment = _START + timedelta(minutes=number)
        said = _error(number, count) or "INFO GET /api/orders 200 12ms"
        return f"{moment.isoformat()} orders-{number % 6} {said} req={_ident(number, 20)}\n"

    _write(folder / "app.log", _lines(size_bytes, line))


# --- long and deep ---


def one_line(folder: Path, size_bytes: int) -> None:
    """One line, full of rejections."""
    head = f"{_moment(0, 1)} orders-1 ERROR "
    said = f"{_SAID[0]}; {_SAID[1]}; "
    _write(folder / "app.log", iter([head, said * (size_bytes // len(said)), "\n"]))


def one_json_line(folder: Path, size_bytes: int) -> None:
    """One JSON record with one long message, full of rejections."""
    said = f"{_SAID[0]}; {_SAID[1]}; "
    _write(folder / "app.log", iter([_json_line(0, 1, msg=said * (size_bytes // len(said)))]))


def long_fields(folder: Path, size_bytes: int) -> None:
    """JSON records of a megabyte each, with a rejection at the end of it."""

    def line(number: int, count: int) -> str:
        filling = f"{_words(number)} " * 36_000
        return _json_line(number, count, body=filling, msg=f"{filling}{_SAID[0]}")

    _write(folder / "app.log", _lines(size_bytes, line))


def deep_json(folder: Path, size_bytes: int) -> None:
    """JSON records nested 400 deep."""

    def line(number: int, count: int) -> str:
        inside = '{"a":' * 400 + "1" + "}" * 400
        return _json_line(number, count).rstrip()[:-1] + f', "context": {inside}}}\n'

    _write(folder / "app.log", _lines(size_bytes, line))


def secrets(folder: Path, size_bytes: int) -> None:
    """Rejections with tokens, keys and addresses in them."""

    def line(number: int, count: int) -> str:
        bearer = (
            f"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{_ident(number, 20)}.{_ident(-number, 43)}"
        )
        rest = f"authorization: {bearer} api_key={_ident(number, 32)} user=a{number}@example.com"
        return f"{_moment(number, count)} orders-1 ERROR {_SAID[0]} {rest}\n"

    _write(folder / "app.log", _lines(size_bytes, line))


def broken(folder: Path, size_bytes: int) -> None:
    """JSON lines of which each is broken in another place."""

    def line(number: int, count: int) -> str:
        whole = _json_line(number, count)
        return whole[: 120 + number % 60] + "\n"

    _write(folder / "app.log", _lines(size_bytes, line))


# --- many changes ---


def changes(folder: Path, size_bytes: int) -> None:
    """A log, and as many bytes of deploy records."""
    _write(folder / "app.log", _lines(size_bytes // 2, _text_line))
    record = (
        '{"time": "%s", "kind": "deploy", "target": "orders-%d", "description": "release %s"}\n'
    )
    count = size_bytes // 2 // len(record % (_moment(0, 1), 100, _ident(0)))
    records = (record % (_moment(n, count), n % 500, _ident(n)) for n in range(count))
    _write(folder / "changes.jsonl", records)


BASE = (plain_text, plain_json)
SHAPES: tuple[Callable[[Path, int], None], ...] = (
    files,
    zipped_files,
    zips_in_zip,
    formats,
    services,
    instances,
    keys,
    versions,
    messages,
    unknown,
    refused_requests,
    refused_access,
    minutes,
    one_line,
    one_json_line,
    long_fields,
    deep_json,
    secrets,
    broken,
    changes,
)
