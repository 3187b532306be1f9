"""What single fact would tell the first cause from the next ones: a command or a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.vocabulary import Cause

if TYPE_CHECKING:
    from logclass.model import Finding

MOST = 2
_OPEN = 0.03  # probability from which another cause is worth a test

_KID = (
    "Decode the header of one rejected token (never paste a live one): the old key's `kid` means "
    "{rotation_without_overlap}, the new key's means {stale_key_cache}."
)
_EACH = (
    "Sign in anew and present that token to every instance of {service} by address: refused by "
    "some means {partial_rollout}, "
)
_FORM = (
    "Compare SHA-256 of the key on issuer and {service}, raw and decoded: decoded equal and raw "
    "unequal means {key_format_changed}, both unequal {secret_changed_by_deploy}."
)
_EXPIRY = (
    "Read UTC on {instances} and on one other host within a minute (`chronyc tracking`): off by "
    "seconds or more means {clock_skew}, right means {refresh_failure}."
)
_TESTS: tuple[tuple[Cause, Cause, str], ...] = (
    (Cause.ROTATION_WITHOUT_OVERLAP, Cause.STALE_KEY_CACHE, _KID),
    (
        Cause.ROTATION_WITHOUT_OVERLAP,
        Cause.PARTIAL_ROLLOUT,
        _EACH + "accepted by all {rotation_without_overlap}.",
    ),
    (
        Cause.ROTATION_WITHOUT_OVERLAP,
        Cause.SECRET_CHANGED_BY_DEPLOY,
        (
            "Sign in anew: a fresh token that passes means {rotation_without_overlap}, one that is "
            "refused {secret_changed_by_deploy}."
        ),
    ),
    (
        Cause.ROTATION_WITHOUT_OVERLAP,
        Cause.KEY_FORMAT_CHANGED,
        (
            "Sign in anew: a fresh token that passes means {rotation_without_overlap}, one that is "
            "refused {key_format_changed}."
        ),
    ),
    (
        Cause.PARTIAL_ROLLOUT,
        Cause.SECRET_CHANGED_BY_DEPLOY,
        _EACH + "refused by all that were deployed {secret_changed_by_deploy}.",
    ),
    (
        Cause.PARTIAL_ROLLOUT,
        Cause.STALE_KEY_CACHE,
        (
            "List the keys that each instance of {service} holds: a key set that is only old means "
            "{stale_key_cache}, another secret {partial_rollout}."
        ),
    ),
    (
        Cause.PARTIAL_ROLLOUT,
        Cause.KEY_FORMAT_CHANGED,
        _EACH + "refused by all that were deployed {key_format_changed}.",
    ),
    (Cause.SECRET_CHANGED_BY_DEPLOY, Cause.KEY_FORMAT_CHANGED, _FORM),
    (
        Cause.SECRET_CHANGED_BY_DEPLOY,
        Cause.KEY_MISSING,
        (
            "Is the key's variable or mount set on {instances}? Empty means {key_missing}, set "
            "{secret_changed_by_deploy}."
        ),
    ),
    (
        Cause.KEY_FORMAT_CHANGED,
        Cause.KEY_MISSING,
        (
            "Is the key's variable or mount set on {instances}? Empty means {key_missing}, set "
            "{key_format_changed}."
        ),
    ),
    (
        Cause.ALGORITHM_CHANGED,
        Cause.LIBRARY_UPGRADE,
        (
            "Compare the lockfile of both releases of {service}: another token library means "
            "{library_upgrade}, the same {algorithm_changed}."
        ),
    ),
    (
        Cause.CLAIM_CONTRACT_DRIFT,
        Cause.LIBRARY_UPGRADE,
        (
            "Compare the lockfile of both releases of {service}: another token library means "
            "{library_upgrade}, the same {claim_contract_drift}."
        ),
    ),
    (
        Cause.ALGORITHM_CHANGED,
        Cause.SECRET_CHANGED_BY_DEPLOY,
        (
            "Compare `alg` in a token of before and one of now: another means {algorithm_changed}, "
            "the same {secret_changed_by_deploy}."
        ),
    ),
    (Cause.CLOCK_SKEW, Cause.REFRESH_FAILURE, _EXPIRY),
    (
        Cause.JWKS_OUTAGE,
        Cause.STALE_KEY_CACHE,
        (
            "Fetch the key set from inside {service}: an error means {jwks_outage}, an answer with "
            "the tokens' `kid` {stale_key_cache}."
        ),
    ),
    (
        Cause.JWKS_OUTAGE,
        Cause.ROTATION_WITHOUT_OVERLAP,
        (
            "Fetch the key set from inside {service}: an error means {jwks_outage}, one without "
            "the tokens' `kid` {rotation_without_overlap}."
        ),
    ),
    (
        Cause.HEADER_STRIPPED,
        Cause.HOSTILE_PROBE,
        (
            "Send a good token through the gateway: refused means {header_stripped}, "
            "served {hostile_probe}."
        ),
    ),
)
# where no pair is listed: what is seen of one cause and of no other
_ALONE = {
    Cause.HOSTILE_PROBE: (
        "Group the rejections by client: a handful that never got in means "
        "{hostile_probe}, ordinary users {other}."
    ),
    Cause.HEADER_STRIPPED: (
        "Send one request through the gateway and one straight to {service}: only the first "
        "refused means {header_stripped}, both {other}."
    ),
    Cause.JWKS_OUTAGE: (
        "Fetch the key set from inside {service}: an error means {jwks_outage}, an answer {other}."
    ),
    Cause.KEY_MISSING: (
        "Is the key's variable or mount set on {instances}? Empty means {key_missing}, set {other}."
    ),
    Cause.CLOCK_SKEW: (
        "Read UTC on {instances} and on one other host within a minute (`chronyc tracking`): "
        "off by seconds or more means {clock_skew}, right {other}."
    ),
    Cause.REFRESH_FAILURE: (
        "Count new tokens per minute at the issuer: a drop means {refresh_failure}, the usual"
        " number {other}."
    ),
    Cause.PARTIAL_ROLLOUT: _EACH + "by all or none {other}.",
    Cause.CLAIM_CONTRACT_DRIFT: (
        "Put iss and aud of one rejected token beside what {service} expects: unequal means "
        "{claim_contract_drift}, equal {other}."
    ),
    Cause.ALGORITHM_CHANGED: (
        "Put `alg` of one rejected token beside the list that {service} allows: not in it "
        "means {algorithm_changed}, in it {other}."
    ),
    Cause.LIBRARY_UPGRADE: (
        "Compare the lockfile of both releases of {service}: another token library means "
        "{library_upgrade}, the same {other}."
    ),
}


def separating(
    findings: tuple[Finding, ...], service: str, instances: str
) -> tuple[dict[str, str], ...]:
    """Return for the causes next to the first one: {"against": cause, "test": sentence}."""
    first, *others = findings
    if first.cause is Cause.UNEXPLAINED and others:
        first, *others = others
    out = []
    for other in others:
        text = _text(first.cause, other.cause)
        if other.cause is Cause.UNEXPLAINED or other.probability < _OPEN or not text:
            continue
        said = {one.value: one.value.replace("_", " ") for one in Cause}
        rival = other.cause if other.cause not in _ALONE or first.cause in _ALONE else first.cause
        said |= {"other": rival.value.replace("_", " ")}
        test = text.format(service=service, instances=instances, **said)
        out.append({"against": other.cause.value, "test": test})
    return tuple(out[:MOST])


def _text(one: Cause, other: Cause) -> str:
    listed = next((text for a, b, text in _TESTS if {a, b} == {one, other}), "")
    return listed or _ALONE.get(one, "") or _ALONE.get(other, "")
