"""Lines about other people's signatures and tokens, in words that JWT libraries use too.

A package's signature, a signed request to a cloud, a signed cookie: whoever reads them after an
outage of token authentication must not find them among its rejections.
"""

from __future__ import annotations

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
    "KeyStoreException",
    # schemas of any body
    "must have required property",
    "is a required property",
    "Error: data/",
    # a class that is not there
    "indirectly referenced from required .class",
    "uninitialized constant ",
    "' has no attribute '",
    "cannot import name ",
    "itsdangerous.",
    "ecdsa.keys.",
    "SignatureVerificationError: No signatures found matching",
    "but credentials are optional",
    "Retrieving json web keys from: ",
)
_AFTER_ALL = "WebIdentity"  # AWS judges a token of OpenID Connect there


def without_foreign(text: str) -> str:
    """Return the text without such lines; the same object where it has none."""
    if not any(words in text for words in _WORDS):
        return text
    return "\n".join("" if _is_foreign(line) else line for line in text.split("\n"))


def _is_foreign(line: str) -> bool:
    return _AFTER_ALL not in line and any(words in line for words in _WORDS)
