"""One rejected request is one rejection, however many lines of a bundle tell of it."""

from __future__ import annotations

import gzip
import json

from logclass.timestamps import isoformat

START = 1_935_817_680_000  # 2031-05-06T07:08:00Z
NO_TOKEN = "JsonWebTokenError: jwt must be provided"


def stamp(ms: int) -> str:
    return isoformat(ms // 1000 * 1000).removesuffix("Z") + f".{ms % 1000:03d}Z"


def clf(ms: int) -> str:
    day, time = isoformat(ms // 1000 * 1000).removesuffix("Z").split("T")
    assert day == "2031-05-06"
    return f"06/May/2031:{time} +0000"


def verifier(ms: int, text: str = "JsonWebTokenError: jwt expired", tail: str = "") -> str:
    return f"{stamp(ms)} ERROR [auth] {text}{tail}\n"


def access(ms: int, status: int = 401, route: str = "/orders", tail: str = "") -> str:
    return f'10.1.0.7 - - [{clf(ms)}] "GET {route} HTTP/1.1" {status} 27 "-" "curl/8.0"{tail}\n'


def times(count: int, gap_ms: int = 40_000) -> list[int]:
    return [START + i * gap_ms for i in range(count)]


# --- one kind of file only ---


def test_every_line_of_a_verifier_is_a_rejection(bundle):
    read = bundle({"auth.log": "".join(verifier(ms) for ms in times(20))})
    assert read.rejected == {("auth", "token_expired"): 20}
    assert read.echoes == {}


def test_two_same_lines_in_the_same_second_are_two_rejections(bundle):
    line = "2031-05-06 07:08:09 ERROR [auth] JsonWebTokenError: jwt expired\n"
    assert bundle({"auth.log": line * 2}).rejected == {("auth", "token_expired"): 2}


def test_the_same_line_in_the_logs_of_two_services_is_two_rejections(bundle):
    line = "2031-05-06 07:08:09 ERROR - JsonWebTokenError: jwt expired\n"
    read = bundle({"billing.log": line * 3, "orders.log": line * 2})
    assert read.rejected == {("billing", "token_expired"): 3, ("orders", "token_expired"): 2}


def test_the_same_line_on_two_hosts_is_two_rejections(bundle):
    line = "2031-05-06 07:08:09 ERROR - JsonWebTokenError: jwt expired\n"
    read = bundle({"auth-1.log": line, "auth-2.log": line})
    assert read.rejected == {("auth", "token_expired"): 2}


def test_without_a_verifier_every_401_is_unspecified_once(bundle):
    lines = "".join(access(ms) + access(ms + 5, 200) for ms in times(15))
    read = bundle({"access.log": lines})
    assert list(read.rejected.values()) == [15]
    assert {reason for _, reason in read.rejected} == {"unspecified"}
    assert read.echoes == {}


def test_a_burst_of_401s_in_one_second_is_not_folded(bundle):
    read = bundle({"access.log": access(START) * 50})
    assert sum(read.rejected.values()) == 50


# --- verifier and access log ---


def test_a_401_with_the_same_request_id_is_an_echo(bundle):
    ids = [f"0af7651916cd43dd8448eb211c8031{i:02x}" for i in range(12)]
    auth = "".join(
        verifier(ms, tail=f" request_id={one}") for ms, one in zip(times(12), ids, strict=True)
    )
    nginx = "".join(
        access(ms + 2_500, tail=f" request_id={one}")
        for ms, one in zip(times(12), ids, strict=True)
    )
    read = bundle({"auth.log": auth, "access.log": nginx})
    assert read.rejected == {("auth", "token_expired"): 12}
    assert read.echoes == {"access": 12}


def test_a_401_without_an_id_is_an_echo_though_the_clocks_differ(bundle):
    auth = "".join(verifier(ms) for ms in times(12))
    for skew in (-3_000, 0, 1_000, 3_000):
        read = bundle(
            {"auth.log": auth, "access.log": "".join(access(ms + skew) for ms in times(12))}
        )
        assert read.rejected == {("auth", "token_expired"): 12}, skew
        assert read.echoes == {"access": 12}


def test_401s_beyond_what_the_verifier_tells_of_are_counted(bundle):
    auth = "".join(verifier(ms) for ms in times(10))
    nginx = "".join(access(ms + 200) for ms in times(30))
    read = bundle({"auth.log": auth, "access.log": nginx})
    assert sum(read.rejected.values()) == 30
    assert read.rejected["auth", "token_expired"] == 10
    assert read.echoes == {"access": 10}


def test_one_rejection_does_not_explain_two_401s_of_one_gateway(bundle):
    read = bundle({"auth.log": verifier(START), "access.log": access(START + 100) * 2})
    assert sum(read.rejected.values()) == 2


def test_gateways_side_by_side_say_nothing_of_each_others_requests(bundle):
    """Each passes on half of the requests, a good deal apart; the verifier tells of all."""
    told = "".join(verifier(ms) for ms in times(40))
    first = "".join(access(ms) for ms in times(20, 80_000))
    second = "".join(access(ms + 40_000) for ms in times(20, 80_000))
    names = ("nginx-gw-1-access.log", "nginx-gw-2-access.log")
    read = bundle({"auth.log": told, names[0]: first, names[1]: second})
    assert read.rejected == {("auth", "token_expired"): 40}
    read = bundle({names[0]: first, names[1]: first})
    assert sum(read.rejected.values()) == 40


def test_a_gateway_that_logs_json_is_known_by_its_name(bundle):
    lines = [
        json.dumps({"time": stamp(ms + 200), "request": "GET /orders HTTP/1.1", "status": "401"})
        for ms in times(10)
    ]
    logs = {"auth/a.log": "".join(verifier(ms) for ms in times(10))}
    read = bundle({**logs, "gateway/access.log": "\n".join(lines) + "\n"})
    assert sum(read.rejected.values()) == 10
    assert sum(read.echoes.values()) == 10


def test_401s_of_one_service_are_not_explained_by_anothers_verifier(bundle):
    read = bundle(
        {
            "auth.log": "".join(verifier(ms) for ms in times(10)),
            "billing.log": "".join(f"{stamp(ms)} INFO [billing] paid\n" for ms in times(10)),
            "billing-access.log": "".join(access(ms + 300) for ms in times(10)),
        }
    )
    assert sum(read.rejected.values()) == 20
    assert read.echoes == {}


def test_a_401_with_the_same_request_id_is_an_echo_though_one_clock_is_far_off(bundle):
    ids = [f"0af7651916cd43dd8448eb211c8031{i:02x}" for i in range(12)]
    ahead_ms = 9 * 60_000
    both = zip(times(12), ids, strict=True)
    auth, nginx = "", ""
    for ms, one in both:
        auth += verifier(ms + ahead_ms, tail=f" request_id={one}")
        nginx += access(ms, tail=f" request_id={one}")
    read = bundle({"auth.log": auth, "access.log": nginx})
    assert read.rejected == {("auth", "token_expired"): 12}
    assert read.echoes == {"access": 12}


def test_a_balancer_and_a_proxy_before_a_service_are_echoes_both(bundle):
    def alb(ms: int) -> str:
        return (
            f"https {stamp(ms)[:-1]}000Z app/front/5f1 203.0.113.9:4711 10.0.0.5:8080 0.001 0.010 "
            '0.000 401 401 120 30 "GET https://shop.example.com:443/orders HTTP/1.1" "curl/8.0" '
            "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:targetgroup/t/1 "
            f'"Root=1-{ms}-x" "shop.example.com" "-" 0 {stamp(ms)} "forward" "-" "-" '
            '"10.0.0.5:8080" "401" "-" "-"\n'
        )

    read = bundle(
        {
            "alb/front.log": "".join(alb(ms - 20) for ms in times(8)),
            "nginx/access.log": "".join(access(ms + 900) for ms in times(8)),
            "auth.log": "".join(verifier(ms) for ms in times(8)),
        }
    )
    assert read.rejected == {("auth", "token_expired"): 8}
    assert read.echoes == {"access": 16}


# --- frameworks that log a request twice ---


def test_fastifys_two_lines_of_a_request_are_one_rejection(bundle):
    lines = []
    for i, ms in enumerate(times(9)):
        base = {"level": 30, "pid": 7, "hostname": "api-5c9", "reqId": f"req-{i}"}
        error = {
            "type": "FastifyError",
            "message": "Authorization token expired",
            "statusCode": 401,
        }
        lines += [
            {**base, "time": ms, "err": error, "msg": "Authorization token expired"},
            {**base, "time": ms + 2, "res": {"statusCode": 401}, "responseTime": 1.9,
             "msg": "request completed"},
        ]  # fmt: skip
    text = "".join(json.dumps(line) + "\n" for line in lines)
    read = bundle({"api.log": text.replace("Authorization token expired", "jwt expired")})
    assert sum(read.rejected.values()) == 9
    assert {reason for _, reason in read.rejected} == {"token_expired"}
    assert sum(read.echoes.values()) == 9


def test_a_frameworks_401_line_without_an_id_is_an_echo(bundle):
    lines = "".join(
        f"{stamp(ms)} WARNING auth: jwt.exceptions.ExpiredSignatureError: Signature has expired\n"
        f'INFO:     10.0.0.9:50412 - "GET /orders HTTP/1.1" 401 Unauthorized\n'
        for ms in times(9)
    )
    read = bundle({"api.log": lines})
    assert sum(read.rejected.values()) == 9
    assert {reason for _, reason in read.rejected} == {"token_expired"}


# --- copies ---


def sentry(ms: int, number: int, **more: object) -> dict[str, object]:
    return {
        "event_id": f"{number:032x}",
        "timestamp": ms / 1000,
        "platform": "node",
        "level": "error",
        "exception": {"values": [{"type": "TokenExpiredError", "value": "jwt expired"}]},
        **more,
    }


def test_sentry_copies_are_echoes(bundle):
    auth = "".join(verifier(ms) for ms in times(10))
    events = [sentry(ms + 800, i) for i, ms in enumerate(times(10))]
    read = bundle({"auth.log": auth, "sentry.json": json.dumps(events)})
    assert read.rejected == {("auth", "token_expired"): 10}
    assert read.echoes == {"sentry": 10}


def test_sentry_alone_counts_and_the_same_event_twice_is_one(bundle):
    events = [sentry(ms, i) for i, ms in enumerate(times(10))]
    read = bundle({"page1.json": json.dumps(events[:6]), "page2.json": json.dumps(events[4:])})
    assert sum(read.rejected.values()) == 10
    assert read.echoes == {"copy": 2}


TASK = "4f8c2a1b9d3e4c5f8a7b6c5d4e3f2a1b"


def cloudwatch(ms: int, number: int) -> dict[str, object]:
    return {
        "logStreamName": f"ecs/auth/{TASK}",
        "timestamp": ms,
        "message": f"{stamp(ms)} ERROR - JsonWebTokenError: jwt expired",
        "ingestionTime": ms + 3000,
        "eventId": f"{number:056d}",
    }


def test_the_same_events_from_the_api_and_from_an_s3_export(bundle):
    events = [cloudwatch(ms, i) for i, ms in enumerate(times(10))]
    export = "".join(f"{stamp(e['timestamp'])} {e['message']}\n" for e in events)
    read = bundle(
        {
            "filter-log-events.json": json.dumps({"events": events, "searchedLogStreams": []}),
            f"exportedlogs/0a1b2c3d-1111-4222-8333-444455556666/ecs-auth-{TASK}/000000.gz":
                gzip.compress(export.encode()),
        }
    )  # fmt: skip
    assert read.rejected == {("auth", "token_expired"): 10}
    assert read.echoes == {"copy": 10}


def test_glued_overlapping_pages(bundle):
    events = [cloudwatch(ms, i) for i, ms in enumerate(times(10))]
    pages = [{"events": events[:6], "nextToken": "t"}, {"events": events[4:]}]
    read = bundle({"pages.json": "\n".join(json.dumps(page, indent=2) for page in pages)})
    assert read.rejected == {("auth", "token_expired"): 10}
    assert read.echoes == {"copy": 2}


def test_a_rotated_copy_of_a_file(bundle):
    lines = [verifier(ms) for ms in times(10)]
    read = bundle({"auth.log": "".join(lines[3:]), "auth.log.1": "".join(lines[:7])})
    assert read.rejected == {("auth", "token_expired"): 10}
    assert read.echoes == {"copy": 4}


def test_an_id_on_every_line_is_no_request_id(bundle):
    task = "9bb4f4a764a7f262fb8e2ec677ca2b88"  # an ECS task names itself so in each line
    lines = [f"{stamp(ms)} WARN [{task}] auth: jwt expired\n" for ms in times(40)]
    read = bundle({"auth.log": "".join(lines)})
    assert read.rejected == {("auth", "token_expired"): 40}


def test_a_file_and_its_compressed_copy(bundle):
    text = "".join(verifier(ms) for ms in times(10)).encode()
    read = bundle({"auth.log": text, "old/auth.log.gz": gzip.compress(text)})
    assert read.rejected == {("auth", "token_expired"): 10}


# --- denominators ---


def test_events_are_counted_by_minute_and_status(bundle):
    lines = "".join(access(START + i * 1000, [200, 204, 401, 503][i % 4]) for i in range(240))
    read = bundle({"access.log": lines})
    tally = read.once.tally
    found = {
        (minute, status): events
        for minute, status, events in zip(
            tally["minute"], tally["status_class"], tally["events"], strict=True
        )
    }
    first = START // 60_000
    assert found == {(first + m, s): {2: 30, 4: 15, 5: 15}[s] for m in range(4) for s in (2, 4, 5)}


def test_every_rejection_has_a_denominator(bundle):
    lines = [
        {"time": stamp(ms), "level": "error", "service": service, "hostname": f"{service}-1",
         "msg": "jwt expired"}
        for ms in times(6) for service in ("auth", "billing")
    ]  # fmt: skip
    read = bundle({"all.jsonl": "".join(json.dumps(line) + "\n" for line in lines)})
    keys = ["service", "instance", "minute"]
    tally = read.once.tally.groupby(keys)["events"].sum()
    rejected = read.once.rejections.groupby(keys)["count"].sum()
    assert (tally.loc[rejected.index] >= rejected).all()
    assert read.rejected == {("auth", "token_expired"): 6, ("billing", "token_expired"): 6}


def test_a_refused_request_stands_once_in_the_denominators_too(bundle):
    lines = []
    for i, ms in enumerate(times(12)):
        base = {"level": 30, "pid": 7, "hostname": "api-5c9", "reqId": f"req-{i}"}
        status = 401 if i % 2 else 200
        if status == 401:
            lines.append({**base, "time": ms, "msg": "jwt expired"})
        done = {"res": {"statusCode": status}, "msg": "request completed"}
        lines.append({**base, "time": ms + 2, **done})
    read = bundle({"api.log": "".join(json.dumps(line) + "\n" for line in lines)})
    assert sum(read.rejected.values()) == 6
    assert int(read.once.tally["events"].sum()) == 12
