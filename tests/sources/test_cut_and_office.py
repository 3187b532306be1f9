"""Logs that were cut under their writer, and archives that are documents of an office program."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from logclass import sources
from logclass.model import Fault, Source

LOG = b"".join(b"2031-05-06T07:08:%02dZ INFO line %d\n" % (i % 60, i) for i in range(400))
# The parts that ECMA-376 and OpenDocument ask for.
OFFICE = {
    "xlsx": ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml"),
    "docx": ("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
    "ods": ("mimetype", "META-INF/manifest.xml", "content.xml"),
}


def read(path: Path) -> tuple[list[bytes], list[Fault]]:
    """Return what the streams of a file hold, and its faults."""
    found: list[bytes] = []
    faults: list[Fault] = []
    for opened in sources.streams(Source("f", str(path), size_bytes=path.stat().st_size)):
        if isinstance(opened, Fault):
            faults.append(opened)
        else:
            found.append(b"".join(opened.chunks(100_000, faults)))
    return found, faults


def cut_under_its_writer(path: Path, cut_at: int) -> None:
    """Write a log as copytruncate leaves it where the writer goes on at its old place."""
    with path.open("wb", buffering=0) as writer:
        writer.write(LOG[:cut_at])
        with path.open("r+b") as other:
            other.truncate(0)
        writer.write(LOG[cut_at:])


@pytest.mark.parametrize("cut_at", [100, 5_000])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_log_that_was_cut_while_its_writer_went_on(tmp_path, cut_at, pack) -> None:
    path = tmp_path / "app.log"
    cut_under_its_writer(path, cut_at)
    assert path.read_bytes()[:cut_at] == bytes(cut_at)
    path.write_bytes(pack(path.read_bytes()))
    found, (fault,) = read(path)
    assert found == [LOG[cut_at:]]
    assert fault.kind == "zeros"
    assert fault.detail.startswith(f"{cut_at} bytes ")


@pytest.mark.parametrize("kind", sorted(OFFICE))
def test_a_document_is_refused_with_what_to_do(tmp_path, kind) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in OFFICE[kind]:
            archive.writestr(name, "<a>2031-05-06T07:08:09Z jwt expired</a>")
    path = tmp_path / f"f.{kind}"
    path.write_bytes(data.getvalue())
    found, (fault,) = read(path)
    assert not found
    assert fault.kind == "not_a_log"
    assert "save" in fault.detail


def test_a_bundle_with_a_part_of_a_document_is_still_read(tmp_path) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("app.log", LOG)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    found, faults = read(path)
    assert LOG in found
    assert not faults
