"""Record what common programs say when something that is no token of ours fails.

Run `python record.py` in an empty folder; prints JSON lines for tests/corpus/negative.jsonl. Needs
openssl, gpg, ssh-keygen, php, ruby, java, git and node. Each program's last words are one text.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

SETUP = """
openssl req -x509 -newkey rsa:2048 -nodes -keyout a.key -out a.pem -days 2 -subj /CN=a.example.com 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout b.key -out b.pem -days 2 -subj /CN=b.example.com 2>/dev/null
openssl pkcs12 -export -in a.pem -inkey a.key -out a.p12 -passout pass:right
openssl cms -sign -in a.key -signer a.pem -inkey a.key -out a.cms -outform DER -nosmimecap 2>/dev/null
openssl rsa -in a.key -aes256 -passout pass:right -out enc.key 2>/dev/null
ssh-keygen -q -t ed25519 -N right -f id
keytool -genkeypair -alias a -keyalg RSA -dname CN=a -keystore a.jks -storepass rightpw -keypass rightpw 2>/dev/null
git init -q repo && git -C repo -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m a
"""
COMMANDS = [
    "openssl verify -CAfile b.pem a.pem",
    "openssl verify -purpose sslclient -CAfile a.pem b.pem",
    "openssl verify -verify_hostname c.example.com -CAfile a.pem a.pem",
    "openssl verify -crl_check -CAfile a.pem a.pem",
    "openssl verify -attime 4102444800 -CAfile a.pem a.pem",
    "openssl verify -attime 1000000000 -CAfile a.pem a.pem",
    "openssl pkcs12 -in a.p12 -passin pass:wrong -nokeys",
    "openssl cms -verify -in a.cms -inform DER -CAfile b.pem",
    "openssl rsa -in enc.key -passin pass:wrong",
    "openssl x509 -in a.key",
    "openssl crl -in a.pem",
    "openssl asn1parse -in a.key -strparse 99999",
    "openssl pkeyutl -decrypt -inkey a.key -in b.key",
    "ssh-keygen -y -P wrong -f id",
    "ssh-keygen -l -f a.pem",
    "ssh-keygen -Y check-novalidate -n file -s a.pem",
    "ssh-keygen -s id -I x a.pem",
    "ssh-add -l",
    "ssh -o BatchMode=yes -p 1 127.0.0.1 true",
    "gpg --batch --homedir . --verify a.pem",
    "gpg --batch --homedir . --import a.pem",
    "gpg --batch --homedir . --export-secret-keys nobody",
    "gpg --batch --homedir . -s a.pem",
    "keytool -list -keystore a.jks -storepass wrong",
    "keytool -importcert -noprompt -file a.key -keystore a.jks -storepass rightpw",
    "keytool -list -alias nobody -keystore a.jks -storepass rightpw",
    "jarsigner -verify -keystore a.jks -storepass wrong a.p12",
    "git -C repo verify-commit HEAD",
    "git -C repo verify-tag nothing",
    "git -C repo push nowhere main",
    "git -C repo rebase --onto missing",
    "php -r '$x = ;'",
    "php -r 'a b;'",
    "php -r 'echo match(1) { 2 => 3 };'",
    "php -r 'json_decode(\"<\", flags: JSON_THROW_ON_ERROR);'",
    "php -r '[][\"token\"];'",
    "php -r 'new DateTime(\"not a date\");'",
    "ruby -e 'x = = 1'",
    "ruby -e '{}.fetch(:token)'",
    "ruby -rjson -e 'JSON.parse(\"<html>\")'",
    'ruby -ropenssl -e \'OpenSSL::Cipher.new("aes-128-cbc").decrypt.tap { |c| c.key = "a" * 16 }.then { |c| c.update("b" * 16) + c.final }\'',
    "ruby -ropenssl -e 'OpenSSL::X509::Certificate.new(\"zz\")'",
    'ruby -ropenssl -e \'OpenSSL::PKCS12.new(File.read("a.p12"), "wrong")\'',
    "ruby -rbase64 -e 'Base64.strict_decode64(\"a\")'",
    "ruby -ryaml -e 'YAML.load(\"a: [\")'",
    "python3 -c \"{}['token']\"",
    "python3 -c \"import base64; base64.b64decode('a')\"",
    "python3 -c \"import shlex; shlex.split('a \\\\'b')\"",
    "python3 -c \"import sqlite3; sqlite3.connect(':memory:').execute('select token token token')\"",
    "python3 -c \"import configparser; configparser.ConfigParser().read_string('token')\"",
    "python3 -c \"import http.cookies; http.cookies.SimpleCookie()['se ssion'] = 'x'\"",
    "python3 -c \"import argparse; p = argparse.ArgumentParser('app'); p.add_argument('--token', required=True); p.parse_args([])\"",
    "python3 -c \"import ssl; ssl.create_default_context(cafile='a.key')\"",
    "node -e 'const {token} = undefined'",
    "node -e 'require(\"crypto\").timingSafeEqual(Buffer.alloc(1), Buffer.alloc(2))'",
    'node -e \'require("crypto").scryptSync("a", "b", -1)\'',
    "node -e 'new (require(\"tls\").TLSSocket)().authorizationError.token'",
    "node -e 'process.kill(1e9)'",
    "node -e 'decodeURIComponent(\"%\")'",
]


def main() -> None:
    """Print one JSON object for each command that failed with words."""
    subprocess.run(["bash", "-c", SETUP], check=True)
    for command in COMMANDS:
        done = subprocess.run(
            ["bash", "-c", command],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        said = done.stderr.strip() or done.stdout.strip()
        text = said.replace("\r", "").replace(str(Path.cwd()), "/srv/x")
        if text and "command not found" not in text:
            known = {"reason": None, "outcome": "none", "also": [], "captures": {}}
            origin = {"library": None, "version": None, "origin": "recorded", "program": command}
            print(json.dumps({"text": text, **known, **origin}))


if __name__ == "__main__":
    main()
