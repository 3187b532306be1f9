"""Lines about other people's signatures and tokens, in words that JWT libraries use too.

A package's signature, a signed request to a cloud, a signed cookie: whoever reads them after an
outage of token authentication must not find them among its rejections.
"""

from __future__ import annotations

import re

_WORDS = (
    "GPG error",
    "gpg: ",
    "gpgv: ",
    "OpenPGP signature",
    # requests signed for AWS, its temporary credentials, Azure's shared access signatures
    "request signature we calculated",
    "SignatureDoesNotMatch",
    "String to sign used",
    "(ExpiredToken) when",
    "(ExpiredTokenException) when",
    "(InvalidClientTokenId)",
    "(UnrecognizedClientException)",
    "(InvalidSignatureException)",
    "security token included in the request is",
    "Z is now earlier than ",
    "AuthorizationHeaderMalformed",
    # packages, host keys, mail, DNS and certificates
    "NO_PUBKEY",
    "The following signatures ",
    "the following signatures ",
    "sig_verify: ",
    "sshsig_",
    "dkim=",
    "DNSSEC",
    " IN SOA ",
    "OCSP routines:",
    "X509::CertificateError",
    "KeyStoreException",
    # schemas of any body
    "must have required property",
    "is a required property",
    "Error: data/",
    # a class, or a key of a hash, that is not there
    "indirectly referenced from required .class",
    "uninitialized constant ",
    "(KeyError)",  # Ruby's: a hash lacks a key
    "' has no attribute '",
    "cannot import name ",
    "itsdangerous.",
    "ecdsa.keys.",
    "SignatureVerificationError: No signatures found matching",
    "but credentials are optional",
    "Retrieving json web keys from: ",
)
# A class of exceptions that is not there: PHP, Java, .NET, Go's compiler, JavaScript and Python.
_NO_CLASS_WORDS = ("not found", "ClassDef", "ClassNotF", "load type '", "undefined: ", " is not ")
_NO_CLASS = re.compile(
    r"\b[Cc]lass [\"'][\w\\.]{3,200}[\"'] not found"
    r"|\b(?:NoClassDefFoundError|ClassNotFoundException)\b"
    r"|Could not load type '|\bundefined: \w{1,40}\.Err[A-Z]"
    r"|\b\w{1,60}(?:Error|Exception|Signature)[\"']? is not (?:defined|a constructor)\b"
)
_MARKS = _WORDS + _NO_CLASS_WORDS
_AFTER_ALL = "WebIdentity"  # AWS judges a token of OpenID Connect there


def without_foreign(text: str) -> str:
    """Return the text without such lines; the same object where it has none."""
    if not any(words in text for words in _MARKS):
        return text
    return "\n".join("" if _is_foreign(line) else line for line in text.split("\n"))


def _is_foreign(line: str) -> bool:
    if any(words in line for words in _WORDS):
        return _AFTER_ALL not in line
    return any(words in line for words in _NO_CLASS_WORDS) and bool(_NO_CLASS.search(line))
