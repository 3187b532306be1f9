"""Answered requests as servers print them in a line: what a reader sees, whatever the shape.

Shapes as in public logs of these programs, with other hosts, paths and times.
"""

from __future__ import annotations

import pytest

from logclass.formats import requests
from logclass.formats.event import Event

REFUSED = {
    "uWSGI": (
        "[pid: 8|app: 0|req: 2/3] 192.0.2.1 () {36 vars in 561 bytes} [] GET /orders => generated"
        " 43 bytes in 2 msecs (HTTP/1.1 401) 4 headers in 139 bytes"
    ),
    "OpenStack": '[req-1] 192.0.2.1 "GET /orders HTTP/1.1" status: 401 len: 93 time: 0.2',
    "FastAPI": 'INFO - [192.0.2.1:32894] 401 Unauthorized "GET /orders HTTP/1.1"',
    "Play": "[info] AccessLogFilter 192.0.2.1 GET /orders took 8ms and returned 401 65 bytes",
    "Serilog": "[INF] HTTP GET /orders responded 401 in 3.2123 ms",
    "oauth2-proxy": (
        '192.0.2.1 - 8a4f - - example.com GET - "/orders" HTTP/1.1 "Mozilla/5.0 (X11)" 401 13 0.003'
    ),
    "kube-apiserver": "wrap.go:42] GET /orders: (92.4us) 401 [[curl/8.1 (linux)] 192.0.2.1:40122]",
    "File Browser": "/orders: 401 192.0.2.1 <nil>",
    "Macaron": "[I] Completed /orders 401 Unauthorized in 310.2us",
    "Gitea": "router: completed GET /orders for 192.0.2.1:0, 401 Unauthorized in 1.5ms @ a.go:1",
    "Ktor": "401 Unauthorized: GET - /orders in 5ms",
    "PHP": "192.0.2.1:50000 [401]: GET /orders",
    "ASP.NET Core 6": "Request finished HTTP/1.1 GET http://example.com/orders - - - 401 0 - 5.1ms",
    "ASP.NET Core 8": "Request finished HTTP/2 GET https://example.com/orders - 401 null null 2.3ms",
    ".NET console": (
        "info: Microsoft.AspNetCore.Hosting.Diagnostics[2]\n"
        "      Request finished HTTP/2 GET https://example.com/orders - 401 null null 2.3ms"
    ),
    "Sanic": "(sanic.access)[INFO][192.0.2.1:50]: GET http://example.com/orders  401 15",
}


@pytest.mark.parametrize("program", REFUSED)
def test_a_refused_request_is_read(program: str) -> None:
    event = requests.taken(Event(text=REFUSED[program]))
    assert (event.status, event.route) == (401, "/orders")


@pytest.mark.parametrize("line", ["[info] Sent 401 in 310us", "Request finished in 7.5922ms 401 "])
def test_a_status_without_a_path_is_read(line: str) -> None:
    event = requests.taken(Event(text=line))
    assert (event.status, event.route) == (401, "")


@pytest.mark.parametrize(
    "line",
    [
        "GET /orders took 401 ms",
        "GET /orders/401 was slow",
        "fetched https://example.com: 401 rows",
    ],
)
def test_a_number_that_is_no_status_is_none(line: str) -> None:
    assert requests.taken(Event(text=line)).status == 0
