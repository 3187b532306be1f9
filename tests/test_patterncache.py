"""Patterns from the cache are the patterns of the files, whatever happened to the cache."""

import os
import stat

import pytest

from logclass.cli import options
from logclass.errors import PatternError
from logclass.patterncache import prepare
from logclass.patternset import load

TEXT = "acme says: badge refused"
FILE = """
library = "acme"
title = "Acme"
tier = "library"

[[pattern]]
id = "acme.refused"
reason = "{reason}"
regex = 'badge refused'
literals = ["badge refused"]
"""


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "acme.toml").write_text(FILE.format(reason="token_revoked"), encoding="utf-8")
    return folder


def reason(prepared):
    return prepared.matcher().match(TEXT).reason


def test_what_was_kept_is_what_is_loaded(own, tmp_path):
    cache = tmp_path / "cache"
    first = prepare([own], cache)
    assert reason(first) == "token_revoked"
    kept = {path.name: path.stat().st_size for path in cache.iterdir()}
    again = prepare([own], cache)
    assert again.patternset == first.patternset == load([own])
    assert reason(again) == "token_revoked"
    assert {path.name: path.stat().st_size for path in cache.iterdir()} == kept


def test_a_changed_file_is_read_anew(own, tmp_path):
    prepare([own], tmp_path / "cache")
    (own / "acme.toml").write_text(FILE.format(reason="key_not_found"), encoding="utf-8")
    os.utime(own / "acme.toml", ns=(1, 1))
    assert reason(prepare([own], tmp_path / "cache")) == "key_not_found"


@pytest.mark.parametrize("suffix", [".json", ".scan"])
@pytest.mark.parametrize("damage", [b"", b"[]", b"{}", b"\x00" * 64])
def test_a_damaged_cache_is_made_anew(own, tmp_path, suffix, damage):
    cache = tmp_path / "cache"
    prepare([own], cache)
    (path,) = cache.glob(f"*{suffix}")
    path.write_bytes(damage)
    assert reason(prepare([own], cache)) == "token_revoked"


def test_no_cache_and_no_place_for_one_are_no_error(own, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert reason(prepare([own], None)) == "token_revoked"
    assert reason(prepare([own], tmp_path / "file" / "cache")) == "token_revoked"


def test_a_broken_pattern_file_is_named(own, tmp_path):
    (own / "acme.toml").write_text("library = ", encoding="utf-8")
    with pytest.raises(PatternError, match=r"acme\.toml"):
        prepare([own], tmp_path / "cache")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders have no owner here")
@pytest.mark.parametrize("mode", [0o777, 0o775, 0o1777])
def test_a_folder_that_others_may_write_to_is_not_used(own, tmp_path, mode):
    cache = tmp_path / "cache"
    cache.mkdir()
    cache.chmod(mode)
    assert reason(prepare([own], cache)) == "token_revoked"
    assert list(cache.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders have no owner here")
def test_a_folder_of_somebody_else_is_not_used(own, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    prepare([own], cache)
    kept = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    monkeypatch.setattr(os, "geteuid", lambda: cache.stat().st_uid + 1)
    (own / "acme.toml").write_text(FILE.format(reason="key_not_found"), encoding="utf-8")
    assert reason(prepare([own], cache)) == "key_not_found"
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == kept


def test_only_what_was_kept_here_is_cleared_away(own, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    notes = [cache / f"{number}.txt" for number in range(40)]
    for note in notes:
        note.write_text("mine", encoding="utf-8")
        os.utime(note, ns=(1, 1))
    prepare([own], cache)
    assert all(note.exists() for note in notes)
    assert stat.S_IMODE(cache.stat().st_mode) & 0o022 == 0


@pytest.mark.parametrize(
    ("named", "folder"), [("/c", "/c/logclass"), ("c", "/home/x/.cache/logclass")]
)
def test_the_folder_is_never_made_where_the_user_happens_to_stand(monkeypatch, named, folder):
    monkeypatch.setenv("XDG_CACHE_HOME", named)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("HOME", "/home/x")
    assert str(options.cache_directory()) == folder
