# ruff: noqa: B023, BLE001 - whatever a library raises is what is recorded here, at once
# ruff: noqa: B023, BLE001, E401, E731, F401, F841, FURB171, I001
"""Prints one JSON line per fault and library: {library, version, fault, text}."""

import base64, json, time, traceback, sys, importlib.metadata as md, http.server, threading
from cryptography.hazmat.primitives.asymmetric import rsa, padding
from cryptography.hazmat.primitives import hashes, serialization, hmac

b64 = lambda b: (
    base64.urlsafe_b64encode(b if isinstance(b, bytes) else json.dumps(b).encode())
    .rstrip(b"=")
    .decode()
)
K = rsa.generate_private_key(65537, 2048)
K2 = rsa.generate_private_key(65537, 2048)
SECRET = b"an-hmac-secret-of-thirty-two-bytes-or-more"
now = int(time.time())
PUB = (
    K.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
nums = K.public_key().public_numbers()
JWK = {
    "kty": "RSA",
    "kid": "k1",
    "use": "sig",
    "alg": "RS256",
    "n": b64(nums.n.to_bytes(256, "big")),
    "e": "AQAB",
}
good = {
    "iss": "https://auth.example.com",
    "aud": "web-prod",
    "sub": "user-1",
    "iat": now - 60,
    "exp": now + 3600,
    "jti": "a",
    "nonce": "n1",
}


def make(claims=None, header=None, key=K):
    h = {"alg": "RS256", "typ": "JWT", "kid": "k1", **(header or {})}
    h = {k: v for k, v in h.items() if v is not None}
    c = (
        claims
        if isinstance(claims, bytes)
        else {k: v for k, v in {**good, **(claims or {})}.items() if v is not None}
    )
    i = f"{b64(h)}.{b64(c)}"
    if h["alg"].startswith("HS"):
        m = hmac.HMAC(key, hashes.SHA256())
        m.update(i.encode())
        s = m.finalize()
    elif h["alg"] == "RS256":
        s = key.sign(i.encode(), padding.PKCS1v15(), hashes.SHA256())
    else:
        s = b"" if h["alg"] == "none" else b"xx"
    return f"{i}.{b64(s)}"


def faults(key=K, wrong=K2, alg=None):
    mk = lambda c=None, h=None, k=None: make(
        c, {**({"alg": alg} if alg else {}), **(h or {})}, k or key
    )
    v = mk()
    a, b, s = v.split(".")
    return {
        "expired": mk({"exp": now - 7200, "iat": now - 9000}),
        "nbf": mk({"nbf": now + 7200}),
        "iat_future": mk({"iat": now + 7200}),
        "max_age": mk({"iat": now - 86400}),
        "aud": mk({"aud": "web-staging"}),
        "iss": mk({"iss": "https://old.example.com"}),
        "sub": mk({"sub": "user-2"}),
        "jti": mk({"jti": "z"}),
        "nonce": mk({"nonce": "z"}),
        "no_aud": mk({"aud": None}),
        "no_iss": mk({"iss": None}),
        "no_sub": mk({"sub": None}),
        "no_exp": mk({"exp": None}),
        "no_iat": mk({"iat": None}),
        "exp_string": mk({"exp": "tomorrow"}),
        "nbf_string": mk({"nbf": "x"}),
        "iat_string": mk({"iat": "x"}),
        "sub_number": mk({"sub": 7}),
        "aud_number": mk({"aud": 7}),
        "wrong_key": mk(k=wrong),
        "tampered": f"{a}.{b64({**good, 'sub': 'admin'})}.{s}",
        "alg": make(
            {}, {"alg": "HS256" if alg != "HS256" else "RS256"}, SECRET if alg != "HS256" else K
        ),
        "alg_unknown": make({}, {"alg": "XS256"}),
        "none": make({}, {"alg": "none", "kid": None}),
        "two_segments": f"{a}.{b}",
        "garbage": "not-a-token",
        "bad_header": f"!!!!.{b}.{s}",
        "header_not_json": f"{b64(b'{')}.{b}.{s}",
        "payload_not_json": mk(b"hello"),
        "empty": "",
        "no_token": None,
        "kid": mk({}, {"kid": "k9"}),
        "no_kid": mk({}, {"kid": None}),
        "crit": mk({}, {"crit": ["x-policy"], "x-policy": 1}),
        "typ": mk({}, {"typ": "logout+jwt"}),
    }


F = faults()
VALID = make()


def out(lib, fault, e, dist=None):
    try:
        v = md.version(dist or lib)
    except Exception:
        v = ""
    t = type(e)
    name = f"{t.__module__}.{t.__name__}" if t.__module__ != "builtins" else t.__name__
    print(
        json.dumps(
            {
                "library": lib,
                "version": v,
                "fault": fault,
                "text": f"{name}: {e}",
                "language": "python",
            }
        )
    )
    if fault in ("aud", "expired", "wrong_key", "kid", "jwks_down", "two_segments"):
        tb = (
            "".join(traceback.format_exception(e))
            .replace(sys.prefix, "/srv/venv")
            .replace(__file__, "/srv/app/auth.py")
        )
        if len(tb) < 9000:
            print(
                json.dumps(
                    {
                        "library": lib,
                        "version": v,
                        "fault": fault,
                        "text": tb.rstrip(),
                        "language": "python",
                    }
                )
            )


def attempt(lib, fault, run, dist=None):
    try:
        run()
    except Exception as e:
        out(lib, fault, e, dist)


class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = {"/jwks": json.dumps({"keys": [JWK]}), "/html": "<html>", "/notkeys": "{}"}.get(
            self.path
        )
        self.send_response(200 if body else 500)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write((body or "oops").encode())

    def log_message(self, *a):
        pass


S = http.server.HTTPServer(("127.0.0.1", 0), H)
threading.Thread(target=S.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{S.server_port}"
URLS = {
    "jwks_500": base + "/500",
    "jwks_html": base + "/html",
    "jwks_notkeys": base + "/notkeys",
    "jwks_down": "http://127.0.0.1:9/jwks",
}


def section(f):
    try:
        f()
    except Exception:
        traceback.print_exc()


@section
def _():
    from jose import jwt, jwk, jwe

    for f, t in F.items():
        attempt(
            "python-jose",
            f,
            lambda: jwt.decode(
                t,
                PUB,
                algorithms=["RS256"],
                audience="web-prod",
                issuer=good["iss"],
                subject="user-1",
                options={f"require_{f[3:]}": True}
                if f.startswith("no_") and f[3:] in ("aud", "iss", "sub", "exp", "iat")
                else {},
            ),
        )
    attempt("python-jose", "key_bad", lambda: jwt.decode(VALID, "garbage", algorithms=["RS256"]))
    attempt("python-jose", "no_key", lambda: jwt.decode(VALID, None, algorithms=["RS256"]))
    attempt("python-jose", "kid", lambda: jwt.decode(F["kid"], {"keys": []}, algorithms=["RS256"]))
    attempt(
        "python-jose",
        "at_hash",
        lambda: jwt.decode(
            make({"at_hash": "x"}), PUB, algorithms=["RS256"], audience="web-prod", access_token="y"
        ),
    )
    attempt(
        "python-jose",
        "jwe",
        lambda: jwe.decrypt(
            jwe.encrypt(b"x", "a" * 32, algorithm="dir", encryption="A256GCM"), "b" * 32
        ),
    )


@section
def _():
    import warnings

    warnings.simplefilter("ignore")
    from authlib.jose import JsonWebToken, JsonWebKey, JsonWebEncryption

    J = JsonWebToken(["RS256"])
    ks = JsonWebKey.import_key_set({"keys": [JWK, {**JWK, "kid": "k2"}]})

    def go(t, f):
        opts = {
            "iss": {"essential": True, "value": good["iss"]},
            "aud": {"essential": True, "value": "web-prod"},
            "sub": {"essential": True, "value": "user-1"},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }
        if f == "jti":
            opts["jti"] = {"value": "a"}
        c = J.decode(t, ks, claims_options=opts)
        c.validate()

    for f, t in F.items():
        attempt("authlib", f, lambda: go(t, f))
    attempt("authlib", "key_bad", lambda: JsonWebKey.import_key("garbage", {"kty": "RSA"}))
    from authlib.oidc.core import CodeIDToken

    for f, k in {
        "nonce": {"nonce": "z"},
        "at_hash": {"access_token": "x"},
        "azp": {"client_id": "q"},
        "max_age": {"max_age": 10},
    }.items():
        attempt(
            "authlib",
            f,
            lambda: CodeIDToken(
                {**good, "at_hash": "q", "azp": "other", "auth_time": now - 999},
                {"alg": "RS256"},
                {},
                k,
            ).validate(),
        )
    attempt(
        "authlib",
        "no_nonce",
        lambda: CodeIDToken(
            {k: v for k, v in good.items() if k != "nonce"}, {"alg": "RS256"}, {}, {"nonce": "n"}
        ).validate(),
    )
    from authlib.jose import OctKey

    attempt(
        "authlib",
        "jwe",
        lambda: JsonWebEncryption().deserialize_compact(
            JsonWebEncryption().serialize_compact(
                {"alg": "dir", "enc": "A256GCM"}, b"x", OctKey.generate_key(256, is_private=True)
            ),
            OctKey.generate_key(256, is_private=True),
        ),
    )


@section
def _():
    from joserfc import jwt, jwk, jwe

    ks = jwk.KeySet.import_key_set({"keys": [JWK, {**JWK, "kid": "k2"}]})

    def go(t, f):
        tok = jwt.decode(t, ks, algorithms=["RS256"])
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": good["iss"]},
            aud={"essential": True, "value": "web-prod"},
            sub={"essential": True, "value": "user-1"},
            exp={"essential": True},
            iat={"essential": True},
            jti={"value": "a"},
        ).validate(tok.claims)

    for f, t in F.items():
        attempt("joserfc", f, lambda: go(t, f))
    attempt("joserfc", "key_bad", lambda: jwk.RSAKey.import_key("garbage"))
    attempt(
        "joserfc",
        "jwe",
        lambda: jwe.decrypt_compact(
            jwe.encrypt_compact(
                {"alg": "dir", "enc": "A256GCM"}, b"x", jwk.OctKey.generate_key(256)
            ),
            jwk.OctKey.generate_key(256),
        ),
    )


@section
def _():
    from jwcrypto import jwt, jwk, jwe

    key = jwk.JWK(**JWK)
    ks = jwk.JWKSet()
    ks.add(key)
    for f, t in F.items():
        attempt(
            "jwcrypto",
            f,
            lambda: jwt.JWT(
                jwt=t,
                key=ks if f in ("kid",) else key,
                algs=["RS256"],
                check_claims={
                    "iss": good["iss"],
                    "aud": "web-prod",
                    "sub": "user-1",
                    "exp": None,
                    "iat": None,
                    **({"jti": "a"} if f == "jti" else {}),
                },
            ),
        )
    attempt("jwcrypto", "key_bad", lambda: jwk.JWK.from_pem(b"garbage"))

    def enc():
        e = jwe.JWE(b"x", json.dumps({"alg": "dir", "enc": "A256GCM"}))
        e.add_recipient(jwk.JWK.generate(kty="oct", size=256))
        s = e.serialize(True)
        jwe.JWE().deserialize(s, jwk.JWK.generate(kty="oct", size=256))

    attempt("jwcrypto", "jwe", enc)


@section
def _():
    from google.auth import jwt as gj
    from google.auth import exceptions

    cert = PUB
    for f, t in F.items():
        attempt(
            "google-auth",
            f,
            lambda: gj.decode(t, {"k1": cert} if f == "kid" else cert, audience="web-prod"),
        )
    from google.oauth2 import id_token
    import google.auth.transport.requests as tr

    for f, u in URLS.items():
        attempt(
            "google-auth",
            f,
            lambda: id_token.verify_token(VALID, tr.Request(), audience="web-prod", certs_url=u),
        )
    from unittest import mock

    with mock.patch(
        "google.oauth2.id_token.verify_token", return_value={"iss": "https://x.example.com"}
    ):
        attempt("google-auth", "iss", lambda: id_token.verify_oauth2_token(VALID, tr.Request()))


@section
def _():
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="x" * 40,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework_simplejwt",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        SIMPLE_JWT={
            "ALGORITHM": "HS256",
            "SIGNING_KEY": SECRET.decode(),
            "AUDIENCE": "web-prod",
            "ISSUER": good["iss"],
        },
    )
    django.setup()
    from rest_framework_simplejwt.tokens import AccessToken
    from rest_framework_simplejwt.authentication import JWTAuthentication

    for f, t in faults(SECRET, b"other-secret-other-secret-other-secret", "HS256").items():
        attempt("simplejwt", f, lambda: AccessToken(t), "djangorestframework-simplejwt")
    ok = make({"token_type": "refresh", "user_id": 1}, {"alg": "HS256"}, SECRET)
    attempt("simplejwt", "token_use", lambda: AccessToken(ok), "djangorestframework-simplejwt")
    attempt(
        "simplejwt",
        "no_type",
        lambda: AccessToken(make({}, {"alg": "HS256"}, SECRET)),
        "djangorestframework-simplejwt",
    )
    attempt(
        "simplejwt",
        "no_jti",
        lambda: AccessToken(make({"token_type": "access", "jti": None}, {"alg": "HS256"}, SECRET)),
        "djangorestframework-simplejwt",
    )
    a = JWTAuthentication()
    attempt(
        "simplejwt",
        "header_form",
        lambda: a.get_raw_token(b"Bearer a b"),
        "djangorestframework-simplejwt",
    )
    attempt(
        "simplejwt",
        "no_user",
        lambda: a.get_user(AccessToken(make({"token_type": "access"}, {"alg": "HS256"}, SECRET))),
        "djangorestframework-simplejwt",
    )

    def detail(t):
        try:
            a.get_validated_token(t)
        except Exception as e:
            raise ValueError(json.dumps(e.detail)) from None

    for f, t in faults(SECRET, b"other-secret-other-secret-other-secret", "HS256").items():
        if f in ("expired", "wrong_key"):
            try:
                detail(t.encode())
            except ValueError as e:
                print(
                    json.dumps(
                        {
                            "library": "simplejwt",
                            "version": "5",
                            "fault": f,
                            "text": str(e),
                            "language": "python",
                        }
                    )
                )


@section
def _():
    from flask import Flask, jsonify
    from flask_jwt_extended import (
        JWTManager,
        jwt_required,
        create_access_token,
        create_refresh_token,
    )

    app = Flask("x")
    app.config.update(
        JWT_SECRET_KEY=SECRET.decode(),
        JWT_DECODE_AUDIENCE="web-prod",
        JWT_DECODE_ISSUER=good["iss"],
        JWT_TOKEN_LOCATION=["headers", "cookies"],
    )
    m = JWTManager(app)
    blocked = {}

    @m.token_in_blocklist_loader
    def _b(h, p):
        return p.get("jti") == "gone"

    @app.get("/p")
    @jwt_required()
    def p():
        return "ok"

    @app.get("/f")
    @jwt_required(fresh=True)
    def f_():
        return "ok"

    c = app.test_client()

    def rec(fault, text):
        print(
            json.dumps(
                {
                    "library": "flask-jwt-extended",
                    "version": md.version("flask-jwt-extended"),
                    "fault": fault,
                    "text": text.strip(),
                    "language": "python",
                }
            )
        )

    for f, t in faults(SECRET, b"other-secret-other-secret-other-secret", "HS256").items():
        r = c.get("/p", headers={} if t is None else {"Authorization": f"Bearer {t}"})
        rec(f, r.get_data(as_text=True))
    ok = lambda x: make(
        {"type": "access", "fresh": False, "csrf": "1", **x}, {"alg": "HS256"}, SECRET
    )
    for f, t in {
        "revoked": ok({"jti": "gone"}),
        "expired": ok({"exp": now - 99}),
        "aud": ok({"aud": "x"}),
        "token_use": ok({"type": "refresh"}),
    }.items():
        rec(f, c.get("/p", headers={"Authorization": f"Bearer {t}"}).get_data(as_text=True))
    rec("fresh", c.get("/f", headers={"Authorization": "Bearer " + ok({})}).get_data(as_text=True))
    rec("header_scheme", c.get("/p", headers={"Authorization": "Basic abc"}).get_data(as_text=True))
    rec("header_form", c.get("/p", headers={"Authorization": "Bearer"}).get_data(as_text=True))


@section
def _():
    import python_jwt as pj, jwcrypto.jwk as jk

    key = jk.JWK(**JWK)
    for f, t in F.items():
        attempt(
            "python-jwt",
            f,
            lambda: pj.verify_jwt(t, key, ["RS256"], checks_optional=False),
            "python-jwt",
        )


@section
def _():
    import jwskate as js

    for f, t in F.items():
        attempt(
            "jwskate",
            f,
            lambda: js.Jwt(t).validate(
                js.Jwk(JWK), issuer=good["iss"], audience="web-prod", algs=["RS256"], sub="user-1"
            ),
            "jwskate",
        )
