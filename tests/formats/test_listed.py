"""Records that are printed a field a line.

Shapes as mysql, psql, wevtutil, PowerShell and gcloud print them, made by hand.
"""

from __future__ import annotations

import pytest
from test_store_exports import PODS, STORY, document, holds_the_story, read

SECOND_MS = 1000
DASHES = "-" * 40
LISTS = {
    "mysql": "".join(
        f"{'*' * 27} {line.number + 1}. row {'*' * 27}\ncreated_at: {line.iso}\n"
        f"       pod: {line.pod}\n   message: {line.text}\n"
        for line in STORY
    )
    + "12 rows in set (0.00 sec)\n",
    "psql": "".join(
        f"-[ RECORD {line.number + 1} ]{DASHES}\ncreated_at | {line.iso}\npod        | {line.pod}\n"
        f"message    | {line.text}\n"
        for line in STORY
    ),
    "Format-List": "".join(
        f"\r\nTimeCreated : {line.at('%m/%d/%Y %I:%M:%S %p')}\r\nMachineName : {line.pod}\r\n"
        f"Message     : {line.text}\r\n              (Event 7)\r\n\r\n"
        for line in STORY
    ),
    "wevtutil": "".join(
        f"Event[{line.number}]:\r\n  Log Name: Application\r\n  Source: orders-api\r\n  Date: {line.iso}\r\n"
        f"  Event ID: 7\r\n  Task: N/A\r\n  Computer: {line.pod}\r\n  Description: \r\n{line.text}\r\n\r\n"
        for line in STORY
    ),
    "gcloud": "".join(
        f"---\ninsertId: i{line.number}\nlogName: projects/p/logs/stderr\nresource:\n  labels:\n"
        f"    container_name: orders-api\n    pod_name: {line.pod}\n  type: k8s_container\n"
        f"severity: INFO\ntextPayload: '{line.text}'\ntimestamp: '{line.iso}'\n"
        for line in STORY
    ),
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_record_of_many_lines_is_one_event(name: str) -> None:
    found = read(LISTS[name])
    holds_the_story(found, SECOND_MS)
    assert found.instances == set(PODS)


def test_log4js_yaml_is_a_document_an_event() -> None:
    found = read(
        "".join(
            f"---\ninstant:\n  epochSecond: {line.ms // 1000}\n  nanoOfSecond: {line.ms % 1000}000000\n"
            f'thread: "main"\nlevel: "WARN"\nmessage: "{line.text}"\n'
            for line in STORY
        )
    )
    holds_the_story(found, SECOND_MS)


def test_pairs_of_key_and_value_are_fields() -> None:
    records = [
        {
            "metadata": [
                {"key": "timestamp", "value": line.iso},
                {"key": "severity", "value": "5"},
            ],
            "labels": [
                {"key": "applicationname", "value": "prod"},
                {"key": "subsystemname", "value": "orders-api"},
                {"key": "computername", "value": line.pod},
            ],
            "userData": f'{{"msg":"{line.text}"}}',
        }
        for line in STORY
    ]
    found = read(document(records, "result", "results"))
    holds_the_story(found)
    assert (found.services, found.instances) == ({"orders-api"}, set(PODS))
