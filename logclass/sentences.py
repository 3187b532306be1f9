"""Sentences of rejections, written in plain words, made into what the engine searches for.

`says = ["<signature> .. <wrong>"]` reads: a word for signature, a few others, a word for wrong. The
words stand in the file's lexicon. `names = ["<wrong> <signature>"]` are the same run together, as
classes and codes are called: InvalidSignature, BAD_SIGNATURE. The notation is docs/patterns.md,
"Sentences".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logclass.errors import PatternError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PIECE = re.compile(r"<([a-z0-9-]+)>(\?)?|(\.\.)|(~)|(\|)|([^\s<>~|]+)|\s+")

# Between two words that belong together: blanks, quotes, colons, a dot inside a name.
_NEXT = r"(?:[^\w\n.!?]{1,4}|[._])"
# Other words between them, not across the end of a sentence, nor over what turns its meaning.
_TURN = (
    "or|if|whether|until|unless|when|once|not|never|no|will|should|would|may|might|isn|wasn|hasn|"
    "doesn|without|before"
)
_GAP = rf"{_NEXT}(?:(?!(?:{_TURN})\b)\w(?:[\w./:@+-]{{0,58}}\w)?(?:[^\w\n.,;!?]{{1,4}}|_)){{0,5}}?"
_CLOSE = r"[^\n]{0,8}?"
_RUN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)+")
_NAMED = re.compile(r"<[a-z0-9-]+>\??|\S*[^a-z0-9 ]\S*")
_LEAST = 8  # letters
_JOINTS = ("", "_", "-", ".")
_JOINT = "[_.-]?"  # between the words of a name: TokenExpired, token_expired, token.expired
_IDEOGRAPHS = "\u3000"  # kana and Hangul too

Lexicon = dict[str, tuple[str, ...]]


def lexicon(words: Mapping[str, Sequence[str]], where: str) -> Lexicon:
    """Return the phrases of each class, with the classes that they name put in.

    Raises PatternError where a phrase names a class that does not stand before it.
    """
    known: Lexicon = {}
    for name, phrases in words.items():
        known[name] = tuple(
            whole for phrase in phrases for whole in _whole(phrase, known, f"{where}: <{name}>")
        )
    return known


def _whole(phrase: str, known: Lexicon, where: str) -> list[str]:
    named = re.search(r"<([a-z0-9-]+)>", phrase)
    if named is None:
        return [phrase]
    if named[1] not in known:
        raise PatternError(f"{where}: no class <{named[1]}> before this")
    before, after = phrase[: named.start()], phrase[named.end() :]
    return [
        whole for one in known[named[1]] for whole in _whole(before + one + after, known, where)
    ]


def regex_of(says: Sequence[str], words: Lexicon, where: str) -> str:
    """Return one regex that matches each of these sentences; raises PatternError."""
    return "(?:" + "|".join(_matching(one, words, where) for one in says) + ")"


def literals_of(says: Sequence[str]) -> tuple[str, ...]:
    """Return, for each sentence with several plain words in a row, those words: what finds it."""
    runs = [max(_RUN.findall(_NAMED.sub("#", one)), key=len, default="") for one in says]
    return tuple(dict.fromkeys(run for run in runs if len(run) >= _LEAST))


def literals_of_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return, for each name with several plain words in a row, those words, joined in each way."""
    runs = [max(_RUN.findall(_NAMED.sub("#", one)), key=len, default="") for one in names]
    return tuple(
        dict.fromkeys(
            joint.join(run.split()) for run in runs if len(run) > _LEAST for joint in _JOINTS
        )
    )


def names_of(names: Sequence[str], words: Lexicon, where: str) -> str:
    """Return one regex that matches each of these names; raises PatternError."""
    return "(?:" + "|".join(_named(_parts(one, words, where)) for one in names) + ")"


@dataclass(frozen=True, slots=True)
class _Part:
    """One place in a name: its phrases, and whether one of them must stand there."""

    phrases: tuple[str, ...]
    must: bool


def _parts(name: str, words: Lexicon, where: str) -> list[_Part]:
    parts = []
    for kind, text in _pieces(name, where):
        if kind in ("..", "~"):
            raise PatternError(f"{where}: {kind!r} in the name {name!r}")
        if kind == "word":
            parts.append(_Part((text.rstrip("?"),), must=not text.endswith("?")))
        elif kind != " ":
            parts.append(_Part(_phrases(text, words, where), must=kind != "?"))
    if not any(part.must for part in parts):
        raise PatternError(f"{where}: the name {name!r} may be empty")
    return parts


def _named(parts: Sequence[_Part]) -> str:
    made = ""
    begun = False
    for part in parts:
        either = "|".join(_JOINT.join(map(re.escape, one.split())) for one in part.phrases)
        if part.must:
            made += f"{_JOINT}(?:{either})" if begun else f"(?:{either})"
            begun = True
        else:
            made += f"(?:{_JOINT}(?:{either}))?" if begun else f"(?:(?:{either}){_JOINT})?"
    return made


def _matching(sentence: str, words: Lexicon, where: str) -> str:
    made = ""
    glue = ""
    open_end = False  # a gap and what may be left out behind it: the next word follows at once
    for kind, text in _pieces(sentence, where):
        if kind in (" ", "..", "~"):
            if not (kind == " " and (glue or open_end)):
                glue = {" ": _NEXT, "..": _GAP, "~": _CLOSE}[kind]
            continue
        phrases = (text,) if kind == "word" else _phrases(text, words, where)
        found = _either(phrases)
        if kind == "?" and (glue == _GAP or open_end):
            made += f"{glue}(?:{found}{_NEXT})?"
            open_end = True
        else:
            made += f"(?:{glue}{found})?" if kind == "?" else f"{glue}{found}"
            open_end = False
        glue = ""
    return made


def _pieces(sentence: str, where: str) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    at = 0
    while at < len(sentence):
        hit = _PIECE.match(sentence, at)
        if hit is None or hit[5]:
            raise PatternError(f"{where}: cannot read {sentence[at:]!r} of {sentence!r}")
        at = hit.end()
        if hit[1]:
            pieces.append(("?" if hit[2] else "class", hit[1]))
        elif hit[3] or hit[4]:
            pieces.append((hit[0], ""))
        elif hit[6]:
            pieces.append(("word", hit[6]))
        else:
            pieces.append((" ", ""))
    # blanks around `..` and `~` are for the reader
    return [
        piece
        for number, piece in enumerate(pieces)
        if piece[0] != " "
        or not {pieces[number - 1][0], pieces[min(number + 1, len(pieces) - 1)][0]} & {"..", "~"}
    ]


def _phrases(name: str, words: Lexicon, where: str) -> tuple[str, ...]:
    if name not in words:
        raise PatternError(f"{where}: no class <{name}> in [words]")
    return words[name]


def _either(phrases: Sequence[str]) -> str:
    """Return the regex of any of these phrases."""
    # no blanks between the words of these: they end nowhere
    found = [r"\s?".join(map(re.escape, one.split())) for one in phrases if _is_ideographic(one)]
    words = [_phrase(one) for one in phrases if not _is_ideographic(one)]
    if words:
        found.append(rf"(?<![a-z])(?:{'|'.join(words)})(?:['’]s)?(?![a-z])")
    return f"(?:{'|'.join(found)})"


def _is_ideographic(phrase: str) -> bool:
    return max(phrase) >= _IDEOGRAPHS


def _phrase(phrase: str) -> str:
    """Return the regex of the words of a phrase, `*` for any ending."""
    # stems where letters go beyond ASCII: such languages decline
    parts = [
        re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") or not word.isascii() else "")
        for word in phrase.split()
    ]
    return r"[\s_-]".join(parts).replace("'", "['’]")


def forms_of(classes: Sequence[str], words: Lexicon, where: str) -> tuple[str, ...]:
    """Return the words of these classes in every form that raw bytes hold them in.

    Letters beyond ASCII stand there as they are, or escaped by JSON once or twice; the scan knows
    no other case of them, so that a first one is left out.
    """
    found: dict[str, None] = {}
    for name in classes:
        for phrase in _phrases(name, words, where):
            stem = phrase.rstrip("*")
            stem = stem if stem[0].isascii() or stem[0] >= _IDEOGRAPHS else stem[1:]
            for mark in ("", "\\", "\\\\"):
                found[_escaped(stem, mark)] = None
    return tuple(found)


def _escaped(text: str, mark: str) -> str:
    if not mark:
        return text
    return "".join(one if one.isascii() else f"{mark}u{ord(one):04x}" for one in text)
