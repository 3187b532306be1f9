"""`logclass detect`: what a stream is taken for, and what its records say."""

from __future__ import annotations

import sys

import pytest
from reading import write

from logclass import cli, detection
from logclass.detection import Detected
from logclass.formats import stampnames
from logclass.formats.stamps import BY_NAME
from logclass.model import Choices

PLAIN = (
    "2031-05-06T07:08:09.120Z INFO starting\n"
    "2031-05-06T07:08:10.500Z ERROR JsonWebTokenError: jwt expired\n"
    "    at verify (/srv/app/auth.js:1:2)\n"
    "2031-05-06T07:19:11.250Z INFO ready\n"
)
JOURNAL = (
    '{"__REALTIME_TIMESTAMP":"1935817689000000","MESSAGE":"jwt expired",'
    '"SYSLOG_IDENTIFIER":"auth","_HOSTNAME":"web-1"}\n'
)


def detect(folder, files, *choices) -> dict[str, Detected]:
    write(folder, files)
    found = detection.detect([str(folder)], Choices(*choices))
    return {one.source: one for one in found}


def test_events_times_and_their_form(tmp_path):
    found = detect(tmp_path, {"auth-3.log": PLAIN})["auth-3.log"]
    assert (found.format, found.events) == ("text", 3)
    assert 0 < found.confidence < 1
    assert (found.first_ms, found.last_ms) == (1935817689120, 1935818351250)
    assert found.time_form == "ISO 8601, such as 2031-05-06T07:08:09.120Z"
    assert found.zone == "named by the times"
    assert (found.service.names, found.service.told_by) == (("auth",), "file name")
    assert len(found.records) == 3


def test_a_form_that_programs_write_without_marks_between_the_numbers(tmp_path):
    lines = "".join(f"2031050607080{at}120 ERROR jwt expired\n" for at in range(4))
    found = detect(tmp_path, {"a.log": lines})["a.log"]
    assert found.time_form == "yyyymmddhhmmss, such as 20310506070800120"


def test_every_form_of_a_time_has_a_name_for_people():
    assert BY_NAME.keys() == stampnames.NAMES.keys()


def test_names_by_the_records(tmp_path):
    found = detect(tmp_path, {"x.json": JOURNAL * 2})["x.json"]
    assert found.format == "journald"
    assert (found.service.names, found.service.told_by) == (("auth",), "record")
    assert found.instance.names == ("web-1",)
    assert found.first_ms == 1935817689000


def test_a_zone_that_nobody_names_is_said(tmp_path):
    files = {"a.log": PLAIN.replace("T", " ").replace("Z ", " ")}
    assert detect(tmp_path, files)["a.log"].zone.startswith("UTC assumed")
    chosen = detect(tmp_path, files, (), (("*", "Europe/Berlin"),))["a.log"]
    assert "Europe/Berlin" in chosen.zone
    assert chosen.first_ms == 1935817689120 - 2 * 3600 * 1000


def test_a_log_without_times(tmp_path):
    found = detect(tmp_path, {"a.log": "jwt expired\ninvalid signature\n"})["a.log"]
    assert (found.time_form, found.first_ms, found.events) == ("no times", None, 2)


def test_the_user_knows_better(tmp_path):
    files = {"a.log": PLAIN, "changes.csv": "time,kind,target\n2031-05-06T07:00:00Z,deploy,auth\n"}
    assert detect(tmp_path, files)["changes.csv"].events is None
    choices = (("*.csv", "csv"), ("a.log", "prefixed"))
    found = detect(tmp_path, files, choices)
    assert (found["a.log"].format, found["a.log"].confidence) == ("prefixed", None)
    assert (found["changes.csv"].format, found["changes.csv"].events) == ("csv", 1)


def test_records_of_changes_and_other_files_are_named(tmp_path):
    found = detect(
        tmp_path,
        {
            "expect.json": '{"iss": "https://id.example.com/", "aud": ["web"]}',
            "pic.png": b"\x89PNG\r\n\x1a\n\0\0\0",
            "empty.log": b"",
        },
    )
    assert {name: one.format for name, one in found.items()} == {
        "expect.json": "contract",
        "pic.png": "not_a_log",
        "empty.log": "empty",
    }


@pytest.mark.parametrize("name", ["a\x1b[31m.log", "a\nb.log"])
def test_names_do_not_steer_the_terminal(tmp_path, monkeypatch, capfd, name):
    write(tmp_path, {name: PLAIN})
    monkeypatch.setattr(sys, "argv", ["logclass", "detect", str(tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 0
    said = capfd.readouterr().out
    assert "\x1b" not in said
    assert len([line for line in said.splitlines() if ".log:" in line]) == 1
    for words in ("events    3", "2031-05-06T07:08:09.120Z to 2031-05-06T07:19:11.250Z"):
        assert words in said
