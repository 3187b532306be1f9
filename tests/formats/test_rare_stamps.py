"""Forms of time stamps that few programs write, in lines of the shape that each prints.

Shapes as in the programs' own test data and in public issues, re-dated and reworded; what is
expected is what a clock on the wall showed.
"""

from __future__ import annotations

import pytest
from reading import ENDED

from logclass import formats
from logclass.model import Fault, Source
from logclass.timestamps import isoformat

SECOND = "2031-05-06T07:08:09Z"
MS = "2031-05-06T07:08:09.123Z"
LINES = {
    "MySQL 5.5": ("310506  7:08:09 [Warning] Access denied for user 'app'", SECOND),
    "MariaDB": ("2031-05-06  7:08:09 8 [Warning] Access denied for user 'app'", SECOND),
    "no zeros": ("2031-5-6 7:08:09 [error] token expired", SECOND),
    "logcat": ("05-06 07:08:09.123  1702  2395 W Auth: token expired", MS),
    "vLLM": ("INFO 05-06 07:08:09 api_server.py:123] token expired", SECOND),
    "DB2": ("2031-05-06-09.08.09.123456+120 I4711A LEVEL: Error", MS),
    "Unreal": ("[2031.05.06-07.08.09:123][  0]LogOnline: token expired", MS),
    "auditd": ("type=USER_LOGIN msg=audit(1935817689.123:2995): pid=7 res=failed", MS),
    "CloudFront": ("2031-05-06\t07:08:09\tCDG50-P2\t703\t192.0.2.1\tGET\t/orders\t401", SECOND),
    "fern": ("[2031-05-06][07:08:09][app::auth][WARN] token expired", SECOND),
    "multilog": ("@4000000073625f6307557d40 tcpserver: status: 5/30", None),
    "NSD": ("[1935817689] nsd[7745]: warning: denied", SECOND),
    "WebSphere": ("[5/6/31, 7:08:09:123 UTC] 00000020 com.example.Auth E CWW: expired", MS),
    "WebLogic": ("####<May 6, 2031 7:08:09,123 AM UTC> <Error> <Security> <token expired>", MS),
    "SAP": ("#2.0#2031 05 06 07:08:09:123#0-500#Error#token expired", MS),
    "Erlang": ("=ERROR REPORT==== 6-May-2031::07:08:09 ===", SECOND),
    "journal, Chinese": ("5月 06 07:08:09 node-1 kubelet[34]: token expired", SECOND),
    "journal, French": ("mai 06 07:08:09 node-1 kubelet[34]: token expired", SECOND),
    "Tomcat, French": (
        '192.0.2.1 -  -  [06/févr./2031:07:08:09 +0000] "GET /o HTTP/1.1" 401 2',
        "2031-02-06T07:08:09Z",
    ),
    "JUL, German": (
        "Dez. 15, 2030 8:34:08 PM com.example.Auth warn",
        "2030-12-15T20:34:08Z",
    ),
    "syslog, not padded": ("May 6 07:08:09 mail imapd[7]: token expired", SECOND),
    "ASA": ("May  6 2031 07:08:09 fw-1 : %ASA-6-113015: AAA rejected", SECOND),
    "vsftpd": ("Tue May 6 07:08:09 2031 [pid 7] CONNECT: Client", SECOND),
    "cPanel": ('192.0.2.1 - - [05/06/2031:07:08:09 -0000] "GET /o HTTP/1.0" 401 0', SECOND),
    "uWSGI": (
        "[pid: 88|app: 0|req: 1/1] 192.0.2.1 () {3 vars in 6 bytes} [Tue May  6 07:08:09 2031] GET",
        SECOND,
    ),
}


def _times(line: str) -> set[str | None]:
    data = f"{line}\n{line}\n".encode()
    source = Source("f.log", "f.log", modified_seconds=ENDED)
    opened = formats.open_reader(source, formats.head_of(data, source, is_whole=True))
    assert not isinstance(opened, Fault)
    reader = opened[1]
    frames = list(reader.frames([data], []))
    assert sum(len(frame.starts) for frame in frames) == 2
    found: set[str | None] = set()
    for frame in frames:
        assert (frame.minutes > 0).all()
        for start, end in zip(frame.starts.tolist(), frame.ends.tolist(), strict=True):
            event = reader.decode(frame.data[start:end])
            assert event is not None
            found.add(None if event.time_ms is None else isoformat(event.time_ms))
    return found


@pytest.mark.parametrize("program", LINES)
def test_is_read(program: str) -> None:
    line, time = LINES[program]
    found = _times(line)
    assert found == {time} if time else None not in found


def test_a_number_of_tai64n_is_seconds_since_1970_and_ten() -> None:
    label = f"@4{1935817689 + 10:015x}{123_000_000:08x}"
    assert _times(f"{label} auth: token expired") == {MS}


def test_a_number_of_months_and_days_in_a_sentence_is_no_stamp() -> None:
    data = b"Apr-07-31 07:08:36 request 310506 was answered, as 05-06 others, on node-1\n"
    source = Source("f.log", "f.log", modified_seconds=ENDED)
    opened = formats.open_reader(source, formats.head_of(data, source, is_whole=True))
    assert not isinstance(opened, Fault)
    event = opened[1].decode(data)
    assert event is not None
    assert event.time_ms is None
