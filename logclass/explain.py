"""Why a text gets its reason: plain data for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logclass import nearest, redact
from logclass.explain_texts import NEXT, USUALLY
from logclass.vocabulary import MEANING, Outcome, Owner, owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.matcher import Matcher
    from logclass.patternset import PatternSet
    from logclass.precedence import Match

_HEADING = 100  # characters
_CHUNK = 4_096  # texts
_ACTS = {
    Owner.OPERATOR: "operator: whoever runs the verifier, the gateway or the issuer",
    Owner.CLIENT: "client: whoever sends the token",
    Owner.NOISE: "noise: nobody has to act",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text and what the patterns make of it; `match` is None when none matches."""

    text: str
    match: Match | None
    patternset: PatternSet

    def as_json(self) -> dict[str, object]:
        """Return the JSON object of `logclass explain --json`; captures are lists of text.

        A line that tells of a change ("signal") is neither rejected nor accepted: its outcome is
        "none", with its pattern.
        """
        match = self.match
        if match is None:
            return _document(self.text, "none")
        outcome = "none" if match.outcome is Outcome.SIGNAL else match.outcome.value
        return _document(self.text, outcome) | {
            "reason": match.reason.value if match.reason else None,
            "also": [reason.value for reason in match.also],
            "library": match.library or None,
            "versions": match.versions or None,
            "pattern": match.pattern,
            "captures": {name: list(values) for name, values in _shown(match).items()},
            "owner": owner(match.reason).value if match.reason else None,
        }

    def as_text(self) -> str:
        """Return the same for people: lines of plain text, without control characters."""
        match = self.match
        lines = self._none() if match is None else _matched(match)
        return "\n".join(_printable(line) for line in lines)

    def heading(self) -> str:
        """Return the beginning of the text on one line, to tell it from others."""
        line = " ".join(redact.text(self.text).split())
        return _printable(f"text:      {line[:_HEADING]}{'…' if len(line) > _HEADING else ''}")

    def _none(self) -> list[str]:
        if not self.text.strip():
            return ["reason:    none: the text is empty"]
        lines = ["reason:    none: no pattern matches this text"]
        lines += [f"because:   {why}" for why in nearest.other_kinds(self.text)]
        lines += [f"nearest:   {near}" for near in nearest.patterns(self.text, self.patternset)]
        lines.append(
            "next:      If it is a rejection, `logclass patterns new` begins a pattern for it."
        )
        return lines


def explain(text: str, matcher: Matcher) -> Explanation:
    """Return what the patterns make of one text as it was logged; raises as Matcher.match."""
    return Explanation(text, matcher.match(text), matcher.patternset)


def explain_all(
    texts: Sequence[str], matcher: Matcher, *, with_beaten: bool = True
) -> list[Explanation]:
    """Return `explain` of each text, in order; much faster without what the winner beat."""
    if with_beaten:
        return [explain(text, matcher) for text in texts]
    chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    return [
        Explanation(text, match, matcher.patternset)
        for chunk in chunks
        for text, match in zip(chunk, matcher.match_all(chunk), strict=True)
    ]


def _printable(line: str) -> str:
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line
    )


def _document(text: str, outcome: str) -> dict[str, object]:
    return {
        "text": text,
        "outcome": outcome,
        "reason": None,
        "also": [],
        "library": None,
        "versions": None,
        "pattern": None,
        "captures": {},
        "owner": None,
    }


def _matched(match: Match) -> list[str]:
    lines = [f"reason:    {match.reason or f'none: the outcome is {match.outcome}'}"]
    lines += [f"also:      {reason}: {MEANING[reason]}" for reason in match.also]
    if match.reason is not None:
        lines.append(f"owner:     {_ACTS[owner(match.reason)]}")
    lines.append(f"library:   {match.library or 'unknown: many word it like this'}")
    if match.versions:
        lines.append(f"versions:  {match.versions}")
    lines += _captures(match)
    lines.append(f"pattern:   {match.pattern}")
    lines += [f"beaten:    {name}: {why}" for name, why in match.beaten]
    if match.reason is not None:
        lines.append(f"meaning:   {MEANING[match.reason]}")
        lines.append(f"usually:   {USUALLY[match.reason]}.")
        lines += [f"next:      {step}" for step in NEXT[match.reason]]
    return lines


def _shown(match: Match) -> dict[str, tuple[str, ...]]:
    """Return the captures, redacted: an expected value may be what somebody put in its place."""
    return {name: tuple(map(redact.text, values)) for name, values in match.captures.items()}


def _captures(match: Match) -> list[str]:
    lines = [f"claim:     {match.claim}"] if match.claim else []
    captures = _shown(match)
    sides = {side: captures.get(side, ()) for side in ("expected", "actual")}
    if any(sides.values()) or match.withheld:
        absent = "withheld by the library" if match.withheld else "not logged"
        lines += [f"{side + ':':10} {', '.join(found) or absent}" for side, found in sides.items()]
    return lines + [
        f"{name + ':':10} {', '.join(found)}"
        for name, found in captures.items()
        if name not in sides and not (name == "claim" and match.claim)
    ]
