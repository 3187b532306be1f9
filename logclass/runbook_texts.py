"""The runbook's sentences, by cause."""

from __future__ import annotations

from logclass.vocabulary import Cause

PROVE = {
    "kids": "From inside each verifier's network fetch the key set, list `kid` and `alg`, and "
    "compare with the kids in the rejections.",
    "sample": "Take one expired sample token, decode header and claims without verifying, and note "
    "kid, alg, iss, aud, iat, exp. Never paste a live token anywhere.",
    "fingerprint": "On issuer and every verifier compare the first 8 hex digits of SHA-256 of the "
    "key bytes, and apart from that of the decoded bytes. Equal decoded and unequal raw bytes mean "
    "that only the form changed.",
    "clocks": "Within one minute read UTC time and NTP offset on every host (`chronyc tracking`).",
    "header": "Send the same request through the gateway and straight to the service, and compare "
    "the answers.",
    "refresh": "Look at success rate and latency of the token endpoint, and at new tokens per "
    "minute.",
    "versions": "List release and token library of every instance.",
    "claims": "Put expected and received iss and aud side by side; mind trailing slash, scheme, "
    "upper case, and list against string.",
}
PREVENT = {
    "rotation": "Rotate in this order: publish the new key, wait for the longest key-set cache, "
    "sign with it, wait for one token lifetime plus leeway, remove the old key.",
    "hmac": "With shared secrets, verifiers accept old and new before the issuer signs with new.",
    "cache": "Let verifiers refetch the key set on an unknown kid, at most every 30 s; cache it "
    "5 to 10 minutes and serve the old copy when a fetch fails.",
    "ready": "Make readiness depend on signing and verifying a test token, so that an instance "
    "with the wrong key gets no traffic.",
    "contract": "Keep issuer, audience and algorithm lists explicit and in one place per "
    "environment, and test them against a freshly issued token at start-up.",
    "clock": "Run NTP everywhere with an alarm at 1 s, and keep a leeway of 30 to 60 s, no more.",
    "refresh": "Refresh at 70 to 80 % of the lifetime, with 10 % jitter.",
    "log": "Log reason, kid, alg, iss, aud, iat, exp, release and instance with each rejection; "
    "never the token.",
    "gateway": "Test in the gateway's pipeline that Authorization reaches the service.",
}
_DONE = (
    (
        "Export again after the fix: the rejection rate of {service} is back at its baseline for "
        "at least 30 minutes."
    ),
    "Every instance has served at least 20 requests since, or counts as unproven.",
)

TEXTS: dict[Cause, dict[str, tuple[str, ...]]] = {
    Cause.ROTATION_WITHOUT_OVERLAP: {
        "stop": (
            (
                "Put the old public key (or secret) of {kid} back beside the new one on {service}. "
                "Do not rotate back, and do not re-admit a key that was rotated because it leaked: "
                "then have clients sign in again."
            ),
        ),
        "prove": (
            "Check that rejected tokens were issued before the rotation and fresh ones pass.",
        ),
        "checks": ("kids", "sample"),
        "fix": ("Let {service} accept old and new key until one token lifetime has passed.",),
        "verify": (
            "Failures with the old kid are zero while both keys are listed.",
            *_DONE,
            "After the overlap a token of the retired key is refused with signature_invalid.",
        ),
        "prevent": (),
        "habits": ("rotation", "hmac", "log"),
    },
    Cause.PARTIAL_ROLLOUT: {
        "stop": (
            (
                "Finish the rollout on every instance of {service} that is still old, or roll all "
                "of them back; half and half is what hurts."
            ),
            "Until then let {service} accept both keys.",
        ),
        "prove": (
            (
                "Sign one fresh token and present it to every instance by address: the ones that "
                "refuse it hold the other secret. Health checks do not show this."
            ),
        ),
        "checks": ("fingerprint", "versions"),
        "fix": ("Replace every instance that holds the old secret; then remove the old secret.",),
        "verify": (
            (
                "A token signed with the new key is accepted by every instance of {service}; one "
                "signed with the old key is refused by every one."
            ),
            *_DONE,
        ),
        "prevent": (
            (
                "Ship the new secret as a second accepted key first, and sign with it only when "
                "every instance has it."
            ),
        ),
        "habits": ("hmac", "ready", "log"),
    },
    Cause.STALE_KEY_CACHE: {
        "stop": (
            "Flush the key-set cache or restart {instances}.",
            "If the issuer can, sign with the old key until the caches have turned over.",
        ),
        "prove": ("Compare the age of each verifier's key set with the time of the rotation.",),
        "checks": ("kids", "sample"),
        "fix": ("Refetch the key set on an unknown kid, with a pause of 30 s or more between.",),
        "verify": ("Each instance has accepted a token of the new key.", *_DONE),
        "prevent": (),
        "habits": ("rotation", "cache", "log"),
    },
    Cause.SECRET_CHANGED_BY_DEPLOY: {
        "stop": ("Restore the secret, or the pinned version of it, that {service} had before.",),
        "prove": ("Compare environment and mounts of {service} before and after the deploy.",),
        "checks": ("fingerprint", "sample"),
        "fix": ("Give issuer and verifiers the secret from one source, by version.",),
        "verify": ("The key fingerprint is equal on issuer and all verifiers.", *_DONE),
        "prevent": ("Never let a deploy generate or default a secret.",),
        "habits": ("ready", "hmac", "log"),
    },
    Cause.KEY_FORMAT_CHANGED: {
        "stop": ("Put the key of {service} back in the form it had before.",),
        "prove": (
            (
                "Try one expired token offline against the key read raw, base64, base64url, and "
                "without its trailing newline: the one that verifies names the slip."
            ),
        ),
        "checks": ("fingerprint", "versions"),
        "fix": ("Store the key as it is read: real newlines in PEM, an explicit base64 flag.",),
        "verify": ("Start-up signs and verifies a test token on every instance.", *_DONE),
        "prevent": (),
        "habits": ("ready", "log"),
    },
    Cause.KEY_MISSING: {
        "stop": ("Take {instances} out of traffic until they have a key.",),
        "prove": ("Read the start-up log and the secret's mount or variable on {instances}.",),
        "checks": ("versions",),
        "fix": ("Inject the secret (variable, mount, permission to read it) and restart.",),
        "verify": ("No key_missing since the restart; every instance reports ready.", *_DONE),
        "prevent": ("Refuse to start without a key.",),
        "habits": ("ready",),
    },
    Cause.ALGORITHM_CHANGED: {
        "stop": ("Return signer or verifier to the algorithm both had before.",),
        "prove": ("Compare `alg` of tokens before and after with the allow-list of {service}.",),
        "checks": ("sample", "versions"),
        "fix": (
            (
                "Let {service} accept old and new algorithm, each with its own key, for one token "
                "lifetime; keep the list fixed and never read it from the token."
            ),
        ),
        "verify": ("The algorithm mix by minute shows only the new one.", *_DONE),
        "prevent": (),
        "habits": ("contract", "log"),
    },
    Cause.CLOCK_SKEW: {
        "stop": ("Take {instances} out of traffic until the clock is right.",),
        "prove": ("Present one fresh token to {instances} and to a healthy instance.",),
        "checks": ("clocks",),
        "fix": (
            (
                "Repair time synchronisation (NTP, chrony, VM guest tools) and step the clock. A "
                "leeway of 30 to 60 s is enough; do not widen it to cover a wrong clock."
            ),
        ),
        "verify": ("Every host's offset is under a second.", *_DONE),
        "prevent": (),
        "habits": ("clock", "log"),
    },
    Cause.CLAIM_CONTRACT_DRIFT: {
        "stop": (
            (
                "Restore the expected issuer and audience of {service}, or the issuer's, whichever "
                "was changed last."
            ),
        ),
        "prove": ("The claim delta in this report shows what was logged of either side.",),
        "checks": ("claims", "sample"),
        "fix": (
            (
                "Set both sides from one source. If a value really moves, accept old and new for "
                "one token lifetime, then drop the old."
            ),
            "Where tokens of another environment arrive, fix the client's address, not the check.",
        ),
        "verify": ("A freshly issued token has the iss and aud expected by {service}.", *_DONE),
        "prevent": (),
        "habits": ("contract", "log"),
    },
    Cause.HEADER_STRIPPED: {
        "stop": ("Undo the last change of the gateway or proxy before {service}.",),
        "prove": ("Count requests with and without the header at the gateway and at {service}.",),
        "checks": ("header",),
        "fix": (
            (
                "Forward Authorization explicitly; look at redirects to another host, header size "
                "limits, and rules of single routes."
            ),
        ),
        "verify": ("The same request passes through the gateway and straight.", *_DONE),
        "prevent": (),
        "habits": ("gateway", "log"),
    },
    Cause.REFRESH_FAILURE: {
        "stop": ("Restore the refresh endpoint, or the client release that refreshed in time.",),
        "prove": ("See whether fewer tokens were issued per minute before rejections rose.",),
        "checks": ("refresh", "clocks"),
        "fix": ("Retry once on a 401 after refreshing, and refresh ahead of the end.",),
        "verify": ("New tokens per minute are back; tokens are no longer refused as old.", *_DONE),
        "prevent": (),
        "habits": ("refresh", "log"),
    },
    Cause.JWKS_OUTAGE: {
        "stop": ("Restore the key-set endpoint or the way to it (DNS, egress, TLS, rate limit).",),
        "prove": ("Fetch the key set from inside each verifier's network.",),
        "checks": ("kids",),
        "fix": ("Keep serving the last good key set while fetches fail, with backoff.",),
        "verify": ("Each verifier fetches with status 200.", *_DONE),
        "prevent": (),
        "habits": ("cache", "log"),
    },
    Cause.LIBRARY_UPGRADE: {
        "stop": ("Pin {service} to the library version it had before.",),
        "prove": ("Run one set of known tokens against both versions of the library.",),
        "checks": ("versions", "sample"),
        "fix": ("Set what the new version no longer assumes: algorithms, required claims, types.",),
        "verify": ("The set of known tokens gives the same answers on both versions.", *_DONE),
        "prevent": ("Keep that set of tokens as a test of every upgrade.",),
        "habits": ("contract",),
    },
    Cause.HOSTILE_PROBE: {
        "stop": ("Rate-limit or block the few clients that send forged tokens.",),
        "prove": ("Make sure that none of their requests was accepted.",),
        "checks": (),
        "fix": ("No key needs to change as long as every forged token was refused.",),
        "verify": ("No accepted request from those clients; ordinary clients unaffected.",),
        "prevent": ("Limit failed authentications per client at the edge.",),
        "habits": ("contract",),
    },
    Cause.UNEXPLAINED: {
        "stop": ("If something was changed shortly before, undo it first.",),
        "prove": ("Ask which tokens fail, where, and since when; then:",),
        "checks": ("kids", "sample", "fingerprint", "clocks", "header", "versions", "claims"),
        "fix": ("Add the missing fields named in this report and export again.",),
        "verify": _DONE,
        "prevent": (),
        "habits": ("log",),
    },
}
