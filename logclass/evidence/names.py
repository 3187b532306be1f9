"""Names of the same thing in different records: `auth`, `auth-service`, `prod/auth/jwt-secret`."""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CUT = re.compile(r"[^a-z0-9]+")
_LEAST_ALIKE = 4  # letters of a word that stands for a longer one
_SERIAL = re.compile(r"\d+|v\d+|[0-9a-f]{5,}\d[0-9a-f]*|rev\d*")


def set_of(spaced: str) -> frozenset[str]:
    """Return the words of a text that are parted by spaces."""
    return frozenset(spaced.split())


# words that say what sort of thing it is, or where, but not which one
GENERIC = set_of(
    "service services svc server app application prod production prd staging stage stg dev test qa "
    "uat deployment deploy cluster default main the a of task taskdef definition container pod "
    "image repo com org net io local internal arn aws ecs us eu east west http https www api v1 "
    "secret secrets key keys jwt signing token config configmap settings env verifier "
    "web worker backend frontend"
)
ISSUERS = set_of(
    "auth authn authz identity idp login signin sso oauth oauth2 oidc keycloak token tokens issuer "
    "jwks jwt session sessions account accounts dex hydra cognito auth0 okta iam sts id user users "
    "authentication authserver authorization"
)
GATEWAYS = set_of(
    "gateway gw apigw ingress nginx proxy envoy istio kong traefik edge lb alb nlb elb cdn waf "
    "haproxy router apisix mesh caddy cloudfront cloudflare loadbalancer balancer bff"
)
OTHER_SECRETS = set_of(
    "db database password passwd rds postgres postgresql mysql mongo redis tls ssl ssh smtp mail "
    "stripe payment webhook cert certificate certificates acme kafka rabbitmq s3 bucket"
)
NETWORK = set_of(
    "network networkpolicy egress firewall dns coredns vpc nat subnet securitygroup vpn proxy squid"
)
CLIENTS = set_of(
    "web spa mobile ios android app frontend client clients sdk portal website ui desktop kiosk "
    "partner partners consumer console dashboard batch cron integration importer"
)
# names that say where lines were found, or what holds many services, and not who rejects
NAMELESS = set_of(
    "main app apps application server service services ip host node log logs default access error "
    "stdout stderr platform monorepo mono infra infrastructure backend core production prod "
    "staging cluster gitops manifests k8s kubernetes helm charts deploy deployment deployments "
    "release releases stack all system site repo"
)
ENVIRONMENTS = {
    "prod": "production",
    "prd": "production",
    "production": "production",
    "live": "production",
    "staging": "staging",
    "stage": "staging",
    "stg": "staging",
    "uat": "staging",
    "dev": "development",
    "development": "development",
    "test": "test",
    "qa": "test",
}


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, serial numbers and hashes dropped."""
    parts = _CUT.split(_CAMEL.sub("-", name).lower())
    return tuple(p for p in parts if p and not _SERIAL.fullmatch(p))


@lru_cache(maxsize=4096)
def telling(name: str) -> frozenset[str]:
    """Return the words that tell which one it is; all words if none does."""
    found = words(name)
    return frozenset(w for w in found if w not in GENERIC) or frozenset(found)


def is_same(a: str, b: str) -> bool:
    """Return whether two names can mean the same thing."""
    if not a or not b:
        return False
    if a.lower() == b.lower():
        return True
    left, right = telling(a), telling(b)
    if not left or not right:
        return False
    small, large = sorted((left, right), key=len)
    return all(any(_alike(w, v) for v in large) for w in small)


def _alike(a: str, b: str) -> bool:
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    return len(short) >= _LEAST_ALIKE and long.startswith(short)


def is_release(brought: str, logged: str) -> bool:
    """Return whether two names, bare or with image or service, are of one release."""
    short, long = sorted((brought, logged), key=len)
    return short == long or (
        len(short) >= 3 and long.endswith((f":{short}", f"@{short}", f"-{short}"))
    )


def marks(name: str) -> frozenset[str]:
    """Return marks of which two names share one at least where is_same holds of them."""
    if not name:
        return frozenset()
    return frozenset((name.lower(), *(word[:_LEAST_ALIKE] for word in telling(name))))


def is_nameless(name: str) -> bool:
    """Return whether a name does not tell one service from another."""
    return all(w in NAMELESS for w in words(name))


def mentions(text: str, name: str) -> bool:
    """Return whether a sentence speaks of the thing that `name` names, word by word."""
    told = {w for w in telling(name) if w not in GENERIC and w not in NAMELESS}
    return bool(told) and told <= set(words(text))


def speaks_of(name: str, vocabulary: frozenset[str]) -> bool:
    """Return whether a name has one of the words."""
    return any(w in vocabulary for w in words(name))


def environment(name: str) -> str:
    """Return the environment a name speaks of: production, staging, ... or ""."""
    found = {ENVIRONMENTS[w] for w in words(name) if w in ENVIRONMENTS}
    return found.pop() if len(found) == 1 else ""
