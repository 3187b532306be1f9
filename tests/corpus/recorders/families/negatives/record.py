# ruff: noqa: B023, BLE001, PLW1510 - whatever a library raises is what is recorded here, at once
"""Print what programs say that looks like a token rejection and is none, one JSON line each.

Parsers, TLS, GnuPG, OpenSSH, CSRF, webhooks, passwords and one-time codes, as they run here.
"""

import json
import ssl
import subprocess
import tempfile
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = Path(tempfile.mkdtemp(prefix="negatives"))

SHELL = {
    "openssl": [
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout a.key -out a.pem -subj /CN=a -days 1",
        "openssl verify a.pem",
        "openssl verify -CAfile /dev/null a.pem",
        "openssl verify -attime 4102444800 -CAfile a.pem a.pem",
        "openssl verify -attime 946684800 -CAfile a.pem a.pem",
        "openssl verify -CAfile a.pem -verify_hostname b.example.com a.pem",
        "openssl verify -CAfile a.pem -purpose sslclient -x509_strict a.pem",
        "echo x > x; openssl x509 -in x -noout",
        "openssl rsa -in x -check",
        "openssl pkey -pubin -in x",
        "openssl dgst -sha256 -sign a.key -out s x",
        "openssl pkey -in a.key -pubout -out a.pub; echo y > y; openssl dgst -sha256 -verify a.pub -signature s y",
        "head -c 10 s > t; openssl dgst -sha256 -verify a.pub -signature t x",
        "openssl pkeyutl -verify -pubin -inkey a.pub -sigfile s -in y",
        "openssl enc -aes-256-cbc -pbkdf2 -k one -in x -out e; openssl enc -d -aes-256-cbc -pbkdf2 -k two -in e",
        "openssl enc -d -aes-256-cbc -k two -in x",
        "openssl cms -verify -in x -CAfile a.pem",
        "openssl smime -verify -in x -CAfile a.pem",
        "openssl pkcs12 -in x -passin pass:a",
        "openssl pkcs8 -topk8 -in a.key -out p8 -passout pass:one; openssl pkey -in p8 -passin pass:two",
        "openssl asn1parse -in x",
        "openssl ts -verify -in x -queryfile x -CAfile a.pem",
        "openssl crl -in x -noout",
        "openssl s_client -connect 127.0.0.1:9 </dev/null",
        "openssl list -digest-algorithms -foo",
        "openssl dgst -md9 x",
        "openssl enc -rot13 -in x",
        "openssl ec -in a.key",
    ],
    "gpg": [
        "gpg --batch --passphrase '' --quick-gen-key t@example.com rsa2048 sign 1d",
        "gpg --batch --yes --detach-sign -o x.sig x; gpg --verify x.sig x",
        "gpg --verify x.sig y",
        "gpg --verify x",
        "gpg --verify x.sig nothere",
        "gpg --faked-system-time 20400101T000000! --verify x.sig x",
        "gpg --batch --decrypt x",
        "gpg --batch --yes -r nobody@example.com -e x",
        "gpg --import x",
        "gpg --recv-keys --keyserver hkp://127.0.0.1:9 0123456789ABCDEF",
        "gpg --export-secret-keys nobody@example.com",
        "mkdir -m 700 other; GNUPGHOME=other gpg --verify x.sig x",
        "gpgv --keyring ./x x.sig x",
        "gpg --batch --yes --clearsign -o c x; sed -i s/x/z/ c; gpg --verify c",
        "gpg --delete-key nobody@example.com",
    ],
    "git": [
        "git init -q r; cd r; git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m a; git verify-commit HEAD",
        "cd r; git -c user.name=a -c user.email=a@example.com tag -a v1 -m v; git verify-tag v1",
        "cd r; git log --show-signature -1 --format=%G?",
        "cd r; git -c user.name=a -c user.email=a@example.com -c user.signingkey=0000 commit -S --allow-empty -m b",
        "cd r; git -c gpg.format=ssh -c user.signingkey=/nothere -c user.name=a -c user.email=a@example.com commit -S --allow-empty -m b",
        "cd r; git cat-file -p 0123456789012345678901234567890123456789",
        "cd r; git merge --verify-signatures HEAD~9",
        "cd r; git clone -q http://127.0.0.1:9/x.git z",
        "cd r; git ls-remote ssh://127.0.0.1:9/x.git",
        "cd r; printf 'garbage' > .git/index; git status",
        "cd r; git apply ../x",
        "cd r; git am ../x",
        "cd r; git config --file ../bad.cfg -l; printf '[a\\n' > ../bad.cfg; git config --file ../bad.cfg -l",
    ],
    "ssh": [
        "ssh-keygen -q -t ed25519 -N '' -f k; ssh-keygen -q -Y sign -f k -n file x; printf 'a %s' \"$(cat k.pub)\" > allowed; ssh-keygen -Y verify -f allowed -I a -n file -s x.sig < y",
        "ssh-keygen -Y verify -f allowed -I b -n file -s x.ssh.sig < x",
        "ssh-keygen -Y check-novalidate -n file -s x < y",
        "ssh-keygen -l -f x",
        "ssh-keygen -y -P wrong -f x",
        "ssh-keygen -q -t ed25519 -N secret -f k2; ssh-keygen -y -P wrong -f k2",
        "ssh-keygen -L -f k.pub",
        "ssh -o BatchMode=yes -o ConnectTimeout=1 -p 9 127.0.0.1 true",
        "ssh -o Ciphers=none 127.0.0.1",
        "ssh -i nothere -o BatchMode=yes -p 9 127.0.0.1",
        "ssh-add k",
    ],
    "shells and tools": [
        "bash -c 'echo )'",
        "bash -c 'for'",
        "bash -c 'case x in'",
        "dash -c 'if then fi'",
        "perl -e 'my $x = ;'",
        "perl -e 'use JWT::Missing;'",
        "perl -MJSON::PP -e 'decode_json(q({\"a\":))'",
        "awk 'BEGIN {'",
        "sed 's/a/b'",
        "make -f x",
        "echo 'int main( { return 0 }' | gcc -x c -",
        "echo 'int main(){ token t; }' | gcc -x c -",
        "echo '#if (' | gcc -x c -",
        "echo '<a><b></a>' | xmllint -",
        "sqlite3 :memory: 'selec 1'",
        "curl -sS https://127.0.0.1:9/",
        "curl -sS http://expired.invalid/",
        "curl -sS ftp://127.0.0.1:9/",
        "curl -sS --cacert x https://127.0.0.1:9/",
        "curl -sS foo://bar",
        "tar xf x",
        "gzip -dc x",
        "unzip x",
        "base64 -d <<< '!!!'",
        "date -d 'token expired'",
        "sudo -n true",
        "su nobodyhere -c true",
        "getent passwd nobodyhere",
        "apt-key verify x x",
        "dpkg-deb -I x",
        "apt-get -o Dir::Etc::sourcelist=x update",
        "sha256sum -c x",
        "printf 'deadbeef  x\\n' > sums; sha256sum -c sums",
        "pip install --index-url http://127.0.0.1:9/ --retries 0 --no-deps nothere",
        "printf 'x==1 --hash=sha256:00\\n' > req; pip install -r req",
        "npm view nothere --registry http://127.0.0.1:9 --fetch-retries 0",
        "npm login --registry http://127.0.0.1:9 --fetch-retries 0 </dev/null",
        "go run x.go; printf 'package main\\nfunc main() { @ }' > m.go; go run m.go",
        "printf 'fn main() { let x = ; }' > m.rs; rustc m.rs",
        "printf 'class A { void f( { } }' > A.java; javac A.java",
        "java io.jsonwebtoken.ExpiredJwtException",
        "node -e 'require(\"jsonwebtoken\")'",
        "python3 -c 'import jwt_not_here'",
        "python3 -c 'from jose.exceptions import ExpiredSignatureError'",
    ],
}


def say(text: str, program: str) -> None:
    """Print one corpus line."""
    text = text.replace(str(PLACE), "/srv/x").strip()
    if text:
        print(json.dumps({"text": text[:600], "program": program}, ensure_ascii=False))


def shell() -> None:
    """Run the commands above in one folder."""
    environment = {
        "PATH": "/usr/bin:/bin:/usr/local/bin:/usr/local/go/bin:/root/.cargo/bin",
        "HOME": str(PLACE),
        "GNUPGHOME": str(PLACE / "gpg"),
        "LC_ALL": "C",
    }
    (PLACE / "gpg").mkdir(mode=0o700)
    for program, commands in SHELL.items():
        for command in commands:
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=PLACE,
                env=environment,
                timeout=60,
                capture_output=True,
                text=True,
                errors="replace",
            )
            if done.returncode:
                say(
                    done.stdout + done.stderr,
                    program if program != "shells and tools" else command.split()[0],
                )


def attempt(program, action) -> None:
    """Print the error of one call: its last line, and every third time the trace."""
    try:
        action()
    except BaseException as error:
        attempt.count += 1
        lines = traceback.format_exception(error)
        say("".join(lines) if attempt.count % 4 == 0 else lines[-1], program)


attempt.count = 0


def parsers() -> None:
    """Texts that lexers and parsers refuse."""
    import ast
    import configparser
    import csv
    import plistlib
    import shlex
    import sqlite3
    import tomllib
    import xml.dom.minidom

    import graphql
    import jinja2
    import lark
    import sqlglot
    import yaml
    from lxml import etree

    for text in ('{"token":', "<html>", "{'a':1}", "[1,]", '{"a":tru}', '"\\x"'):
        attempt("python json", lambda: json.loads(text))
    for text in (
        "a b",
        "x = (",
        "def f(:",
        "'open",
        "token expired",
        "x = 08",
        "if x:\n\ty\n  z",
        "raise TokenExpiredError(",
    ):
        attempt("python ast", lambda: ast.parse(text))
    for text in (
        "a: b: c",
        "- a\n b",
        "\t- a",
        "@token",
        "{a",
        "%token",
        "!!python/object:x.y {}",
        "a: *unknown",
    ):
        attempt("pyyaml 6.0.2", lambda: yaml.safe_load(text))
    for text in (
        "{",
        "query { a(",
        "query @ { a }",
        "mutation { token(expired: ) }",
        '"open',
        "type A { }",
        "{ a(b: $c }",
    ):
        attempt("graphql-core 3.2.5", lambda: graphql.parse(text))
    for text in (
        "select from",
        "select * frm t where",
        "select ) from t",
        "with a as (select 1",
        "create token x",
    ):
        attempt("sqlglot 26.0.1", lambda: sqlglot.parse_one(text))
        attempt("sqlite3", lambda: sqlite3.connect(":memory:").execute(text))
    for text in (
        "{% if %}",
        "{{ a | nofilter }}",
        "{{ token",
        "{% endfor %}",
        "{{ a b }}",
        "{% extends %}",
        "{% token x %}",
    ):
        attempt("jinja2 3.1.5", lambda: jinja2.Template(text))
    grammar = lark.Lark('start: "a" "b"+\n%import common.WS\n%ignore WS', parser="lalr")
    for text in ("a", "b", "a c", "a b a"):
        attempt("lark 1.2.2", lambda: grammar.parse(text))
    for text in ("a = ", "a = 1\na = 2", "[a", "= 1", "a = 'open"):
        attempt("tomllib", lambda: tomllib.loads(text))
    for text in ("<a>", "<a></b>", "x", "<a b=c/>", "<a>&token;</a>"):
        attempt("xml.dom.minidom", lambda: xml.dom.minidom.parseString(text))
        attempt("lxml", lambda: etree.fromstring(text))
    attempt("shlex", lambda: shlex.split("a 'b"))
    attempt("csv", lambda: list(csv.reader(["a\0b"], strict=True)))
    attempt("plistlib", lambda: plistlib.loads(b"x"))
    attempt("configparser", lambda: configparser.ConfigParser().read_string("token expired"))


def secrets() -> None:
    """Webhooks, one-time codes, passwords, certificates, CSRF, files."""
    import io

    import argon2
    import asn1crypto.x509
    import ldap3
    import paramiko
    import pyotp
    import standardwebhooks
    import stripe
    import svix
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    header = "t=1,v1=00"
    for sig, body in ((header, "{}"), ("", "{}"), ("t=x", "{}"), ("v1=1", "{}")):
        attempt("stripe 11.4.1", lambda: stripe.Webhook.construct_event(body, sig, "whsec_x"))
    for library, hook in (
        ("svix 1.45.1", svix.Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
        (
            "standardwebhooks 1.0.0",
            standardwebhooks.Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ),
    ):
        kind = library.split()[0] if library.startswith("svix") else "webhook"
        import time

        for stamp in ("1", "x", str(int(time.time())), "9999999999"):
            attempt(
                library,
                lambda: hook.verify(
                    "{}",
                    {f"{kind}-id": "m", f"{kind}-timestamp": stamp, f"{kind}-signature": "v1,AAAA"},
                ),
            )
        attempt(library, lambda: hook.verify("{}", {}))
    attempt("pyotp 2.9.0", lambda: pyotp.TOTP("not base32!").now())
    attempt("pyotp 2.9.0", lambda: pyotp.parse_uri("otpauth://foo/x"))
    attempt("pyotp 2.9.0", lambda: pyotp.parse_uri("http://x"))
    attempt(
        "argon2-cffi 23.1.0",
        lambda: argon2.PasswordHasher().verify(
            "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg",
            "x",
        ),
    )
    attempt("argon2-cffi 23.1.0", lambda: argon2.PasswordHasher().verify("x", "x"))
    attempt(
        "ldap3 2.9.1",
        lambda: ldap3.Connection(ldap3.Server("127.0.0.1:9"), "cn=a", "b", auto_bind=True),
    )
    attempt(
        "ldap3 2.9.1",
        lambda: ldap3.Connection(
            ldap3.Server("x", get_info=ldap3.NONE),
            "cn=a",
            "b",
            client_strategy=ldap3.MOCK_SYNC,
            auto_bind=True,
        ),
    )
    attempt("paramiko 3.5.0", lambda: paramiko.RSAKey.from_private_key(io.StringIO("x")))
    attempt("paramiko 3.5.0", lambda: paramiko.PKey.from_type_string("x", b""))
    attempt("cryptography 44.0.0", lambda: x509.load_pem_x509_certificate(b"x"))
    attempt("cryptography 44.0.0", lambda: x509.load_der_x509_certificate(b"x"))
    attempt("cryptography 44.0.0", lambda: serialization.load_ssh_public_key(b"ssh-foo AAAA"))
    attempt("asn1crypto 1.5.1", lambda: asn1crypto.x509.Certificate.load(b"\x30\x03abc").native)
    attempt("ssl", lambda: ssl.create_default_context(cadata="x"))
    attempt("ssl", lambda: ssl.create_default_context().load_cert_chain("/etc/hostname"))
    attempt("ssl", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).set_ciphers("none"))


def forms() -> None:
    """CSRF checks of Django and Flask-WTF, and validators of values."""
    import django
    import jsonschema
    import pydantic
    from django.conf import settings

    settings.configure(
        SECRET_KEY="x", CSRF_TRUSTED_ORIGINS=["https://a.example.com"], ROOT_URLCONF=__name__
    )
    django.setup()
    import logging

    from django.core.validators import URLValidator, validate_email, validate_slug
    from django.middleware.csrf import CsrfViewMiddleware
    from django.test import RequestFactory

    logger = logging.getLogger("django.security.csrf")
    handler = logging.Handler()
    handler.emit = lambda r: say(f"{r.levelname} {r.name} {r.getMessage()}", "django 5.1.5")
    logger.addHandler(handler)
    check = CsrfViewMiddleware(lambda r: None)
    good = "a" * 64
    for cookie, post, extra in (
        (None, {}, {}),
        (good, {}, {}),
        (good, {"csrfmiddlewaretoken": "b" * 64}, {}),
        (good, {"csrfmiddlewaretoken": "short"}, {}),
        (good, {"csrfmiddlewaretoken": "!" * 64}, {}),
        ("short", {}, {}),
        (good, {}, {"HTTP_ORIGIN": "https://evil.example.com"}),
        (good, {}, {"HTTP_X_CSRFTOKEN": "b" * 64}),
        (good, {}, {"secure": True}),
        (good, {}, {"secure": True, "HTTP_REFERER": "https://evil.example.com/"}),
    ):
        request = RequestFactory().post("/p", post, **extra)
        if cookie:
            request.COOKIES["csrftoken"] = cookie
        check.process_request(request) if cookie != "short" else attempt(
            "django 5.1.5", lambda: check.process_request(request)
        )
        check.process_view(request, lambda r: None, (), {})
    for action in (
        lambda: validate_email("x"),
        lambda: validate_slug("a b"),
        lambda: URLValidator()("x"),
    ):
        attempt("django 5.1.5", action)
    schema = {
        "type": "object",
        "required": ["issuer"],
        "properties": {"exp": {"type": "number"}, "aud": {"enum": ["a"]}},
    }
    for value in ({}, {"issuer": 1, "exp": "x"}, {"issuer": 1, "aud": "b"}, 7):
        attempt("jsonschema 4.23.0", lambda: jsonschema.validate(value, schema))
    Row = pydantic.create_model("Row", exp=(int, ...), token=(str, ...))
    for value in ({}, {"exp": "x", "token": "t"}, {"exp": 1, "token": None}):
        attempt("pydantic 2.10.5", lambda: Row(**value))


urlpatterns = []
if __name__ == "__main__":
    shell()
    parsers()
    secrets()
    forms()
