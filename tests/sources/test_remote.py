"""Bundles in a remote store, read over HTTP from a server program that speaks its protocol."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from urllib.error import URLError
from urllib.parse import quote

import pytest
from reading import write

from logclass import cli, detection, pipeline, report, sources
from logclass.model import Choices, Fault
from logclass.sources import remote, stores

pytest.importorskip("moto.server", reason="needs moto[server]")
pytest.importorskip("pyarrow._s3fs", reason="this pyarrow has no S3")

LINE = "2031-05-06T07:%02d:09Z ERROR [auth] JsonWebTokenError: jwt expired\n"
LOG = "".join(LINE % minute for minute in range(60)).encode()


class Server:
    """A running store, filled with plain requests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.choices = Choices(endpoint_url=url)

    def put(self, path: str, data: bytes = b"") -> None:
        self.request("PUT", quote(path), data)

    def request(self, method: str, path: str, data: bytes) -> None:
        kind = {"Content-Type": "application/octet-stream"}
        asked = urllib.request.Request(f"{self.url}/{path}", data, kind, method=method)
        urllib.request.urlopen(asked, timeout=20).close()


@pytest.fixture(scope="module")
def server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        found = Server(f"http://127.0.0.1:{port}")
        for _ in range(300):
            try:
                found.request("GET", "moto-api/data.json", b"")
                break
            except (URLError, ConnectionError):
                time.sleep(0.1)
        yield found
        os.killpg(running.pid, signal.SIGTERM)


@pytest.fixture(autouse=True)
def credentials(monkeypatch, tmp_path_factory):
    nothing = str(tmp_path_factory.getbasetemp() / "none")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, nothing)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")  # of AWS's own documentation
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2031, 5, 7, 0, 0, 0)), data)
    return buffer.getvalue()


FILES = {
    "auth.log": LOG,
    "old/auth.log.1.gz": gzip.compress(LOG.replace(b"-06T", b"-05T"), mtime=0)
    + gzip.compress(LOG.replace(b"-06T", b"-04T"), mtime=0),
    "more.zip": zipped({"api/a.log": LOG.replace(b"auth", b"api"), "b.log.gz": gzip.compress(LOG)}),
    "cut.log.gz": gzip.compress(LOG)[:-30],
    "pic.png": b"\x89PNG\r\n\x1a\n\0\0\0",
    "deploys.csv": b"time,kind,target,description\n2031-05-06T07:00:00Z,deploy,auth,1.2.3\n",
    "a name with blanks & ümläuts %41.log": LOG.replace(b"07:", b"08:"),
    ".DS_Store": b"x",
    "__MACOSX/x.log": LOG,
}


@pytest.fixture(scope="module")
def stored(server):
    server.put("incident")
    for name, data in FILES.items():
        server.put(f"incident/2031/{name}", data)
    return server


def document(names: list[str], choices: Choices, workers: int = 1) -> bytes:
    intake = pipeline.read(names, pipeline.Options(choices=choices, workers=workers))
    return report.to_json(pipeline.diagnose(intake, command="x"))


def test_a_bundle_gives_the_same_report_from_a_store(compiled, stored, tmp_path):
    local = document([str(write(tmp_path, FILES))], Choices())
    assert json.loads(local)["intake"]["rejections"] > 6 * 60
    assert document(["s3://incident/2031"], stored.choices) == local


def test_processes_that_were_forked_after_listing_read_the_same(compiled, stored, monkeypatch):
    monkeypatch.setattr(pipeline, "POOL_FROM_BYTES", 1)
    names = ["s3://incident/2031/"]
    assert document(names, stored.choices, 2) == document(names, stored.choices, 1)


def listed(name: str, choices: Choices) -> tuple[list[str], list[Fault]]:
    found, faults = sources.expand([name], choices)
    return [one.uri for one in found], list(faults)


def test_what_an_address_can_be(server):
    server.put("shapes")
    for key in ("a/1.log", "a/2.log", "a/b/3.log", "ab/4.log", "5.log"):
        server.put(f"shapes/{key}", LOG)
    for name, found in {
        "s3://shapes": ["5.log", "a/1.log", "a/2.log", "a/b/3.log", "ab/4.log"],
        "s3://shapes/a": ["1.log", "2.log", "b/3.log"],
        "s3://shapes/a/": ["1.log", "2.log", "b/3.log"],
        "s3://shapes/a/1.log": ["s3://shapes/a/1.log"],
        "s3://shapes/a/1": ["s3://shapes/a/1.log"],
        "s3://shapes/a*/*.log": [f"s3://shapes/{k}.log" for k in ("a/1", "a/2", "ab/4")],
        "s3://shapes/a/**/[13].log": ["s3://shapes/a/1.log", "s3://shapes/a/b/3.log"],
        "s3://shapes/a/[!1^].log": ["s3://shapes/a/2.log"],
        "s3://shapes/a/[^13].log": ["s3://shapes/a/1.log"],
    }.items():
        assert listed(name, server.choices) == (found, []), name


def test_a_glob_with_an_impossible_range_is_a_fault(server):
    server.put("ranges")
    found, (fault,) = listed("s3://ranges/[z-a]*.log", server.choices)
    assert (found, fault.kind) == ([], "bad_address")
    assert "bad character range" in fault.detail


def test_local_and_remote_names_stand_beside_each_other(compiled, stored, tmp_path):
    path = write(tmp_path, {"here.log": LOG}) / "here.log"
    found, faults = sources.expand([str(path), "s3://incident/2031/auth.log"], stored.choices)
    assert [one.uri for one in found] == [str(path), "s3://incident/2031/auth.log"]
    assert not faults


def test_a_prefix_with_nothing_is_a_fault(server):
    server.put("hollow")
    for name in ("s3://hollow", "s3://hollow/x", "s3://hollow/x/", "s3://hollow/*.log"):
        found, (fault,) = listed(name, server.choices)
        assert (found, fault.source, fault.kind) == ([], name, "not_found")
        assert "nothing is stored" in fault.detail


def test_a_large_object_is_read_in_blocks(server, monkeypatch):
    line = b"2031-05-06T07:08:09Z INFO [auth] GET /profile 200 " + b"x" * 77 + b"\n"
    data = line * (30 * 1024 * 1024 // len(line))
    server.put("large")
    server.put("large/app.log", data)
    lengths = []
    fetched = remote._Object._fetched

    def noted(self, index):
        block = fetched(self, index)
        lengths.append(len(block))
        return block

    monkeypatch.setattr(remote._Object, "_fetched", noted)
    (source,), _ = sources.expand(["s3://large"], server.choices)
    streams = sources.streams(source)
    opened = next(streams)
    hashed = hashlib.sha256()
    for number, chunk in enumerate(opened.chunks(1 << 20, [])):
        hashed.update(chunk)
        assert sum(lengths) <= (number + 1 << 20) + 2 * remote.BLOCK_BYTES
    assert not list(streams)
    assert hashed.hexdigest() == hashlib.sha256(data).hexdigest()
    assert max(lengths) <= remote.BLOCK_BYTES
    assert sum(lengths) == len(data)
    assert sources.sha256(source, 1 << 30) == hashed.hexdigest()
    assert sum(lengths) == len(data)  # the hash did not fetch it again


def test_detect_reads_from_a_store(stored):
    (found,) = detection.detect(["s3://incident/2031/auth.log"], stored.choices)
    assert (found.format, found.events) == ("text", 60)
    assert found.first_ms is not None


# --- what goes wrong ---


def run(monkeypatch, capfd, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["logclass", "classify", *arguments])
    started = time.monotonic()
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert time.monotonic() - started < 30
    err = capfd.readouterr().err
    assert "Traceback" not in err
    return int(stopped.value.code or 0), err


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("s3://no-such-bucket/x", "not_found: no such bucket|no such bucket"),
        ("s3://user:secret@bucket/x", "credentials do not belong in an address"),
        ("s3:///x", "write s3://BUCKET/PREFIX"),
        ("abfs://container/x", "write abfs://CONTAINER@ACCOUNT/PREFIX"),
    ],
)
def test_wrong_addresses_are_said_in_a_line(compiled, server, monkeypatch, capfd, name, words):
    code, err = run(monkeypatch, capfd, name, "--endpoint-url", server.url)
    assert code == 2
    assert any(word in err for word in words.split("|")), err
    assert "secret" not in err.replace(name, "")


def test_a_store_that_denies_says_so(compiled, stored, monkeypatch, capfd):
    stored.request("POST", "moto-api/reset-auth", b"0")
    try:
        code, err = run(monkeypatch, capfd, "s3://incident/2031", "--endpoint-url", stored.url)
    finally:
        stored.request("POST", "moto-api/reset-auth", b"inf")
    assert code == 2
    assert "access denied" in err


def test_a_store_that_is_not_there_is_given_up(compiled, monkeypatch, capfd):
    code, err = run(monkeypatch, capfd, "s3://x/y", "--endpoint-url", "http://127.0.0.1:1")
    assert code == 2
    assert "cannot be reached" in err


def test_a_store_that_never_answers_is_given_up(compiled, monkeypatch, capfd):
    monkeypatch.setattr(stores, "_REQUEST_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        code, err = run(monkeypatch, capfd, "s3://x/y", "--endpoint-url", url)
    assert code == 2
    assert "cannot be reached" in err


def test_an_object_that_has_gone_is_a_fault_beside_the_others(compiled, server):
    server.put("going")
    for name in ("a.log", "b.log"):
        server.put(f"going/{name}", LOG)
    found, _ = sources.expand(["s3://going"], server.choices)
    store = stores.file_system(stores.parse("s3://going"), server.url)
    store.delete_file("going/a.log")
    opened = [one for source in found for one in sources.streams(source)]
    assert isinstance(opened[0], Fault)
    assert opened[0].kind == "not_found"
    assert not isinstance(opened[1], Fault)


def test_a_store_named_by_the_environment(compiled, stored, monkeypatch, capfd):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", stored.url)
    code, err = run(monkeypatch, capfd, "s3://incident/2031/auth.log", "-o", os.devnull)
    assert (code, err) == (0, "")
