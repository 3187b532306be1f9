from __future__ import annotations

import json
from typing import Any

from logclass import changes
from logclass.timestamps import isoformat, parse

# The key of RFC 7638, section 3.1, and its thumbprint as printed there.
RFC_KEY = {
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
    "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY3"
    "68QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4l"
    "Fd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    "e": "AQAB",
    "alg": "RS256",
    "kid": "2011-04-29",
}
THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def key(kid: str, n: str, **more: Any) -> dict[str, Any]:
    return {"kty": "RSA", "use": "sig", "kid": kid, "alg": "RS256", "n": n, "e": "AQAB", **more}


def snapshot(name: str, *keys: Any, **more: Any) -> changes.ChangeRead:
    near = more.pop("near_ms", None)
    text = json.dumps({"keys": keys, **more})
    found = changes.read(text.encode(), name=name, near_ms=near)
    assert found is not None
    return found


def test_thumbprint() -> None:
    found = snapshot("jwks-20310506T110000Z.json", RFC_KEY)
    assert found.key_sets[0].keys == (("2011-04-29", THUMBPRINT, "RS256"),)
    assert changes.merge([found]) == ()  # one snapshot tells of no change


def test_keys_that_came_and_went() -> None:
    before = snapshot("auth/jwks-20310506T110000Z.json", key("k8", "aa"))
    after = snapshot("auth/jwks-20310506T111000Z.json", key("k9", "bb"))
    for order in ([before, after], [after, before], [after, before, before]):
        (event,) = changes.merge(order)
        assert event.kind.value == "rotation"
        assert (isoformat(event.time_ms), event.version) == ("2031-05-06T11:00:00Z", "k9")
        assert event.end_ms is not None
        assert isoformat(event.end_ms) == "2031-05-06T11:10:00Z"
        assert "k9 added" in event.description
        assert "k8 removed" in event.description
        assert "the file's name" in event.description
    assert changes.merge([before, before]) == ()


def test_the_same_kid_with_another_key_was_replaced_in_place() -> None:
    reads = [
        snapshot("jwks-before.json", key("k8", "aa"), near_ms=1935831600000),
        snapshot("jwks-after.json", key("k8", "bb"), near_ms=1935832200000),
    ]
    (event,) = changes.merge(reads)
    assert "k8 replaced in place" in event.description
    assert "the file's modification" in event.description


def test_the_sets_of_different_issuers_are_not_compared() -> None:
    reads = [
        snapshot("shop/jwks-20310506T110000Z.json", key("a", "aa"), issuer="https://a.example.com"),
        snapshot("shop/jwks-20310506T111000Z.json", key("b", "bb"), issuer="https://b.example.com"),
    ]
    assert changes.merge(reads) == ()


def test_times_beside_the_keys_and_in_the_answer() -> None:
    lines = "\n".join(
        json.dumps({"fetched_at": f"2031-05-06T11:{minute}:00Z", "keys": [key(kid, kid)]})
        for minute, kid in [("00", "k1"), ("05", "k1"), ("10", "k2")]
    )
    found = changes.read(lines.encode(), name="poll.jsonl")
    assert found is not None
    (event,) = changes.merge([found])
    assert isoformat(event.time_ms) == "2031-05-06T11:05:00Z"
    answer = (
        "HTTP/2 200 \r\ndate: Tue, 06 May 2031 11:00:00 GMT\r\ncontent-type: application/json\r\n"
    )
    text = f"{answer}\r\n{json.dumps({'keys': [key('k1', 'aa')]})}"
    read = changes.read(text.encode(), name="jwks.txt")
    assert read is not None
    stamp = parse("2031-05-06T11:00:00Z")
    assert stamp is not None
    assert read.key_sets[0].time_ms == stamp.ms


def test_private_and_symmetric_keys_are_never_kept() -> None:
    secrets = {"d": "cHJpdmF0ZS1leHBvbmVudA", "p": "cHJpbWUtZmFjdG9y"}
    symmetric = {"kty": "oct", "kid": "h1", "alg": "HS256", "k": "c3VwZXItc2VjcmV0LXZhbHVl"}
    reads = [
        snapshot("jwks-20310506T110000Z.json", key("k8", "aa", **secrets), symmetric),
        snapshot("jwks-20310506T111000Z.json", key("k9", "bb", **secrets)),
    ]
    told = repr(reads) + repr(changes.merge(reads))
    assert "h1 removed" in told
    for secret in (*secrets.values(), symmetric["k"]):
        assert secret not in told
    assert [fault.kind for read in reads for fault in read.faults] == ["secret", "secret"]


def test_without_a_time_it_says_so() -> None:
    found = snapshot("jwks.json", key("k8", "aa"))
    assert found.key_sets == ()
    assert [fault.kind for fault in found.faults] == ["no_time"]
