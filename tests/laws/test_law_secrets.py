"""No token signature and no secret leaves the intake: not in rows, Summary, report or page."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass import pipeline, redact, rows, tables
from logclass import report as documents
from logclass.render import html, markdown
from logclass.timestamps import isoformat

START = 1_935_817_680_000


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


SIGNATURES = [b64(hashlib.shake_256(name).digest(size)) for name, size in
              ((b"hs256", 32), (b"hs512", 64), (b"rs256", 256))]  # fmt: skip
SECRET = "s3cr3tV4lue0fTheService"


def token(signature: str, header: str = '{"alg":"HS256","typ":"JWT","kid":"k1"}') -> str:
    claims = {"iss": "https://id.example.com/", "aud": "web", "sub": "42", "exp": 1_935_800_000}
    return f"{b64(header.encode())}.{b64(json.dumps(claims).encode())}.{signature}"


HEADERS = ['{"alg":"RS256"}', '{ "alg": "RS256" }', '{\n "alg": "RS256"\n}', '{\r\n"alg":"RS256"}',
           '{\t"alg": "RS256"}']  # fmt: skip
TOKENS = [token(one) for one in SIGNATURES] + [token(SIGNATURES[0], one) for one in HEADERS]
JWE = ".".join([b64(b'{"alg":"RSA-OAEP","enc":"A256GCM"}'), SIGNATURES[2], b64(b"0" * 12),
                b64(b"c" * 50), SIGNATURES[0]])  # fmt: skip

PLACES = {
    "bare": lambda t: t,
    "header": lambda t: f"Authorization: Bearer {t}",
    "headers as a dict": lambda t: repr({"authorization": f"Bearer {t}", "host": "x"}),
    "bytes": lambda t: repr({"token": t.encode()}),
    "json": lambda t: json.dumps({"headers": {"authorization": f"Bearer {t}"}}),
    "json in json": lambda t: json.dumps({"log": json.dumps({"token": t})}),
    "query": lambda t: f"GET /cb?access_token={t}&state=1 HTTP/1.1",
    "quoted query": lambda t: f"u={quote('/cb?id_token=' + t + '&a=b')}",
    "escaped dots": lambda t: "token=" + t.replace(".", "%2E"),
    "path": lambda t: f"GET /verify/{t}/now HTTP/1.1",
    "cookie": lambda t: f"Cookie: theme=dark; session={t}; lang=en",
    "split bearer": lambda t: f"scheme=Bearer\n    token {t}",
    "behind a word": lambda t: f"token:{t}",
    "in angle brackets": lambda t: f"<token>{t}</token>",
    "the beginning cut off": lambda t: "…" + t[30:],
    "plain base64": lambda t: t.replace("-", "+").replace("_", "/") + "=",
    "escaped twice": lambda t: "u=" + quote(quote("/cb?id_token=" + t.replace(".", "%2E"))),
    "base64 once more": lambda t: "state " + base64.b64encode(t.encode()).decode(),
    "base64 in json": lambda t: json.dumps({"state": base64.b64encode(t.encode()).decode()}),
    "raw headers": lambda t: json.dumps(["Host", "x", "Authorization", f"Bearer {t}"]),
    "metadata": lambda t: f"metadata: {{authorization=[Bearer {t}], x=a}}",
    "curl": lambda t: f"curl -H 'Authorization: Bearer {t}' https://x.example.com",
}
SECRETS = {
    "environment": "JWT_SECRET={}",
    "json": '{{"clientSecret": "{}"}}',
    "yaml": "secret_key: {}",
    "python": "{{'secret': b'{}'}}",
    "form": "grant_type=refresh_token&refresh_token={}",
    "escaped form": "client_secret%3D{}",
    "escaped json": '{{\\"password\\":\\"{}\\"}}',
    "assertion": "client_assertion={}",
    "basic": "Authorization: Basic {}=",
    "opaque bearer": "authorization: Bearer {}",
    "no scheme": "authorization: {}",
    "url": "redis://default:{}@cache:6379/0",
    "cookie": "set-cookie: theme=dark; sid={}; Path=/",
    "symmetric key": '{{"kty":"oct","k":"{}"}}',
    "private key": '{{"kty":"EC","crv":"P-256","d":"{}"}}',
    "pem": "-----BEGIN PRIVATE KEY-----\\n{}\\n-----END PRIVATE KEY-----",
    "cut pem": "-----BEGIN RSA PRIVATE KEY-----\n{}",
    "api key": "x-api-key: {}",
    "code": "/cb?code={}&state=x",
    "raw headers": '["Host","x","X-Api-Key","{}"]',
    "containers": '{{"name":"DB_PASSWORD","value":"{}"}}',
    "session": "GET /a;jsessionid={} HTTP/1.1",
    "php": "PHPSESSID={}",
    "query key": "GET /maps?key={}&a=1",
    "query pass": "user=x&pass={}",
    "no user": "redis://:{}@cache:6379/0",
    "curl": "curl -u admin:{} https://x.example.com",
    "digest": 'Authorization: Digest username="x", response="{}"',
    "saml": "SAMLResponse={}",
    "registry": '{{"auth":"{}"}}',
    "kubeconfig": "client-key-data: {}",
    "storage": "DefaultEndpointsProtocol=https;AccountKey={};EndpointSuffix=x",
    "signed url": "https://x.example.com/c?sv=1&sig=a%2B{}%3D",
    "hmac": "hmac key: {}",
    "header in a sentence": "invalid token X-Auth-Token: {}",
    "xml": "<password>{}</password>",
    "soap": '<wsse:Password Type="PasswordText">{}</wsse:Password>',
    "option": "ran tool --client-secret {} --verbose",
    "key as python prints it": "{{'kty': 'oct', 'k': '{}'}}",
    "cookies": '{{"cookies":{{"session":"{}"}}}}',
    "cookie pairs": '{{"cookies":[["session","{}"]]}}',
    "backticks": "unknown access token `{}`",
    "in a sentence": "the token is {} and of no use",
    **{
        f"key {one}": one + "{}0123456789abcdefghijkl"
        for one in (
            "sk-",
            "sk-proj-",
            "sk_live_",
            "github_pat_",
            "ghp_",
            "xoxb-",
            "whsec_",
            "npm_",
            "GOCSPX-",
            "ya29.",
            "pypi-",
            "hf_",
            "hvs.",
            "glpat-",
            "dckr_pat_",
            "sq0atp-",
            "lin_api_",
            "glsa_",
            "dp.pt.",
            "pscale_tkn_",
            "figd_",
            "fo1_",
            "tskey-auth-",
            "1234567890:AA",
            "abc8Q~",
        )
    },
}


def leaks(text: str, secret: str) -> bool:
    """Return whether any 16 characters of a secret in a row stand in the text."""
    return any(secret[at : at + 16] in text for at in range(max(1, len(secret) - 15)))


@pytest.mark.parametrize("place", sorted(PLACES))
def test_no_signature_is_left(place):
    for one in [*TOKENS, JWE]:
        text = redact.text(f"jwt expired {PLACES[place](one)} end")
        assert not leaks(text, one.rsplit(".", 1)[1]), text


@pytest.mark.parametrize("form", sorted(SECRETS))
def test_no_secret_is_left(form):
    for before in ("", "jwt malformed: ", "2031-05-06 "):
        text = redact.text(before + SECRETS[form].format(SECRET))
        assert not leaks(text, SECRET), text


@pytest.mark.parametrize(
    "text",
    ["password=hunter2", 'password: "correct horse"', "pwd=S3cr,et;x!", '{"passphrase":"a b c"}'],
)
def test_a_password_may_be_any_word(text):
    assert "<redacted>" in redact.text(text)
    assert not any(word in redact.text(text) for word in ("hunter2", "horse", "S3cr", "a b c"))


@pytest.mark.parametrize(
    "text",
    ["totp: 493817", '{"mfa_code":"493817"}', "verification code 493817 is wrong", "pin=493817"],
)
def test_a_code_that_was_sent_to_a_person_is_not_kept(text):
    assert "493817" not in redact.text(text)


@pytest.mark.parametrize(
    "text",
    [
        "invalid token", "token: invalid", "Bearer authentication is required", "signature: invalid",
        "JWT_SECRET is not set", "secret or public key must be provided", "Authorization: missing",
        "token_use=access", "Bearer token missing", "Token used before issued", "jwt=null",
        "session expired at login", "password: required", "kid=2031-05-key not found",
        "aud=https://api.example.com", "com.example.security.JwtAuthenticationFilter.doFilterInternal",
        "cookie: missing", "code=ERR_JWT_EXPIRED", '"typ":"at+jwt"', '["validate-jwt","LastErrorReason"]',
        '{"source":"validate-jwt","LastErrorReason":"TokenExpired"}', "kid=2031-05-key", "pass=true",
        "no key found for kid NzbLsXh8uDCcd-6MNwXf4W_7noWXFZAfHkxZsRGC9Xs", "otp: invalid",
        "sk-SK locale", "session key is missing", "/ecs/auth/4f8c2a1b9d3e4c5f8a7b6c5d4e3f2a1b/auth-api",
        '"required":["token","session_id","client_id"]', "<token>expired</token>",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/jwt-AbCdEf", "--token is required",
        "invalid token: code 401", "prod.eu.example.com", "JWT::ExpiredSignature: Signature has expired",
    ],
)  # fmt: skip
def test_words_are_left_alone(text):
    assert redact.text(text) == text


piece = st.one_of(
    st.text(max_size=12),
    st.sampled_from(sorted(TOKENS)),
    st.sampled_from(sorted(SECRETS.values())).map(lambda form: form.format(SECRET)),
    st.sampled_from(
        ["Bearer ", "token=", '"', "\\", "@", "a@example.com", "://", "\n", " ", "%3D"]
    ),
)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(pieces=st.lists(piece, max_size=6))
def test_redacting_twice_changes_nothing(pieces):
    once = redact.text("".join(pieces))
    assert redact.text(once) == once


def test_repeats_of_a_token_stay_visible():
    one, other = token(SIGNATURES[0]), token(SIGNATURES[0], '{"alg":"none"}')
    assert redact.text(one) == redact.text(one)
    assert redact.text(one) != redact.text(other)


def files() -> dict[str, bytes]:
    lines, records, requests, events = [], [], [], []
    carried = [(place, one) for place in sorted(PLACES) for one in (TOKENS[0], TOKENS[2], JWE)]
    for number, (place, one) in enumerate(carried):
        ms = START + number * 5_000
        said = f"JsonWebTokenError: jwt expired {PLACES[place](one)}".replace("\n", " ")
        lines.append(f"{isoformat(ms)} ERROR [auth] {said}\n")
        lines.append(f"{isoformat(ms)} ERROR [auth] oidc token rejected, unknown issuer {one}\n")
        record = {"time": isoformat(ms), "level": "error", "msg": said, "service": "auth",
                  "req": {"url": f"/cb?token={one}", "headers": {"authorization": f"Bearer {one}"}},
                  "kid": one, "iss": one, "client_ip": one, "reqId": one}  # fmt: skip
        records.append(json.dumps(record) + "\n")
        requests.append(f'10.0.0.7 - {one} [06/May/2031:07:08:09 +0000] "GET /a/{one}?t={one} HTTP/1.1" '
                        f'401 12 "https://x.example.com/?t={one}" "{one}"\n')  # fmt: skip
        value = {"type": "TokenExpiredError", "value": said}
        events.append({"event_id": f"{number:032x}", "timestamp": ms / 1000, "platform": "node",
                       "exception": {"values": [value]}, "transaction": f"/a/{one}",
                       "tags": {"service": "auth", "token": one}, "extra": {"kid": one}})  # fmt: skip
    for number, form in enumerate(sorted(SECRETS)):
        said = SECRETS[form].format(SECRET).replace("\n", "\\n")
        stamp = isoformat(START + number * 7_000)
        lines.append(f"{stamp} ERROR [auth] JsonWebTokenError: jwt malformed {said}\n")
        lines.append(f"{stamp} ERROR [auth] oidc provider said invalid client token {said}\n")
    return {
        "auth.log": "".join(lines).encode(),
        "api.jsonl": "".join(records).encode(),
        "access.log": "".join(requests).encode(),
        "sentry.json": json.dumps(events).encode(),
        "torn.json": b'{"events":[{"timestamp":1935817680000,"eventId":"1","message":"jwt expired '
        + TOKENS[0].encode() + b'"},{"message":"jwt expired ' + TOKENS[0].encode() + b'",]}',
    }  # fmt: skip


def test_nothing_secret_comes_out(bundle, tmp_path):
    written = files()
    read = bundle(written)
    assert len(read.once.rejections) > 50
    said = [repr(read.summary.exemplars), repr(read.summary.residue), repr(read.summary.faults)]
    said.append(json.dumps(tables.plain(read.summary.counts).to_pylist()))
    said.append(json.dumps(tables.plain(read.summary.tally).to_pylist()))
    names = [str(tmp_path / "bundle")]
    for one in pipeline.classified(names, pipeline.Options(), []):
        said += [json.dumps(row) for row in rows.dictionaries(one.rejections, keep_empty=True)]
    intake = pipeline.read(names, pipeline.Options(workers=1))
    report = pipeline.diagnose(intake, command="logclass report bundle")
    said += [documents.to_json(report).decode(), html.render(report), markdown.render(report)]
    for text in said:
        for secret in [*SIGNATURES, SECRET]:
            at = next((i for i in range(len(secret) - 15) if secret[i : i + 16] in text), None)
            where = -1 if at is None else text.index(secret[at : at + 16])
            assert at is None, text[max(0, where - 200) : where + 60]
