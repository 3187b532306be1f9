"""Logs in saved mail, as Python's `email` and `mailbox` write it."""

from __future__ import annotations

import gzip
import json
import mailbox
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from reading import Read, write

from logclass import counted, pipeline

SAID = (
    "listening",
    "JsonWebTokenError: invalid signature",
    "order 1 stored",
    "jwt expired",
    "done",
    "jwt malformed",
)
LONG = "a request of the shop's own page that waits for an order to be stored"
LINES = "".join(
    f"2031-05-06T07:08:{10 + at}Z ERROR {LONG}: {text}\n" for at, text in enumerate(SAID)
)
RECORDS = "".join(
    json.dumps({"time": f"2031-05-06T07:08:{10 + at}Z", "service": "orders", "message": text})
    + "\n"
    for at, text in enumerate(SAID)
).encode()
REASONS = {"signature_invalid": 1, "token_expired": 1, "token_malformed": 1}


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"] = "ops@example.com"
    made["To"] = "oncall@example.com"
    made["Subject"] = "logins fail"
    made["Date"] = "Tue, 06 May 2031 09:00:00 +0000"
    return made


def read(folder: Path) -> Read:
    summary = pipeline.read([str(folder)], pipeline.Options(workers=1)).summary
    return Read(summary, counted.count_once(summary))


def reasons(found: Read) -> dict[str, int]:
    return {reason: count for (_, reason), count in found.rejected.items()}


@pytest.mark.parametrize("transfer", ["7bit", "quoted-printable", "base64"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_text_is_read_as_it_was_sent(tmp_path: Path, transfer: str, ends: str) -> None:
    made = message()
    made.set_content(LINES, cte=transfer)
    raw = made.as_bytes(policy=SMTP) if ends == "\r\n" else made.as_bytes()
    found = read(write(tmp_path, {"0": raw}))
    assert reasons(found) == REASONS
    assert found.events == len(SAID)
    assert not found.faults


@pytest.mark.parametrize("packed", [False, True])
def test_an_attached_file_is_a_source_of_its_own(tmp_path: Path, packed: bool) -> None:
    made = message()
    made.set_content("The log is attached.")
    data = gzip.compress(RECORDS) if packed else RECORDS
    made.add_attachment(data, maintype="application", subtype="octet-stream", filename="a.jsonl")
    found = read(write(tmp_path, {"0.eml": made.as_bytes()}))
    assert found.rejected == {("orders", reason): count for reason, count in REASONS.items()}
    assert any(one.source.endswith("0.eml!/1/a.jsonl") for one in found.summary.sources)


def test_a_text_that_is_there_twice_is_read_once(tmp_path: Path) -> None:
    made = message()
    made.set_content(LINES)
    made.add_alternative(f"<html><body><pre>{LINES}</pre></body></html>", subtype="html")
    found = read(write(tmp_path, {"0.eml": made.as_bytes()}))
    assert (found.events, reasons(found)) == (len(SAID), REASONS)


def test_a_table_in_a_page_is_read_as_one(tmp_path: Path) -> None:
    rows = "".join(
        f"<tr><td>2031-05-06T07:08:{10 + at}Z</td><td>{text}</td></tr>"
        for at, text in enumerate(SAID)
    )
    made = message()
    made.set_content(
        f"<html><style>td {{}}</style><table><tr><th>Time</th><th>Message</th></tr>{rows}</table></html>",
        subtype="html",
    )
    found = read(write(tmp_path, {"0.eml": made.as_bytes()}))
    assert (found.events, reasons(found)) == (len(SAID), REASONS)


def test_the_messages_of_a_box_are_one_log(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "alerts")
    for line in LINES.splitlines(keepends=True):
        made = message()
        made.set_content(line, cte="quoted-printable")
        box.add(made)
    box.close()
    found = read(tmp_path)
    assert (found.events, reasons(found)) == (len(SAID), REASONS)


def test_an_encrypted_message_is_a_fault(tmp_path: Path) -> None:
    made = message()
    made.set_content(b"0", maintype="application", subtype="pkcs7-mime")
    found = read(write(tmp_path, {"0.eml": made.as_bytes(), "1.log": LINES}))
    assert [fault.kind for fault in found.summary.faults] == ["encrypted"]


def test_mail_cut_anywhere_is_read_or_told(tmp_path: Path) -> None:
    made = message()
    made.set_content(LINES, cte="base64")
    made.add_attachment(RECORDS, maintype="application", subtype="json", filename="a.jsonl")
    whole = made.as_bytes()
    files = {f"{end}.eml": whole[:end] for end in range(40, len(whole), 211)}
    assert read(write(tmp_path, {"z.log": LINES, **files})).events >= len(SAID)
