"""What container runtimes and their command lines write, each line with a time stamp in front.

CRI (containerd, CRI-O, podman's k8s-file), `docker logs --timestamps`, `kubectl logs --timestamps`
and stern. Shapes: kubernetes/community kubelet-cri-logging.md; stern's cmd/cmd.go.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import regex

from logclass import origin
from logclass.formats.format import Format
from logclass.formats.stored_lines import open_lines, prefix

if TYPE_CHECKING:
    from logclass.formats.head import Head

_COLOUR = r"(?:\x1b\[[0-9;]*m)*"
_NANO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)"
_STAMP = rf"(?P<stamp>{_NANO})"
# A fraction of nine digits is a runtime's; applications write three or six.
_SURE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7,9}(?:Z|[+-]\d\d:\d\d)"
_POD = r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?"

CRI_LINE = prefix(rf"{_STAMP} (?P<writer>stdout|stderr) (?:F|(?P<part>P))(?::\S*)? ?")
STAMPED_LINE = prefix(rf"{_STAMP} ")
_KUBECTL = rf"{_COLOUR}\[pod/(?P<stream>{_POD})/[\w.-]+\]{_COLOUR} (?:{_STAMP} ?)?"
KUBECTL_LINE = prefix(_KUBECTL, origin=origin.of_stream)
_STERN_POD = rf"{_COLOUR}(?:{_POD}{_COLOUR} {_COLOUR})?(?P<stream>[a-z0-9.-]+-[a-z0-9.-]*[a-z0-9])"
STERN_LINE = prefix(
    rf"{_STERN_POD}{_COLOUR} {_COLOUR}[a-z0-9][a-z0-9-]*{_COLOUR} (?:{_STAMP} ?)?",
    origin=origin.of_stream,
)
# `docker service logs`: with --timestamps the time stands first.
SWARM_LINE = prefix(
    rf"(?:{_STAMP} )?{_COLOUR}(?P<stream>[\w.-]{{1,200}}\.\d{{1,4}}\.[a-z0-9]{{10,25}}@[\w.-]+)"
    rf"{_COLOUR} +\|{_COLOUR} ?",
    origin=origin.of_stream,
)
KAIL_LINE = prefix(
    rf"{_COLOUR}[a-z0-9-]+/(?P<stream>{_POD})\[[a-z0-9-]+\]{_COLOUR}: (?:{_STAMP} ?)?",
    origin=origin.of_stream,
)
_NOTICE = regex.compile(rb"[+-] \S+ \xe2\x80\xba \S+\s*$")
_CRI = regex.compile(CRI_LINE.expression.encode())
_STERN = regex.compile(STERN_LINE.expression.encode())
_SURE_LINE = regex.compile(_SURE.encode() + rb" ")
_KUBECTL_LINE = regex.compile(_KUBECTL.encode())
_KAIL = regex.compile(KAIL_LINE.expression.encode())
_SWARM = regex.compile(SWARM_LINE.expression.encode())
_MOST = 0.8


def sniff_cri(head: Head) -> float:
    """Return a high confidence when nearly all lines name a stream and whether they are whole."""
    return 0.96 if head.share(_CRI) > _MOST else 0.0


def sniff_stamped(head: Head) -> float:
    """Return a confidence above text's when nearly all lines begin with a runtime's stamp."""
    return 0.7 if head.share(_SURE_LINE) > _MOST and not sniff_cri(head) else 0.0


def sniff_kubectl(head: Head) -> float:
    """Return a confidence above other prefixes' when every line has a pod and a stamp."""
    stamped = [
        match is not None and match["stamp"] is not None
        for match in map(_KUBECTL_LINE.match, head.lines)
    ]
    return 0.75 if stamped and sum(stamped) > _MOST * len(stamped) else 0.0


def sniff_stern(head: Head) -> float:
    """Return a middling confidence when all lines begin with the name of a pod and a container."""
    said = [line for line in head.lines if not _NOTICE.match(line)]
    found = [match["stream"].decode() for line in said if (match := _STERN.match(line))]
    pods = [name for name in found if origin.of_pod(name) or regex.search(r"-\d{1,4}$", name)]
    has_notice = len(said) < len(head.lines)
    needed = 0.5 if has_notice else _MOST
    return 0.72 if said and len(pods) > needed * len(said) else 0.0


def sniff_kail(head: Head) -> float:
    """Return a confidence above text's when nearly all lines begin with namespace and pod."""
    return 0.75 if head.share(_KAIL) > _MOST else 0.0


def sniff_swarm(head: Head) -> float:
    """Return a high confidence when nearly all lines name a task and its node."""
    return 0.9 if head.share(_SWARM) > _MOST else 0.0


CRI = Format(
    "cri", "Kubernetes container logs (CRI)", sniff_cri, partial(open_lines, form=CRI_LINE)
)
STAMPED = Format(
    "stamped-lines",
    "docker logs --timestamps, kubectl logs --timestamps",
    sniff_stamped,
    partial(open_lines, form=STAMPED_LINE),
)
KUBECTL = Format(
    "kubectl-prefix",
    "kubectl logs --prefix --timestamps",
    sniff_kubectl,
    partial(open_lines, form=KUBECTL_LINE),
)
STERN = Format("stern", "stern", sniff_stern, partial(open_lines, form=STERN_LINE))
KAIL = Format("kail", "kail", sniff_kail, partial(open_lines, form=KAIL_LINE))
SWARM = Format("swarm", "docker service logs", sniff_swarm, partial(open_lines, form=SWARM_LINE))
