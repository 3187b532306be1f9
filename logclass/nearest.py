"""What to say of a text that no pattern matches: of what other kind it is, and what is near it."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import regex

from logclass.foreign import without_foreign
from logclass.frames import is_signing, without_source
from logclass.normalise import normalise

if TYPE_CHECKING:
    from logclass.patternfile import Pattern
    from logclass.patternset import PatternSet

_KINDS = tuple(
    (regex.compile(words, regex.IGNORECASE), why)
    for words, why in (
        (
            r"x509|certificate|\b(?:tls|ssl)\b|unable_to_get_issuer|self.signed",
            "TLS: a certificate is no token; as jwks_unavailable it counts while keys are fetched.",
        ),
        (r"csrf|xsrf|authenticity.?token", "CSRF: a form's token is no authentication token."),
        (r"gpg|apt-key|NO_PUBKEY|rpm", "Packages: the signature is that of a package."),
        (r"webhook", "Webhooks: the signature is that of a request body."),
        (
            r"unexpected token|lexer|tokeni[sz]|graphql|syntax ?error|parse error",
            "Parsers: this token is a word of a language.",
        ),
        (r"\bssh|publickey|known_hosts", "SSH: its keys and signatures are not those of tokens."),
        (r"passwor[dt]|ldap|\bbind failed", "Passwords and LDAP are another kind of sign-in."),
        (r"\b(?:totp|otp|mfa|2fa)\b|one-time", "One-time codes are not signed tokens."),
        (r"device.?token|\bapns\b|\bfcm\b", "Push: a device token is an address."),
        (r"licen[cs]e", "Licences: such a key or signature is not that of a token."),
        (
            r"\bnpm audit|vulnerab|\bCVE-\d",
            "Advisories: it speaks of a package, not of a request.",
        ),
        (r"\b403\b|forbidden", "A 403 alone is authorisation: the token was good enough to ask."),
        (
            r"(?<!not |un)(?:success|\b(?:verified|validated|accepted|authenticated)\b)",
            "Success: it sounds like a token that passed; only rejections have a reason.",
        ),
        (
            r"ClassNotFound|NoClassDef|ModuleNotFound|cannot find module|ImportError",
            "Loading: a class or module is missing, which is no rejection.",
        ),
    )
)
_WORD = regex.compile(r"[a-z]{3,}")
_COMMON = 0.5  # of the weight of a pattern's words must stand in the text
_SHOWN = 3


def other_kinds(text: str) -> list[str]:
    """Return why a text gets no reason, as sentences; none where nothing is known of it."""
    if is_signing(text):
        return ["Signing: a token was being made here; nobody's was rejected."]
    if without_foreign(text) != text:
        return [
            "It names a signature of another kind: a package's, a cookie's or a cloud request's."
        ]
    found = [why for words, why in _KINDS if words.search(text)][:1]
    if without_source(text) != text:
        found.append("Source lines inside stack frames are not read: the error's own line counts.")
    return found


def patterns(text: str, patternset: PatternSet) -> list[str]:
    """Return the patterns whose literals share most with a text: id, reason, what they look for."""
    said = set(_WORD.findall(normalise(text).lower()))
    if not said:
        return []
    literals = [(one, literal) for one in patternset.patterns for literal in one.literals]
    words = [frozenset(_WORD.findall(literal.lower())) for _, literal in literals]
    seen = Counter(word for own in words for word in own)
    weight = {word: math.log(len(words) / count) for word, count in seen.items()}
    best: dict[str, tuple[float, Pattern, str]] = {}
    for (pattern, literal), own in zip(literals, words, strict=True):
        shared = own & said
        whole = sum(weight[word] for word in own)
        share = sum(weight[word] for word in shared) / whole if whole else 0.0
        score = share * len(shared)
        if len(shared) > 1 and share >= _COMMON and score > best.get(pattern.id, (0.0,))[0]:
            best[pattern.id] = (score, pattern, literal)
    ranked = sorted(best.values(), key=lambda one: (-one[0], one[1].id))
    return [
        f'{pattern.id} ({pattern.reason or pattern.outcome}) looks for "{literal}"'
        for _, pattern, literal in ranked[:_SHOWN]
    ]
