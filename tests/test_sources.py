"""What a user names becomes byte streams, and what cannot be read is said with its place."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import sys
import tarfile
import threading
import zipfile

import pytest
import zstandard

from logclass import sources
from logclass.model import Fault, Source

LINES = b"".join(b"2031-05-06T07:08:%02dZ INFO line %d\n" % (i % 60, i * 7919) for i in range(4000))
COMPRESS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.compress,
}


def read(path, **more) -> tuple[dict[str, bytes], list[Fault]]:
    """Return the streams of a file by uri, and the faults."""
    found: dict[str, bytes] = {}
    faults: list[Fault] = []
    for opened in sources.streams(Source("f", str(path), **more)):
        if isinstance(opened, Fault):
            faults.append(opened)
        else:
            found[opened.source.uri] = b"".join(opened.chunks(1000, faults))
    return found, faults


def saved(tmp_path, data: bytes):
    path = tmp_path / "f"
    path.write_bytes(data)
    return path


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tar(files: dict[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


# --- streams ---


@pytest.mark.parametrize("kind", sorted(COMPRESS))
def test_a_cut_compressed_file_gives_what_stands_before_the_cut(tmp_path, kind):
    data = random.Random(1).randbytes(200_000).hex().encode()
    whole = COMPRESS[kind](data)
    found, faults = read(saved(tmp_path, whole))
    assert (found, faults) == ({"f": data}, [])
    for share in (0.999, 0.7):
        found, faults = read(saved(tmp_path, whole[: int(len(whole) * share)]))
        assert [fault.kind for fault in faults] == ["truncated"]
        least = 0 if kind == "bzip2" else len(data) * share * 0.5
        assert len(found.get("f", b"")) >= least
        assert data.startswith(found.get("f", b""))


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_members_one_after_another_are_one_stream(tmp_path, kind):
    pack = COMPRESS[kind]
    data = pack(LINES[:10]) + pack(b"") + pack(LINES[10:5000]) + b"\0" * 512 + pack(LINES[5000:])
    if kind == "zstd":
        data = data.replace(b"\0" * 512, b"", 1)
    assert read(saved(tmp_path, data)) == ({"f": LINES}, [])


def test_text_behind_a_gzip_member_is_a_fault(tmp_path):
    found, faults = read(saved(tmp_path, gzip.compress(LINES) + b"garbage behind it"))
    assert found == {"f": LINES}
    assert [fault.kind for fault in faults] == ["damaged"]


def test_archives_in_archives(tmp_path):
    inner = zipped({"deep/a.log": LINES, "b.log.gz": gzip.compress(LINES)})
    data = gzip.compress(tar({"x/in.zip": inner, "c.log": LINES}))
    found, faults = read(saved(tmp_path, data))
    assert found == {
        "f!/x/in.zip!/deep/a.log": LINES,
        "f!/x/in.zip!/b.log.gz": LINES,
        "f!/c.log": LINES,
    }
    assert faults == []


def test_nesting_without_end_is_refused(tmp_path):
    data = LINES
    for _ in range(12):
        data = gzip.compress(data)
    found, faults = read(saved(tmp_path, data))
    assert found == {}
    assert [fault.kind for fault in faults] == ["nested_too_deep"]


def test_one_bad_member_does_not_hide_the_others(tmp_path):
    data = bytearray(
        zipped({"a.log": LINES, "b.log.gz": gzip.compress(LINES)[:-3000], "c.log": LINES})
    )
    found, faults = read(saved(tmp_path, bytes(data)))
    assert found["f!/a.log"] == found["f!/c.log"] == LINES
    assert [(fault.source, fault.kind) for fault in faults] == [("f!/b.log.gz", "truncated")]


def test_an_encrypted_member_is_named(tmp_path):
    data = bytearray(zipped({"a.log": LINES, "b.log": LINES}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    found, faults = read(saved(tmp_path, bytes(data)))
    assert list(found) == ["f!/b.log"]
    assert [(fault.source, fault.kind) for fault in faults] == [("f!/a.log", "encrypted")]


def test_members_that_point_outside_are_only_names(tmp_path):
    found, _ = read(saved(tmp_path, tar({"../../etc/x.log": LINES, "/abs.log": LINES})))
    assert list(found.values()) == [LINES, LINES]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f"]


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zstd", "zip", "tar", "tar.gz"])
def test_flipped_bytes_never_raise(tmp_path, kind):
    files = {"a.log": LINES[:3000], "b.log": LINES[3000:6000]}
    whole = {"zip": zipped(files), "tar": tar(files), "tar.gz": tar(files, "w:gz")}.get(kind)
    whole = whole or COMPRESS[kind](LINES[:6000])
    dice = random.Random(kind)
    for number in range(60):
        data = bytearray(whole)
        for _ in range(dice.choice([1, 1, 8])):
            data[dice.randrange(len(data))] = dice.randrange(256)
        read(saved(tmp_path, bytes(data[: dice.randrange(len(data))] if number % 4 == 0 else data)))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_read_as_utf8(tmp_path, encoding):
    text = "2031-05-06 ERROR käse 中文 😀\r\n" * 3000
    data = text.encode(encoding)
    assert read(saved(tmp_path, data)) == ({"f": text.encode()}, [])
    assert read(saved(tmp_path, gzip.compress(data))) == ({"f": text.encode()}, [])


def test_utf16_cut_in_a_character(tmp_path):
    found, _ = read(saved(tmp_path, "jwt expired 😀".encode("utf-16")[:-1]))
    assert found["f"].startswith(b"jwt expired ")


def test_a_part_of_a_file(tmp_path):
    path = saved(tmp_path, b"\xef\xbb\xbf" + LINES)
    assert read(path, byte_range=(0, 103))[0] == {"f": LINES[:100]}
    assert read(path, byte_range=(103, 200))[0] == {"f": LINES[100:197]}


def test_standard_input_in_small_pieces(monkeypatch):
    reading, writing = os.pipe()
    data = gzip.compress(LINES)

    def trickle() -> None:
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            for at in range(40):
                pipe.write(data[at : at + 1])
            pipe.write(data[40:])

    thread = threading.Thread(target=trickle)
    thread.start()
    with os.fdopen(reading, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        (opened,) = sources.streams(Source("-", ""))
        assert b"".join(opened.chunks(1 << 20, [])) == LINES
    thread.join()


# --- hashes ---


def test_sha256_is_of_the_bytes_as_stored(tmp_path):
    path = saved(tmp_path, b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2 B.1
    assert sources.sha256(Source("f", str(path), size_bytes=3), 10) == known
    assert sources.sha256(Source("f", str(path), size_bytes=30), 10) == ""


def test_a_named_pipe_is_not_opened_twice(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert sources.sha256(Source("f", str(path), size_bytes=0), 10) == ""


# --- expand ---


def names(*paths) -> tuple[list[str], dict[str, str]]:
    found, faults = sources.expand([str(path) for path in paths])
    return [source.uri for source in found], {fault.source: fault.kind for fault in faults}


@pytest.fixture
def folder(tmp_path):
    top = tmp_path / "bundle"
    for name in ("b.log", "a b\n.log", "sub/c.log", ".git/config", "__MACOSX/x", ".DS_Store"):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LINES)
    return top


def test_a_folder_gives_its_files_by_their_names_in_it(folder):
    assert names(folder) == (["a b\n.log", "b.log", "sub/c.log"], {})


def test_a_file_is_read_once_however_often_it_is_named(folder):
    (folder / "again.log").symlink_to(folder / "b.log")
    found, _ = names(folder / "b.log", folder, folder / "b.log")
    assert len(found) == 3


def test_folders_with_the_same_names_are_kept_apart(tmp_path):
    for host in ("one", "two"):
        (tmp_path / host / "logs").mkdir(parents=True)
        (tmp_path / host / "logs" / "app.log").write_bytes(LINES)
    found, _ = names(tmp_path / "one" / "logs", tmp_path / "two" / "logs")
    assert len(set(found)) == 2


def test_a_glob_is_expanded_when_no_file_has_that_name(folder):
    assert len(names(folder / "*.log")[0]) == 2
    assert len(names(folder / "**" / "*.log")[0]) == 3


def test_what_leads_nowhere_is_a_fault(folder, tmp_path):
    (folder / "out.log").symlink_to("/etc/passwd")
    (folder / "dangling.log").symlink_to(folder / "gone")
    os.mkfifo(folder / "pipe")
    (tmp_path / "empty").mkdir()
    found, faults = names(folder, tmp_path / "empty", tmp_path / "no.log")
    assert len(found) == 3
    assert {name.rsplit("/", 1)[-1]: kind for name, kind in faults.items()} == {
        "out.log": "outside",
        "dangling.log": "not_a_file",
        "pipe": "not_a_file",
        "empty": "not_found",
        "no.log": "not_found",
    }


def test_a_link_in_a_loop_ends(folder):
    (folder / "sub" / "up").symlink_to(folder)
    assert len(names(folder)[0]) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_read_is_a_fault(folder):
    (folder / "sub").chmod(0)
    try:
        assert names(folder)[1] == {"sub": "unreadable"}
    finally:
        (folder / "sub").chmod(0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_a_fault(folder):
    (folder / "b.log").chmod(0)
    assert [fault.kind for fault in read(folder / "b.log")[1]] == ["unreadable"]
