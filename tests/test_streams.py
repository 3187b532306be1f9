"""Standard streams as shells and schedulers leave them."""

from __future__ import annotations

import sys

import pytest

from logclass import cli


@pytest.mark.parametrize("command", [["report", "-"], ["explain"], ["classify", "-"]])
def test_streams_that_are_closed(command, compiled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["logclass", *command])
    for name in ("stdin", "stdout"):
        monkeypatch.setattr(sys, name, None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == (0 if command == ["explain"] else 2)
