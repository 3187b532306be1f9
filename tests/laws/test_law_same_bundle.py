"""The same logs give the same counts, however they are packed, ordered and shared out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from dataclasses import replace

import pytest
import zstandard
from reading import ENDED, write

from logclass import formats, partition, pipeline, tables
from logclass import report as documents
from logclass import summary as summaries


def auth(lines: int) -> bytes:
    return "".join(
        f"2031-05-06T07:{i // 60 % 60:02d}:{i % 60:02d}Z "
        + ("ERROR [auth] JsonWebTokenError: jwt expired\n    at verify (/app/a.js:1:2)\n"
           if i % 3 == 0 else "INFO [auth] ok\n")
        for i in range(lines)
    ).encode()  # fmt: skip


def access(lines: int) -> bytes:
    return "".join(
        f'10.0.0.{i % 7} - - [06/May/2031:07:{i // 60 % 60:02d}:{i % 60:02d} +0200] '
        f'"GET /a HTTP/1.1" {[200, 401, 503][i % 3]} 12 "-" "curl"\n'
        for i in range(lines)
    ).encode()  # fmt: skip


FILES = {"auth-1.log": auth(400), "auth-2.log": auth(250), "edge/access.log": access(500)}


def counts(names: list[str], workers: int = 1) -> object:
    """Return everything that is counted, without the names of the containers."""
    whole = pipeline.read(names, pipeline.Options(workers=workers)).summary

    def bare(rows: list[dict]) -> list:
        kept = [
            {**row, "source": row["source"].rpartition("!/")[2].removesuffix(".gz")} for row in rows
        ]
        return sorted(repr(sorted(row.items())) for row in kept)

    intake = [
        (one.events, one.rejections, one.read_bytes, one.first_ms, one.last_ms, one.format)
        for one in whole.sources
    ]
    return (
        bare(tables.plain(whole.counts).to_pylist()),
        bare(tables.plain(whole.tally).to_pylist()),
        sorted(intake),
        whole.faults,
    )


def tar(files: dict[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), ENDED
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2031, 5, 7, 6, 0, 0)), data)
    return buffer.getvalue()


PACKED = {
    "gzip": lambda files: {f"{name}.gz": gzip.compress(data) for name, data in files.items()},
    "gzip members": lambda files: {
        f"{name}.gz": gzip.compress(data[:100]) + gzip.compress(b"") + gzip.compress(data[100:])
        for name, data in files.items()
    },
    "bzip2 by content": lambda files: {name: bz2.compress(data) for name, data in files.items()},
    "xz by content": lambda files: {name: lzma.compress(data) for name, data in files.items()},
    "zstd by content": lambda files: {
        name: zstandard.compress(data[:99]) + zstandard.compress(data[99:])
        for name, data in files.items()
    },
    "zip": lambda files: {"b.zip": zipped(files)},
    "zip in another order": lambda files: {"b.zip": zipped(dict(reversed(files.items())))},
    "tar": lambda files: {"b.tar": tar(files)},
    "tar.gz": lambda files: {"b.tar.gz": tar(files, "w:gz")},
    "tar.zst in a zip": lambda files: {
        "b.zip": zipped({"in.tar.zst": zstandard.compress(tar(files))})
    },
    "gzip in a tar.gz": lambda files: {
        "b.tgz": tar({f"{name}.gz": gzip.compress(data) for name, data in files.items()}, "w:gz")
    },
    "zip in a tar in a zip": lambda files: {
        "b.zip": zipped({"a.tar": tar({"b.zip": zipped(files)})})
    },
    "with a byte order mark": lambda files: {
        name: b"\xef\xbb\xbf" + data for name, data in files.items()
    },
    "UTF-16": lambda files: {name: data.decode().encode("utf-16") for name, data in files.items()},
    "UTF-16 big endian": lambda files: {
        name: b"\xfe\xff" + data.decode().encode("utf-16-be") for name, data in files.items()
    },
    "UTF-16 without a mark": lambda files: {
        name: data.decode().encode("utf-16-le") for name, data in files.items()
    },
}


@pytest.fixture
def expected(compiled, tmp_path):
    return counts([str(write(tmp_path / "plain", FILES))])


@pytest.mark.parametrize("form", sorted(PACKED))
def test_packing_does_not_show(expected, tmp_path, form):
    assert counts([str(write(tmp_path / "packed", PACKED[form](FILES)))]) == expected


def test_the_order_of_names_does_not_show(expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "plain")
    names = sorted(FILES)
    assert counts(names) == counts(names[::-1]) == expected


@pytest.mark.parametrize("part_bytes", [3_000, 7_777])
def test_parts_and_workers_do_not_show(expected, tmp_path, monkeypatch, part_bytes):
    monkeypatch.setattr(partition, "PART_BYTES", part_bytes)
    monkeypatch.setattr(pipeline, "POOL_FROM_BYTES", 0)
    for workers in (1, 3):
        assert counts([str(tmp_path / "plain")], workers) == expected


@pytest.mark.parametrize("chunk_bytes", [1_000, 4_097])
def test_blocks_do_not_show(expected, tmp_path, monkeypatch, chunk_bytes):
    monkeypatch.setattr(pipeline, "CHUNK_BYTES", chunk_bytes)
    monkeypatch.setattr(formats, "HEAD_BYTES", chunk_bytes)
    assert counts([str(tmp_path / "plain")]) == expected


def test_merging_in_pieces_does_not_show(expected, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "CHUNK_BYTES", 1_000)
    monkeypatch.setattr(pipeline, "MERGE_ROWS", 5)
    assert counts([str(tmp_path / "plain")]) == expected


def test_summaries_of_the_files_add_up_to_that_of_the_bundle(compiled, tmp_path, monkeypatch):
    monkeypatch.chdir(write(tmp_path / "plain", FILES))
    options = pipeline.Options(workers=1)
    whole = pipeline.read(sorted(FILES), options).summary
    added = summaries.merge([pipeline.read([name], options).summary for name in sorted(FILES)])
    assert replace(added, counts=None, tally=None) == replace(whole, counts=None, tally=None)
    for name in ("counts", "tally"):
        parts = (tables.plain(getattr(one, name)).to_pylist() for one in (added, whole))
        assert next(parts) == next(parts)


def test_the_report_is_the_same_to_the_byte(compiled, tmp_path, monkeypatch):
    folder = write(tmp_path / "plain", FILES)

    def report(names: list[str], workers: int) -> bytes:
        intake = pipeline.read(names, pipeline.Options(workers=workers))
        return documents.to_json(pipeline.diagnose(intake, command="logclass report"))

    monkeypatch.chdir(folder)
    whole = report(sorted(FILES), 1)
    assert report(sorted(FILES, reverse=True), 1) == whole
    monkeypatch.setattr(pipeline, "POOL_FROM_BYTES", 0)
    assert report(sorted(FILES), 3) == whole
    monkeypatch.setattr(pipeline, "CHUNK_BYTES", 2_000)
    assert report(sorted(FILES), 2) == whole
    monkeypatch.setattr(partition, "PART_BYTES", 5_000)
    assert without_hashes(report(sorted(FILES), 2)) == without_hashes(whole)


def without_hashes(report: bytes) -> bytes:
    """Return a report without the hashes, which large files do not have."""
    return re.sub(rb'"sha256": ?"[0-9a-f]*"', b"", report)
