"""Command lines as users type them, one TOML file each in cases/.

A case has `command` (a list; words after `logclass`), `exit`, `files` and what stdout and stderr
hold. A file's content is `text`, `hex` or `json`; `repeat`, `encoding`, `cut_bytes` and `pack`
(gzip, zip, tar) are done to it in that order. In text and command {dir} is the folder of the case.
`stdout.json` maps paths like `intake.faults` to values; `contains` and `absent` are texts.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from reading import ENDED

from logclass import cli

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


def content(name: str, entry: dict[str, Any]) -> bytes:
    if "hex" in entry:
        data = bytes.fromhex(entry["hex"])
    else:
        text = entry["text"] if "text" in entry else json.dumps(entry["json"])
        data = text.encode(entry.get("encoding", "utf-8"))
    data *= entry.get("repeat", 1)
    pack = entry.get("pack", "")
    if pack == "gzip":
        data = gzip.compress(data, mtime=0)
    elif pack:
        data = archive(pack, Path(name).stem + ".log", data)
    return data[: len(data) - entry.get("cut_bytes", 0)]


def archive(pack: str, member: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    if pack == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(member, data)
    else:
        with tarfile.open(fileobj=buffer, mode="w") as packed:
            info = tarfile.TarInfo(member)
            info.size, info.mtime = len(data), ENDED
            packed.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def lay_out(case: dict[str, Any], folder: Path) -> None:
    for name in case.get("folders", []):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, entry in case.get("files", {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(name, entry))
        os.utime(path, (ENDED, ENDED))
    for name, target in case.get("links", {}).items():
        (folder / name).symlink_to(target)


def at(document: Any, path: str) -> Any:
    """Return the value at a path; numbers index lists, * collects over them, # counts."""
    if not path:
        return document
    step, _, rest = path.partition(".")
    if step == "#":
        return len(document)
    if step == "*":
        return [at(item, rest) for item in document]
    return at(document[int(step)] if isinstance(document, list) else document[step], rest)


def check(said: str, expected: dict[str, Any], name: str) -> None:
    for text in expected.get("contains", []):
        assert text in said, f"{name} lacks {text!r}:\n{said[:3000]}"
    for text in expected.get("absent", []):
        assert text not in said, f"{name} holds {text!r}:\n{said[:3000]}"
    if "lines" in expected:
        assert len(said.splitlines()) == expected["lines"], said[:3000]
    if "json" in expected:
        document = json.loads(said)
        for path, value in expected["json"].items():
            assert at(document, path) == value, f"{path} in {json.dumps(document)[:3000]}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path, compiled, tmp_path, monkeypatch, capfdbinary):
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    if case.get("skip_root") and os.geteuid() == 0:
        pytest.skip(case["skip_root"])
    lay_out(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["logclass", *case["command"]])
    stdin = io.TextIOWrapper(
        io.BytesIO(content("stdin", case["stdin"])) if "stdin" in case else io.BytesIO()
    )
    monkeypatch.setattr(sys, "stdin", stdin)
    for name in case.get("unreadable", []):
        (tmp_path / name).chmod(0)
    try:
        cli.main()
        code: Any = 0
    except SystemExit as stopped:
        code = stopped.code or 0
    said = capfdbinary.readouterr()
    err = said.err.decode()
    assert code == case.get("exit", 0), err
    assert "Traceback" not in err
    check(said.out.decode(), case.get("stdout", {}), "stdout")
    check(err, case.get("stderr", {}), "stderr")


def test_letters_that_a_terminal_has_not_are_written_out(compiled, monkeypatch):
    latin = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", latin)
    monkeypatch.setattr(sys, "argv", ["logclass", "explain", "audience invalid. expected: \u65e5"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 0
    latin.seek(0)
    assert "\\u65e5" in latin.read()


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


STEERING = "2031-05-06T07:08:09Z ERROR JsonWebTokenError: jwt expired \u202e\x1b]0;title\x07\n"


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_line_of_a_log_does_not_steer_the_terminal(form, compiled, tmp_path, monkeypatch):
    (tmp_path / "auth.log").write_text(STEERING)
    terminal = Terminal(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", terminal)
    command = ["logclass", "classify", str(tmp_path / "auth.log"), "--format", form]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit):
        cli.main()
    said = terminal.buffer.getvalue().decode()
    assert "jwt expired" in said
    assert all(letter.isprintable() or letter == "\n" for letter in said)
