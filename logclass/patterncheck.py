"""The lints of pattern files, shared by the command line and the tests: docs/patterns.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import regex

from logclass.coats import coats
from logclass.errors import PatternError
from logclass.matcher import Matcher, compile_regex
from logclass.normalise import normalise
from logclass.passages import words_of_their_own
from logclass.patternfile import GROUPS, ORIGINS, read_file
from logclass.patternset import PatternSet, is_passing, load_files
from logclass.precedence import Found, decide, reads_all, tier_rank
from logclass.pumped import slowness
from logclass.vocabulary import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logclass.passages import Foreign
    from logclass.patternfile import Example, Pattern
    from logclass.precedence import Match

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*")
_LITERAL = re.compile(r"[A-Za-z0-9_:.,-](?:[A-Za-z0-9 _:.,-]{2,}[A-Za-z0-9_:.,-])")
# What a service writes all day: no literal and no expression may hit it.
HEALTHY = (
    '192.0.2.1 - - [12/Mar/2026:10:00:01 +0000] "GET /api/users?id=401 HTTP/1.1" 200 401 "-" "-"',
    '{"level":"info","msg":"request completed","method":"GET","status":200,"duration_ms":12}',
    "INFO user logged in user_id=42 session=ab12 token issued expires_in=3600",
    "issued access token and refresh token for client web, token_type Bearer, expiration 3600",
    '{"message":"token refreshed","headers":{"authorization":"Bearer [Filtered]"},"status":201}',
    "DEBUG auth: validating bearer token for audience web-prod issuer https://auth.example.com",
    "session expired, redirecting to login page; cache key expired; invalid request body",
    "GET /.well-known/jwks.json HTTP/1.1 200; signing key loaded; jwt signature verified",
    "Unexpected token '<' at position 0 in JSON; missing required parameter; error code 500",
    "certificate signature algorithm RS256; header content-type missing; user not found",
    (
        '{"level":30,"pid":1,"hostname":"api-1","req":{"id":7,"method":"GET","url":"/orders/401",'
        '"headers":{"authorization":"[Redacted]","accept":"application/json"},"remotePort":40100},'
        '"res":{"statusCode":200,"headers":{}},"responseTime":10,"msg":"request completed"}'
    ),
    (
        '{"@t":"2031-05-06T07:08:09Z","@mt":"HTTP {RequestMethod} {RequestPath}: {StatusCode}"'
        ',"RequestMethod":"GET","RequestPath":"/orders","StatusCode":200,"Elapsed":4.01,'
        '"SourceContext":"Serilog.AspNetCore.RequestLoggingMiddleware","ConnectionId":"0HN401"}'
    ),
    "Completed 200 OK in 401ms (Views: 0.3ms | ActiveRecord: 40.1ms | Allocations: 4401)",
    "GET /orders/401 200 4.010 ms - 401; remote_addr=10.4.0.1 auth_user=- upstream_status=200",
    '{"eventSource":"auth.example.com","eventName":"GetToken","errorCode":null,"statusMessage":"OK"}',
)


class Problem(NamedTuple):
    """One thing wrong with a pattern."""

    file: str
    pattern: str  # its id, or "" for the file
    message: str

    def __str__(self) -> str:
        return ": ".join(
            part for part in (Path(self.file).name, self.pattern, self.message) if part
        )


def check(patternset: PatternSet, files: Sequence[str] | None = None) -> list[Problem]:
    """Return all that is wrong with these patterns (of these files), in order of id."""
    matcher = Matcher(patternset)
    known = {one.id: one for one in patternset.patterns}
    problems = []
    for pattern in patternset.patterns:
        if files is not None and pattern.file not in files:
            continue
        try:
            messages = [*_form(pattern, known), *_terms(pattern), *_content(pattern, matcher)]
        except PatternError as error:
            messages = [str(error).split(": ", 2)[-1]]
        problems += [Problem(pattern.file, pattern.id, message) for message in messages]
    return [*problems, *_foreign(patternset, files, matcher)]


def _foreign(
    patternset: PatternSet, files: Sequence[str] | None, matcher: Matcher
) -> Iterator[Problem]:
    named = [one for one in patternset.libraries if files is None or one.file in files]
    for library, kind in ((one, kind) for one in named for kind in one.foreign):
        if not kind.examples:
            yield Problem(library.file, "", f"foreign talk {kind.what!r} needs an example")
        for text in kind.examples:
            if any(_must_not_read(one.pattern, kind) for one in matcher.found(text)):
                yield Problem(library.file, "", f"a pattern matches the foreign talk {text!r}")
        for message in slowness(regex.compile(words_of_their_own(kind.words)), kind.examples):
            yield Problem(library.file, "", f"foreign talk {kind.what!r}: {message}")


def _must_not_read(pattern: Pattern, kind: Foreign) -> bool:
    if kind.unsaid and pattern.outcome is Outcome.REJECTED:
        return True
    return not reads_all(pattern)


def _content(pattern: Pattern, matcher: Matcher) -> Iterator[str]:
    compiled = compile_regex(pattern)
    yield from _groups(compiled)
    yield from _examples(pattern, matcher)
    yield from _near_misses(pattern, compiled, matcher)
    yield from slowness(compiled, [one.text for one in pattern.examples[:2]])


def _form(pattern: Pattern, known: dict[str, Pattern]) -> Iterator[str]:
    if not _ID.fullmatch(pattern.id) or not pattern.id.startswith(pattern.library + "."):
        yield f"id must be {pattern.library}.kebab-name"
    if len(pattern.examples) < 2:
        yield "needs at least two examples"
    if not pattern.counterexamples:
        yield "needs at least one counterexample"
    for example in pattern.examples:
        if example.origin not in ORIGINS:
            yield f"origin {example.origin!r} is none of: {', '.join(ORIGINS)}"
    for loser in pattern.over:
        if loser not in known:
            yield f"over: there is no pattern {loser!r}"
        elif tier_rank(known[loser]) < tier_rank(pattern):
            yield f"over: {loser} is of the stronger tier {known[loser].tier}"
    if pattern.id in _below(pattern, known):
        yield "over: goes round in a circle"


def _below(pattern: Pattern, known: dict[str, Pattern]) -> set[str]:
    """Return the ids of all patterns this one is over, directly or through others."""
    reached: set[str] = set()
    todo = list(pattern.over)
    while todo:
        name = todo.pop()
        if name not in reached and name in known:
            reached.add(name)
            todo += known[name].over
    return reached


def _groups(compiled: regex.Pattern[str]) -> Iterator[str]:
    for name in sorted(set(compiled.groupindex) - GROUPS):
        yield f"group name {name!r} is none of: {', '.join(sorted(GROUPS))}"
    if compiled.groups > len(compiled.groupindex):
        yield "has a group without a name; write (?:...)"
    if compiled.search("") is not None:
        yield "matches the empty text"


def _terms(pattern: Pattern) -> Iterator[str]:
    if not pattern.literals and not pattern.expressions:
        yield "needs literals or expressions"
    for literal in pattern.literals:
        if literal.isascii() and "\\u" not in literal and not _LITERAL.fullmatch(literal):
            yield f"literal {literal!r}: at least 4 of letters, digits, space and _ : . , -"
        elif not is_passing(pattern) and any(literal.lower() in line.lower() for line in HEALTHY):
            yield f"literal {literal!r} is common in healthy logs"
    for expression in pattern.expressions:
        yield from _expression(expression, () if is_passing(pattern) else HEALTHY)


def _expression(expression: str, healthy: Iterable[str]) -> Iterator[str]:
    if re.search(r"\(\?[P<=!>]|\\[1-9]|(?<!\\)\((?!\?:)|[*+?}][+]", expression):
        yield f"expression {expression!r}: no groups, look-around, references or possessives"
        return
    try:
        compiled = re.compile(expression, re.IGNORECASE | re.MULTILINE)
    except re.error as error:
        yield f"expression {expression!r}: {error}"
        return
    if any(compiled.search(line) for line in healthy):
        yield f"expression {expression!r} hits a healthy line"


def _examples(pattern: Pattern, matcher: Matcher) -> Iterator[str]:
    for example in pattern.examples:
        bare = _own(pattern, example.text, matcher)
        if bare is None:
            yield f"does not match its example {example.text!r}"
            continue
        for name, wanted in example.captures.items():
            got = bare.captures.get(name, ())
            if got != wanted:
                yield f"captures {name} = {got} instead of {wanted} from {example.text!r}"
        found = matcher.found(example.text)
        yield from _verdict(pattern, example, decide(found))
        yield from _rivals(pattern, example, found)
        if not example.bare:
            yield from _dressed(pattern, example, bare, matcher)


def _verdict(pattern: Pattern, example: Example, match: Match | None) -> Iterator[str]:
    wanted = example.reason or pattern.reason
    if match is None:
        yield f"no literal or expression hits its example {example.text!r}"
    elif (match.outcome, match.reason) != (pattern.outcome, wanted):
        got = match.reason or match.outcome
        yield f"{match.pattern} takes its example, for {got} instead of {wanted}: {example.text!r}"
    elif example.also is not None and match.also != example.also:
        also = ", ".join(match.also)
        yield f"the whole set says also = [{also}] of its example {example.text!r}"


def _dressed(pattern: Pattern, example: Example, bare: Match, matcher: Matcher) -> Iterator[str]:
    for coat, text in coats(example.text):
        if not _hit(pattern, text):
            yield f"no literal or expression hits its example as {coat}: {text!r}"
        own = _own(pattern, text, matcher)
        if own is None:
            yield f"does not match its example (not marked bare) as {coat}: {text!r}"
        elif own.captures != bare.captures:
            yield f"captures {own.captures} instead of {bare.captures} as {coat}: {text!r}"


def _own(pattern: Pattern, text: str, matcher: Matcher) -> Match | None:
    hit = compile_regex(pattern).search(matcher.read_by(pattern, normalise(text)))
    return decide([Found(pattern, hit)]) if hit else None


def _hit(pattern: Pattern, text: str) -> bool:
    lower = text.lower()
    return any(literal.lower() in lower for literal in pattern.literals) or any(
        re.search(expression, text, re.IGNORECASE | re.MULTILINE)
        for expression in pattern.expressions
    )


def _near_misses(pattern: Pattern, compiled: regex.Pattern[str], matcher: Matcher) -> Iterator[str]:
    for example in pattern.counterexamples:
        if compiled.search(matcher.read_by(pattern, normalise(example.text))):
            yield f"matches its counterexample {example.text!r}"


def _rivals(pattern: Pattern, example: Example, found: Sequence[Found]) -> Iterator[str]:
    """Yield the other patterns that match the example too, with nothing to say who wins."""
    if example.also is not None or example.reason is not None:
        return  # a text of several reasons, declared as such
    for other, _hit in found:
        if _is_rival(pattern, other):
            yield f"{other.id} matches its example {example.text!r} too"


def _is_rival(pattern: Pattern, other: Pattern) -> bool:
    if other is pattern or other.id in pattern.over or pattern.id in other.over:
        return False
    if pattern.outcome is Outcome.REJECTED and other.outcome is not Outcome.REJECTED:
        return False
    if other.reason is Reason.UNSPECIFIED and pattern.reason is not Reason.UNSPECIFIED:
        return False
    if tier_rank(other) < tier_rank(pattern) and other.reason is pattern.reason:
        return False  # the stronger tier knows these words better, and says the same
    return tier_rank(other) <= tier_rank(pattern)


class Checked(NamedTuple):
    """What was looked at, and what is wrong with it."""

    patterns: int
    problems: list[Problem]


def check_files(files: Sequence[Path], beside: Sequence[Path]) -> Checked:
    """Return what is wrong with these files, read with those beside them that load."""
    problems = []
    good: dict[Path, None] = {}
    wanted = {path.resolve() for path in files}
    for path in dict.fromkeys([*wanted, *(one.resolve() for one in beside)]):
        try:
            read_file(path)
        except PatternError as error:
            if path in wanted:
                problems.append(Problem(str(path), "", str(error)))
            continue
        good[path] = None
    try:
        patternset = load_files(good)
    except PatternError as error:
        return Checked(0, [*problems, Problem("", "", str(error))])
    named = [str(path) for path in wanted]
    count = sum(one.file in named for one in patternset.patterns)
    return Checked(count, problems + check(patternset, named))
