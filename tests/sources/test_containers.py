"""Archives as people, programs and attackers make them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import shutil
import stat
import subprocess
import tarfile
import time
import zipfile
import zlib
from pathlib import Path

import pytest
import zstandard

from logclass import sources
from logclass.model import Choices, Fault, Source
from logclass.sources import budget

LOG = b"".join(b"2031-05-06T07:08:%02dZ INFO line %d\n" % (i % 60, i * 7919) for i in range(4000))
FUZZED = int(os.environ.get("LOGCLASS_FUZZ_EXAMPLES", "60"))
COMPRESS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.compress,
    "plain": bytes,
}


def read(path, **more) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """Return the streams of a file by uri, and place and kind of the faults."""
    found: dict[str, bytes] = {}
    faults: list[Fault] = []
    size = path.stat().st_size
    for opened in sources.streams(Source("f", str(path), size_bytes=size, **more)):
        if isinstance(opened, Fault):
            faults.append(opened)
        else:
            found[opened.source.uri] = b"".join(opened.chunks(100_000, faults))
    return found, [(fault.source, fault.kind) for fault in faults]


def saved(tmp_path, data: bytes, name: str = "f"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def tar(members: dict[str, bytes | tuple[bytes, str]]) -> bytes:
    """Return an archive of files, and of links: (type, target)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(data, tuple):
                info.type, info.linkname = data
                archive.addfile(info)
            else:
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", sorted(COMPRESS))
def test_tar_in_every_compression(tmp_path, kind):
    data = COMPRESS[kind](tar({"a.log": LOG, "sub/b.log.gz": gzip.compress(LOG)}))
    assert read(saved(tmp_path, data)) == ({"f!/a.log": LOG, "f!/sub/b.log.gz": LOG}, [])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_in_every_compression(tmp_path, method):
    data = zipped({"a.log": LOG}, method)
    assert read(saved(tmp_path, data)) == ({"f!/a.log": LOG}, [])
    # A zip inside a stream has no end to look at first.
    assert read(saved(tmp_path, gzip.compress(data))) == ({"f!/a.log": LOG}, [])


@pytest.mark.parametrize("name", ["app.log", "app.log.gz", "app.zip", "app"])
def test_names_do_not_tell_what_is_inside(tmp_path, name):
    for data in (LOG, gzip.compress(LOG), lzma.compress(LOG)):
        assert read(saved(tmp_path, data, name)) == ({"f": LOG}, [])


def test_delivery_streams_compress_what_is_compressed_already(tmp_path):
    records = [gzip.compress(LOG[at : at + 5000]) for at in range(0, len(LOG), 5000)]
    delivered = b"".join(gzip.compress(b"".join(records[at : at + 3])) for at in range(0, 50, 3))
    assert read(saved(tmp_path, delivered)) == ({"f": LOG}, [])


def test_links_in_archives_are_not_followed(tmp_path):
    link, hard = tarfile.SYMTYPE, tarfile.LNKTYPE
    members = {
        "a.log": LOG,
        "current.log": (link, "a.log"),
        "sub/again.log": (link, "../a.log"),
        "hard.log": (hard, "a.log"),
        "passwd": (link, "/etc/passwd"),
        "sub/up": (link, "../../x"),
        "dev": (tarfile.CHRTYPE, ""),
    }
    faults = [("f!/passwd", "outside"), ("f!/sub/up", "outside")]
    assert read(saved(tmp_path, tar(members))) == ({"f!/a.log": LOG}, faults)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.log", LOG)
        for name, target in {"b.log": "a.log", "passwd": "/etc/passwd", "s/up": "../../x"}.items():
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
    faults = [("f!/passwd", "outside"), ("f!/s/up", "outside")]
    assert read(saved(tmp_path, buffer.getvalue())) == ({"f!/a.log": LOG}, faults)


def test_a_damaged_link_does_not_hide_the_other_members(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("a-link")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "b.log")
        archive.writestr("b.log", LOG)
    data = buffer.getvalue().replace(b"a-link", b"x-link", 1)  # as its own header names it
    assert read(saved(tmp_path, data)) == ({"f!/b.log": LOG}, [("f!/a-link", "damaged")])


def test_names_that_climb_are_only_names(tmp_path):
    data = zipped({"../../evil.log": LOG, "/abs.log": LOG, "C:\\x.log": LOG, "..": b""})
    found, _ = read(saved(tmp_path, data))
    assert [len(one) for one in found.values() if one] == [len(LOG)] * 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f"]


def test_an_archive_that_unpacks_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(budget, "LEAST_BYTES", 1 << 20)
    monkeypatch.setattr(budget, "MOST_TIMES", 3)
    for byte, signs in ((b"a", []), (b"\0", ["zeros"])):
        bomb = zipped({f"{number}.log": byte * 900_000 for number in range(9)})
        for _ in range(2):
            bomb = zipped({f"{number}.zip": bomb for number in range(9)})
        found, faults = read(saved(tmp_path, bomb))
        assert sum(map(len, found.values())) < 4 << 20
        *before, last = (kind for _, kind in faults)
        assert last == "bomb"
        assert before == signs * len(before)


def test_a_compressed_archive_that_unpacks_without_end_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(budget, "LEAST_BYTES", 1 << 20)
    monkeypatch.setattr(budget, "MOST_TIMES", 3)
    data = gzip.compress(zipped({"a.log": b"\0" * 90_000_000}, zipfile.ZIP_STORED))
    assert read(saved(tmp_path, data)) == ({}, [("f", "bomb")])


def test_plain_files_have_no_budget(tmp_path, monkeypatch):
    monkeypatch.setattr(budget, "LEAST_BYTES", 10)
    monkeypatch.setattr(budget, "MOST_TIMES", 0)
    assert read(saved(tmp_path, LOG)) == ({"f": LOG}, [])


def test_xz_that_asks_for_all_memory_is_refused(tmp_path):
    # The size of the dictionary is one byte of the block's header (the .xz file format, 5.3.1).
    data = bytearray(lzma.compress(LOG))
    at = data.index(b"\x21\x01") + 2
    data[at] = 36  # 2 ** (36 // 2 + 12) bytes: 1 GiB
    data[20:24] = zlib.crc32(data[12:20]).to_bytes(4, "little")
    assert lzma.decompress(bytes(data)) == LOG
    assert read(saved(tmp_path, bytes(data))) == ({}, [("f", "damaged")])


def test_a_pipe_may_hold_much(monkeypatch):
    monkeypatch.setattr(budget, "LEAST_BYTES", 10)
    for times, kinds in ((2000, []), (1, ["bomb"])):
        monkeypatch.setattr(budget, "MOST_TIMES", times)
        piped = io.TextIOWrapper(io.BytesIO(gzip.compress(LOG)))
        monkeypatch.setattr("sys.stdin", piped)
        faults: list[Fault] = []
        for opened in sources.streams(Source("-", "")):
            list(opened.chunks(100, faults))
        assert [fault.kind for fault in faults] == kinds


@pytest.mark.skipif(not shutil.which("zip"), reason="needs Info-ZIP")
@pytest.mark.parametrize("inner", ["a.log", "two words.log"])
def test_a_zip_with_a_password_made_by_zip(tmp_path, inner):
    (tmp_path / inner).write_bytes(LOG)
    (tmp_path / "open.log").write_bytes(LOG)
    subprocess.run(["zip", "-qP", "x", "f.zip", inner], cwd=tmp_path, check=True)
    subprocess.run(["zip", "-q", "f.zip", "open.log"], cwd=tmp_path, check=True)
    found, faults = read(tmp_path / "f.zip")
    assert found == {"f!/open.log": LOG}
    assert faults == [(f"f!/{inner}", "encrypted")]


@pytest.mark.skipif(not shutil.which("tar"), reason="needs tar")
@pytest.mark.parametrize("form", ["gnu", "pax", "ustar", "v7"])
def test_archives_made_by_tar(tmp_path, form):
    name = "a" * 90 + ".log"
    (tmp_path / name).write_bytes(LOG)
    command = ["tar", f"--format={form}", "-czf", "f.tgz", name]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert read(tmp_path / "f.tgz") == ({f"f!/{name}": LOG}, [])


@pytest.mark.parametrize("kind", ["gz", "xz", "zst"])
def test_random_bytes_behind_the_magic_number(tmp_path, kind):
    dice = random.Random(kind)
    magic = COMPRESS[kind](LOG)[:6]
    for length in (0, 1, 20, 5000):
        read(saved(tmp_path, magic + dice.randbytes(length)))


# --- what the user says of members ---


def test_formats_and_zones_are_chosen_for_members_too(tmp_path):
    path = saved(tmp_path, zipped({"x/a.log": LOG, "x/b.log": LOG, "c.log": LOG}))
    choices = Choices(
        formats=(("a.log", "json-lines"), ("f!/x/*", "cri"), ("b.log", "text")),
        zones=(("f", "Europe/Berlin"), ("*/c.log", "Asia/Tokyo")),
    )
    (source,), _ = sources.expand([str(path)], choices)
    renamed = [one for one in sources.streams(source) if not isinstance(one, Fault)]
    found = {
        one.source.uri.rsplit("/", 1)[-1]: (one.source.format_hint, one.source.zone)
        for one in renamed
    }
    assert found == {
        "a.log": ("json-lines", "Europe/Berlin"),
        "b.log": ("text", "Europe/Berlin"),
        "c.log": ("", "Asia/Tokyo"),
    }


# --- signs that there is more ---


@pytest.mark.parametrize(
    ("text", "has_more"),
    [
        ('{"events": [{"message": "x"}], "searchedLogStreams": [], "nextToken": "abc"}\n', True),
        ('{\n    "Events": [\n    ],\n    "NextToken": "eyJ0"\n}\n', True),
        ('{"events": []}{"events": [], "nextToken": "abc"}', True),
        ('{"events": [], "nextToken": "abc"}{"events": []}', False),
        ('{"events": [], "nextForwardToken": "f/3", "nextBackwardToken": "b/3"}', False),
        ('{"events": [], "nextToken": null}', False),
        ('{"msg": "page", "ids": [1], "nextToken": "abc"}\n', False),
        ('{"events": [{"message": "{\\"a\\": [], \\"nextToken\\": \\"abc\\"}"}]}', False),
        ("events:\n- message: x\nnextToken: abc\n", True),
        ("EVENTS\t1\tx\nNEXTTOKEN\tabc\n", True),
        ("2031-05-06T07:08:09Z got nextToken: abc\n", False),
    ],
)
def test_a_token_for_the_next_page_is_a_sign(tmp_path, text, has_more):
    _, faults = read(saved(tmp_path, text.encode()))
    assert faults == ([("f", "more_pages")] if has_more else [])


HEADERS = {
    "a time without end": {"mtime": "1e400"},
    "no time": {"mtime": "nan"},
    "more bytes than the world has": {"size": "99999999999999999999"},
    "holes that are no numbers": {"GNU.sparse.map": "0,5,99,x", "GNU.sparse.size": "1"},
    "a map of holes that is text": {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"},
}


@pytest.mark.parametrize("said", sorted(HEADERS))
def test_a_header_with_absurd_numbers_ends_with_a_fault_or_is_read(tmp_path, said):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.log")
        info.size, info.pax_headers = len(LOG), HEADERS[said]
        archive.addfile(info, io.BytesIO(LOG))
    start = time.monotonic()
    found, faults = read(saved(tmp_path, buffer.getvalue()))
    assert faults or list(found.values()) == [LOG]
    assert time.monotonic() - start < 2


def test_an_archive_without_its_last_zeros_is_whole(tmp_path):
    data = tar({"a.log": LOG, "b.log": LOG}).rstrip(b"\0")
    padded = data + b"\0" * (-len(data) % 512)
    for more in (b"", bytes(512), bytes(1024)):
        assert read(saved(tmp_path, padded + more)) == ({"f!/a.log": LOG, "f!/b.log": LOG}, [])


def test_names_that_are_no_text_are_written_out(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.log")).write_bytes(LOG)
    data = tar({"caf\udce9.log": LOG})
    assert list(read(saved(tmp_path, data))[0]) == ["f!/caf\\udce9.log"]
    (source,), _ = sources.expand([str(folder)])
    assert source.uri == "caf\\udce9.log"
    assert list(read(Path(source.path))[0].values()) == [LOG]


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_damaged_archives_never_raise(tmp_path, kind):
    whole = zipped({"a.log": LOG[:900], "b.log": LOG[:900]})
    whole = whole if kind == "zip" else tar({"a.log": LOG[:900], "b.log": LOG[:900]})
    dice = random.Random(kind)
    for _ in range(FUZZED):
        data = bytearray(whole)
        for _ in range(dice.choice([1, 2, 8])):
            data[dice.randrange(len(data))] = dice.choice([0, 255, 128, dice.randrange(256)])
        found, faults = read(saved(tmp_path, bytes(data)))
        assert found or faults
