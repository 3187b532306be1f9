"""AWS ALB lines. The load balancer cannot be run: made by hand, after its documentation."""

from __future__ import annotations

import gzip

from table import Row, iso
from traffic import REASONS, Request, plan

ACCOUNT = "111122223333"
FILE = f"aws-alb/{ACCOUNT}_elasticloadbalancing_eu-west-1_app.orders.50dc6c495c0c9188_20310506T0720Z_198.51.100.7_3u1xqb2k.log.gz"
LINE = (
    "https {time} app/orders/50dc6c495c0c9188 203.0.113.{host}:4{number:04d} {target} "
    '{seconds} {elb_status} {target_status} 312 {sent} "GET https://shop.example.com:443{route} '
    'HTTP/1.1" "orders-web/3.2 (+https://shop.example.com)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 '
    "arn:aws:elasticloadbalancing:eu-west-1:{account}:targetgroup/orders/73e2d6bc24d8a067 "
    '"Root=1-7380d2b1-{number:024x}" "shop.example.com" '
    '"arn:aws:acm:eu-west-1:{account}:certificate/12345678-1234-1234-1234-123456789012" '
    '1 {time} "{action}" "-" "{error}" "{target}" "{target_status}" "-" "-" TID_{number:032x}'
)


def line(number: int, request: Request) -> str:
    """A forged token is refused by the load balancer itself, other faults by the target."""
    at_the_door = request.fault == "wrong_key"
    status = 401 if request.fault else 200
    return LINE.format(
        time=iso(request.at_ms + 1).removesuffix("Z") + "042Z",
        host=10 + number % 5,
        number=number,
        account=ACCOUNT,
        route=request.route,
        target="-" if at_the_door else f"10.0.{number % 2}.17:8080",
        seconds="-1 -1 -1" if at_the_door else "0.001 0.012 0.000",
        elb_status=status,
        target_status="-" if at_the_door else status,
        sent=26 if request.fault else 157,
        action="authenticate" if at_the_door else "forward",
        error="AuthInvalidIdToken" if at_the_door else "-",
    )


def hand_made() -> tuple[Row, bytes]:
    requests = plan("aws-alb")
    text = "".join(line(number, request) + "\n" for number, request in enumerate(requests))
    refused = [request.at_ms + 1 for request in requests if request.fault in REASONS]
    first, last = requests[0].at_ms + 1, requests[-1].at_ms + 1
    row = Row(
        FILE, "aws-alb", len(requests), {"unspecified": len(refused)}, first, last, refused,
        origin="hand-made",
    )  # fmt: skip
    return row, gzip.compress(text.encode(), mtime=0)
