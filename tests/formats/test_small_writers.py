"""Writers with a form of their own, read as one story; shapes made by hand after their manuals."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from test_store_exports import STORY, Line, holds_the_story, read

from logclass import origin

SECOND_MS = 1000
ENTRY = '[{n}] kube.var: [[{s:.6f}000, {{}}], {{"log"=>"{text}", "pod_name"=>"{pod}"}}]\n'
WRITERS: dict[str, Callable[[Line], str]] = {
    "fluent-bit": lambda line: ENTRY.format(
        n=line.number, s=line.ms / 1000, text=line.text, pod=line.pod
    ),
    "netlify": lambda line: f"{line.at('%b %-d, %I:%M:%S %p')}: 0a1b INFO  {line.text}\n",
    "mosquitto": lambda line: f"{line.ms // 1000}: {line.text}\n",
    "json-sse": lambda line: f"data: {json.dumps({'time': line.ms, 'msg': line.text})}\n\n",
    "Log4j, indented": lambda line: (
        json.dumps(
            {
                "instant": {"epochSecond": line.ms // 1000, "nanoOfSecond": line.ms % 1000 * 10**6},
                "level": "WARN",
                "message": line.text,
            },
            indent=2,
        )
        + "\n"
    ),
}


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_each_line_has_its_time(name: str) -> None:
    holds_the_story(read("".join(map(WRITERS[name], STORY))), SECOND_MS)


def test_dates_of_microsofts_json_are_times() -> None:
    records = [{"TimeCreated": f"/Date({line.ms})/", "Message": line.text} for line in STORY]
    holds_the_story(read(json.dumps(records)))


def test_a_rolled_files_date_is_no_number_of_an_instance() -> None:
    assert origin.of_path("logs/orders-api20310506.log") == ("orders-api", "")
