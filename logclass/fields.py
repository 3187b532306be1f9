"""The many names that loggers give the same field → ours.

Keys are compared without case and separators, so `http.response.status_code`, `statusCode` and
`STATUS-CODE` are told by one entry. Names follow OpenTelemetry where it has one.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# In order of preference: the first alias that a record holds wins.
_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "time": (
        "time", "timestamp", "@timestamp", "@t", "ts", "datetime", "eventtime", "asctime",
        "logtime", "isodate", "date", "created", "createdat", "timegenerated", "t", "dateCreated",
        "eventtimestamp", "logtimestamp", "timeiso8601", "timestampms", "starttime", "startutc",
        "msec", "timelocal", "requesttimeepoch", "requesttime", "instant", "dt", "@time",
        "epochsecond", "startedat", "edgestarttimestamp", "$date", "messagetime",
        "messagetimems", "timeutc", "timestampinms", "generatedat", "receivedat", "timecreated",
        "dateandtime", "at", "timemillis", "requestreceivedtimestamp",
    ),
    "message": (
        "message", "msg", "@message", "@m", "event", "log", "body", "text", "textpayload",
        "shortmessage", "m", "eventmessage", "rawstring", "@rawstring", "rawmessage", "rawlog",
    ),
    "severity": ("level", "severity", "loglevel", "levelname", "lvl", "@l", "severitytext"),
    "service": (
        "service", "servicename", "subsystemname", "app", "appname", "application",
        "applicationname", "resourceservicename", "dockercomposeservice",
        "comdockercomposeservice", "labelcomdockercomposeservice", "kuberneteslabelsapp",
        "kuberneteslabelsappkubernetesioname", "labelsapp", "appkubernetesioname", "k8sapp",
        "cloudrolename", "approlename", "k8sdeploymentname", "component", "program",
        "programname", "syslogidentifier", "entityname", "containerappname",
        "kubernetescontainername", "k8scontainername", "resourcelabelsservicename",
        "resourcelabelscontainername", "k8spodapp", "projectname", "providername", "scriptname",
    ),
    "instance": (
        "instance", "instanceid", "serviceinstanceid", "pod", "podname", "kubernetespodname",
        "k8spodname", "kubernetespod", "task", "taskid", "containerid", "hostname", "host",
        "hosthostname", "hostid", "server", "servername", "node", "nodename", "machine",
        "machinename", "cloudroleinstance", "approleinstance", "servicenodename",
        "cloudinstanceid", "resourcelabelspodname", "containergroupname", "deploymentinstanceid",
        "replicaid", "nodeid", "serviceid", "sourcehost", "sourcename", "computername",
        "computer", "container", "containername", "sysloghost",
    ),
    "version": (
        "serviceversion", "release", "appversion", "version", "imagetag", "image", "build",
        "buildid", "revision", "gitsha", "commit",
    ),
    "environment": ("environment", "deploymentenvironment", "deploymentenvironmentname", "env"),
    "status": (
        "httpresponsestatuscode", "httpstatuscode", "statuscode", "responsestatuscode",
        "resstatuscode", "responsecode", "responsestatus", "httpstatus", "status", "elbstatuscode",
        "downstreamstatus", "originstatus", "scstatus", "edgeresponsestatus", "resp", "code",
    ),
    "route": (
        "httproute", "route", "urlpath", "httptarget", "requestpath", "requesturi", "uri", "path",
        "requrl", "url", "httpurl", "endpoint", "requesturl",
        "resourcepath", "routekey", "csuristem", "originalpath", "clientrequesturi",
        "clientrequestpath",
    ),
    "method": ("httprequestmethod", "httpmethod", "method", "requestmethod", "reqmethod", "verb",
        "clientrequestmethod"),
    "client": (
        "clientip", "clientaddress", "remoteip", "remoteaddr", "remoteaddress", "remote",
        "sourceip", "ipaddress", "ip", "requestremoteip", "reqremoteaddress", "clienthost",
        "remotehost", "cip", "srcip", "client", "clientid",
    ),
    "request_id": (
        "requestid", "reqid", "xrequestid", "httprequestid", "awsrequestid", "rid",
        "correlationid", "xcorrelationid", "traceid", "trace", "amzntraceid", "xamzntraceid",
    ),
    "event_id": ("eventid", "insertid"),
    "kid": ("kid", "tokenkid", "jwtkid", "keyid", "headerkid", "jwtheaderkid", "unverifiedkid"),
    "kids": ("kids", "keyids", "loadedkids", "loadedkeyids", "signingkids", "signingkeyids"),
    "alg": ("alg", "tokenalg", "jwtalg", "headeralg", "jwtheaderalg", "algorithm", "unverifiedalg"),
    "iss": (
        "iss", "tokeniss", "jwtiss", "claimsiss", "actualiss", "issuer", "tokenissuer",
        "unverifiediss", "issactual", "receivediss", "payloadiss",
    ),
    "aud": (
        "aud", "tokenaud", "jwtaud", "claimsaud", "actualaud", "audience", "tokenaudience",
        "unverifiedaud", "audactual", "receivedaud", "payloadaud",
    ),
    "exp": ("exp", "tokenexp", "jwtexp", "claimsexp", "unverifiedexp", "payloadexp"),
    "iat": ("iat", "tokeniat", "jwtiat", "claimsiat", "unverifiediat", "payloadiat"),
    "nbf": ("nbf", "tokennbf", "jwtnbf", "claimsnbf", "unverifiednbf", "payloadnbf"),
    "expected_iss": ("expectediss", "expectedissuer", "issexpected", "issuerexpected"),
    "expected_aud": ("expectedaud", "expectedaudience", "audexpected", "audienceexpected"),
    "expected_alg": ("expectedalg", "allowedalgorithms", "expectedalgorithms", "algexpected"),
    "expected_kid": ("expectedkid", "kidexpected", "knownkids", "availablekids"),
}  # fmt: skip

_KEY_NAMES: Final = (
    "secret", "jwtsecret", "jwtkey", "jwtsigningkey", "jwtsigningsecret", "signingkey",
    "signingsecret", "tokensecret", "tokenkey", "hmacsecret", "hmackey", "authsecret",
    "verificationkey", "verifierkey", "publickey", "jwtpublickey",
)  # fmt: skip
# How a service says at its start that it reads its key: jwt_secret_encoding, signing.key.length
_KEY_FORMS: Final = {
    "key_encoding": ("encoding", "format", "form"),
    "key_bytes": ("bytes", "length", "len", "size"),
}

_LOOKUP: Final[dict[str, tuple[str, int]]] = {
    alias.lower(): (name, rank)
    for name, aliases in _ALIASES.items()
    for rank, alias in enumerate(aliases)
} | {
    key + end: (name, rank)
    for name, ends in _KEY_FORMS.items()
    for rank, (key, end) in enumerate(product(_KEY_NAMES, ends))
}
# What Azure Monitor adds to the names of columns in tables of one's own: their type.
_COLUMN_TYPES: Final = frozenset({"_s", "_d", "_t", "_g", "_b"})
_SEPARATORS = str.maketrans("", "", "_-. /")

# What a token's own fields are called; they travel to classify as `context`.
CLAIM_FIELDS: Final[frozenset[str]] = (
    frozenset({"kid", "kids", "alg", "iss", "aud", "exp", "iat", "nbf"})
    | frozenset(name for name in _ALIASES if name.startswith("expected_"))
    | _KEY_FORMS.keys()
)

# Fields that tell where a record comes from, not what it says: no pattern reads them.
IDENTITY_FIELDS: Final[frozenset[str]] = frozenset(
    {
        "time", "severity", "service", "instance", "version", "environment", "route", "method",
        "client", "request_id", "event_id",
    }
)  # fmt: skip

RANKS_PER_LEVEL: Final = 100  # an outer object's own keys are better than those of inner ones
_HOSTS: Final = frozenset({"host", "server", "servername"})
_NOT_OF_GROUPS: Final = frozenset({
    "time", "message", "severity", "service", "instance", "version", "environment", "event_id",
})  # fmt: skip
_OF_REQUESTS: Final = frozenset(
    {"request", "req", "http", "headers", "reqheaders", "requestheaders"}
)

_known: dict[str, tuple[str, int] | None] = {}
_KNOWN_LIMIT = 10_000  # keys come from the input: bounded


def canonical(key: str) -> tuple[str, int] | None:
    """Return our name for a logger's key and its rank among its aliases, or None."""
    if key in _known:
        return _known[key]
    found = _LOOKUP.get(canonical_key(key))
    if found is None and key[-2:] in _COLUMN_TYPES:
        found = _LOOKUP.get(canonical_key(key[:-2]))
    if len(_known) < _KNOWN_LIMIT:
        _known[key] = found
    return found


def canonical_key(key: str) -> str:
    """Return a key without case and separators."""
    return key.translate(_SEPARATORS).lower()


def in_object(parent: str, key: str) -> tuple[str, int] | None:
    """Return what a key stands for inside the object under another key ("" for a record's own).

    The host of a request is the one that it was sent to, and no instance.
    """
    known = (canonical(f"{parent}.{key}") if parent else None) or canonical(key)
    if known and known[0] == "instance" and canonical_key(parent) in _OF_REQUESTS:
        return None
    if canonical_key(parent) == "service" and key in _HOSTS:  # Kong's: where it sends requests
        return None
    return known


def in_column(name: str) -> tuple[str, int] | None:
    """Return what a column stands for; of a dotted name the end may tell who, when and what."""
    known = canonical(name)
    parent, dot, last = name.rpartition(".")
    if known or not dot:
        return known
    inner = in_object(parent.rpartition(".")[2], last)
    if inner is None or inner[0] not in {"time", "message", "service", "instance"}:
        return None
    return inner[0], inner[1] + RANKS_PER_LEVEL


def in_group(key: str) -> tuple[str, int] | None:
    """Return what a dotted key of a text stands for (`request.http.status`), but no name of ours.

    Go's slog writes its groups so.
    """
    outer, dot, last = key.rpartition(".")
    known = in_object(outer.rpartition(".")[2], last) if dot else None
    if known is None or known[0] in _NOT_OF_GROUPS:
        return None
    return known[0], known[1] + RANKS_PER_LEVEL


def is_duration(value: str) -> bool:
    """Return whether a value is a time that something took, as Heroku's `service=18ms`."""
    return value[:1].isdigit() and value.endswith("s") and value.rstrip("munµs").isdecimal()


def is_other_host(key: str, record: Mapping[str, object]) -> bool:
    """Return whether a key of a record about a request names the host that it was for.

    nginx, Apache and HAProxy write it as `host`, `server` and `server_name`.
    """
    if canonical_key(key) not in _HOSTS:
        return False
    names = {known[0] for one in record if (known := canonical(one))}
    return "status" in names and bool(names & {"route", "method"} or "request" in record)
