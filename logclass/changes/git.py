"""`git log` and `git tag`: when something was committed or tagged, not when it took effect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from logclass.changes import kinds
from logclass.changes.rows import ChangeRead, Document, is_dense
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from logclass.timestamps import Stamp

FORMAT = "git log"
LINES = "git lines"

_COMMIT = re.compile(
    r"^(?:commit (?P<id>[0-9a-f]{40}|[0-9a-f]{64})\b.*|tag (?P<tag>\S+)\nTagger: .*)$", re.MULTILINE
)
# --format=raw has seconds since 1970.
_DATE = re.compile(
    r"^(?:(?:Commit|Tagger)?Date: +(?P<date>.+?) *|committer .*> (?P<seconds>\d{9,10}) [+-]\d{4})$",
    re.MULTILINE,
)
_SUBJECT = re.compile(r"^    (?P<subject>\S.*?) *$", re.MULTILINE)
_HASH = r"(?:[0-9a-f]{7,40}|[0-9a-f]{64})"
_TAG = r"(?:refs/tags/)?(?:[\w.-]+[/@-])?v?\d+(?:\.\d+)+[\w.+-]*"
_STAMP = (
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?: ?(?:Z|[+-]\d\d:?\d\d))?"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [\w ]{5,7}(?: \d{4})? \d\d:\d\d:\d\d(?: \d{4})?"
    r"(?: [+-]\d{4})?"
)
_MARK = r"[ \t|,;]+"
# A hash or a tag and a time, in this order or the other, then names and the subject.
_LINE = re.compile(
    rf"^[\"']?(?:(?P<id>{_HASH})|(?P<tag>{_TAG}))(?:{_MARK}(?P<id2>{_HASH}))?{_MARK}\(?"
    rf"(?P<date>{_STAMP}|(?<=[0-9a-f]{{40}}[ \t|,;])1\d{{9}})\)?(?:{_MARK}(?P<rest>.*?))?[\"']?$"
    rf"|^[\"']?(?P<date2>{_STAMP}){_MARK}(?:(?P<id3>{_HASH})|(?P<tag2>{_TAG}))"
    rf"(?:{_MARK}(?P<rest2>.*?))?[\"']?$"
)
_GRAPH = re.compile(r"^[*|/\\_ ]+(?=[0-9a-f\"'])")  # of --graph
_ONLY_GRAPH = re.compile(r"[*|/\\_ ]*")
_COMMIT_LINE = re.compile(
    rf"^[\"']?(?P<id>{_HASH})(?:{_MARK})(?P<before>.*?)(?:^|(?<=[ \t|,;({{]))"
    rf"(?P<date>{_STAMP}|1\d{{9}})(?=[ \t|,;)}}]|$)(?P<after>.*?)[\"']?$"
)
_EMAIL = re.compile(r"<?[\w.+-]+@[\w.-]+>?")
_OF_A_LOG = re.compile(
    r"\b(?:INFO|WARN(?:ING)?|ERROR|DEBUG|TRACE|FATAL)\b|\b(?:GET|POST|PUT|DELETE|HEAD) /"
    r"|\b[45]\d\d\b|\b\w+=\S"
)
_LEAST_SHARE, _SAMPLE, _HEAD = 0.8, 50, 20_000
_MOST_BYTES = 4_000_000
_NEVER_FIRST = frozenset("{[<#-=")


def read(document: Document) -> ChangeRead | None:
    """Return one event for each commit, or None. Its kind is what the subject speaks of."""
    if not _COMMIT.match(document.text.lstrip()[:120]):
        return None
    starts = [*_COMMIT.finditer(document.text)]
    events: list[ChangeEvent] = []
    faults: list[Fault] = []
    ends = [match.start() for match in starts[1:]] + [len(document.text)]
    for match, end in zip(starts, ends, strict=True):
        event = _commit(document, match, document.text[match.start() : end])
        if event:
            events.append(event)
        else:
            line = document.line(match.start())
            faults.append(Fault(document.name, "no_time", "a commit without a readable date", line))
    return ChangeRead(tuple(events), tuple(faults), FORMAT) if events else None


def read_lines(document: Document) -> ChangeRead | None:
    """Return the commits or tags of a list with one a line, or None.

    `git log --format="%h %cI %s"`, `git tag --format="%(refname:short) %(creatordate:iso)"` and the
    like: a hash or a version and a date, either first.
    """
    if len(document.data) > _MOST_BYTES or document.text[:1] in _NEVER_FIRST:
        return None
    first = [line.strip() for line in document.text[:_HEAD].split("\n")[:_SAMPLE]]
    first = [line for line in first if line]
    matches = [match for line in first if (match := _line(line))]
    if not first or len(matches) < _LEAST_SHARE * len(first):
        return None
    lines = [(n, line.strip()) for n, line in enumerate(document.text.split("\n"), 1)]
    lines = [(n, line) for n, line in lines if not _ONLY_GRAPH.fullmatch(line)]
    if not document.trusted and not _is_of_git(matches):
        return None
    events: list[ChangeEvent] = []
    faults: list[Fault] = []
    for number, line in lines:
        found = _line(line)
        event = _listed(document, number, found) if found else None
        if event:
            events.append(event)
        else:
            faults.append(Fault(document.name, "no_time", "a line without hash and date", number))
    if not document.trusted and is_dense([event.time_ms for event in events]):
        return None
    return ChangeRead(tuple(events), tuple(faults), LINES)


def _is_of_git(found: list[_Line]) -> bool:
    """Whether these are commits and no log with request ids: each once, and none of a request."""
    names = [one.tag or one.ident for one in found]
    told = [one.told for one in found]
    # A short hash can be a request's id; then the texts tell of requests.
    rejections = sum(map(kinds.tells_of_rejection, told))
    if len(set(names)) < len(names) or any(map(_OF_A_LOG.search, told)):
        return False
    return rejections <= 0.3 * len(told) or all(len(name) >= 40 for name in names)


def _commit(document: Document, match: re.Match[str], text: str) -> ChangeEvent | None:
    # With --format=fuller the commit's date comes after the author's, and is nearer to its effect.
    dates = [found["date"] or found["seconds"] for found in _DATE.finditer(text)]
    stamp = document.row({"": dates[-1]}, None, 0).stamp("") if dates else None
    if stamp is None:
        return None
    if match["tag"]:
        names = (f"tag {match['tag']}", match["tag"])
        return _event(document, names, stamp, f"release tag {match['tag']}")
    subject, ident = _SUBJECT.search(text), match["id"]
    return _event(document, (ident, ident[:12]), stamp, subject["subject"] if subject else "")


class _Line(NamedTuple):
    """What one line of a list of commits or tags says."""

    ident: str
    tag: str
    date: str
    told: str


def _line(line: str) -> _Line | None:
    plain = _GRAPH.sub("", line.strip())
    match = _LINE.match(plain)
    if match:
        ident = match["id"] or match["id2"] or match["id3"] or ""
        tag = (match["tag"] or match["tag2"] or "").removeprefix("refs/tags/")
        told = match["rest"] or match["rest2"] or ""
        return _Line(ident, tag, match["date"] or match["date2"], told)
    match = _COMMIT_LINE.match(plain)
    if match is None:
        return None
    parts = re.split(r"[|,;\t]", f"{match['before']}|{_EMAIL.sub('', match['after'])}")
    told = " ".join(_EMAIL.sub("", part).strip(" :{}@") for part in parts)
    return _Line(match["id"], "", match["date"], re.sub(r" +", " ", told).strip())


def _listed(document: Document, number: int, line: _Line) -> ChangeEvent | None:
    row = document.row({"": line.date}, number, number)
    stamp = row.stamp("")
    if stamp is None:
        return None
    names = (line.ident or row.id, line.tag or line.ident[:12])
    return _event(document, names, stamp, line.told or f"release tag {line.tag}")


def _event(document: Document, names: tuple[str, str], stamp: Stamp, told: str) -> ChangeEvent:
    ident, version = names
    return ChangeEvent(
        id=ident,
        time_ms=stamp.ms,
        kind=kinds.of_sentence(told) or ChangeKind.OTHER,
        target="",
        source=document.name,
        description=told,
        version=version,
        zone_assumed=not stamp.zone_known,
    )
