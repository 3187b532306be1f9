"""Patterns written as sentences: what they match, and how they are found."""

import itertools
import re
import tomllib

import pytest
import regex

from logclass.errors import PatternError
from logclass.matcher import Matcher
from logclass.patternset import files_of, load
from logclass.sentences import (
    forms_of,
    lexicon,
    literals_of,
    literals_of_names,
    names_of,
    regex_of,
)
from logclass.speech import Speech

WORDS = lexicon(
    {
        "token": ["token", "jwt"],
        "wrong": ["invalid", "doesn't match", "mismatch*"],
        "said": ["<token> said"],
        "late": ["过期", "истёк"],
    },
    "test",
)
MATCHER = Matcher(load())


def matches(sentence, text):
    return regex.search("(?xi)" + regex_of([sentence], WORDS, "test"), text) is not None


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("<token> .. <wrong>", "the token of client web is invalid"),
        ("<token> .. <wrong>", "jwt: 'aud' doesn’t match"),
        ("<wrong> <token>", "mismatched-token"),
        ("<wrong> <token>? here", "invalid here"),
        ("<said> hello", "jwt said: hello"),
        ("<token> .. <said>? <wrong>", "the token of client web is invalid"),
        ("<wrong> <token>", "mismatched token’s"),
        ("<token> ~ <late>", "Token已过期"),
        ("<token> <late>", "token истёкший"),
    ],
)
def test_a_sentence_matches(sentence, text):
    assert matches(sentence, text)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("<token> .. <wrong>", "the token was checked. The address is invalid"),
        ("<token> .. <wrong>", "the token is not invalid"),
        ("<token> .. <wrong>", "tokenizer invalid"),
        ("<wrong> <token>", "invalid address of the token"),
    ],
)
def test_a_sentence_does_not_match(sentence, text):
    assert not matches(sentence, text)


def test_plain_words_in_a_row_find_a_sentence():
    assert literals_of(["<token> .. could not be loaded", "<a>? b", "it's bad"]) == (
        "could not be loaded",
    )


@pytest.mark.parametrize(
    "raw",
    [
        "токен истёк",
        "Истёк токен",
        r"\u0442 \u0438\u0441\u0442\u0451\u043a",
        r"\\u0438\\u0441\\u0442\\u0451\\u043a",
        r"\u8fc7\u671f",
    ],
)
def test_letters_beyond_ascii_are_found_escaped_too(raw):
    assert any(form in raw for form in forms_of(["late"], WORDS, "test"))


def test_an_unknown_class_is_refused():
    with pytest.raises(PatternError, match="no class <toke>"):
        regex_of(["<toke> .. <wrong>"], WORDS, "test")
    with pytest.raises(PatternError, match="no class <none>"):
        lexicon({"one": ["a <none>"]}, "test")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"msg":"\\u4ee4\\u724c\\u5df2\\u8fc7\\u671f"}', "token_expired"),
        ("認証エラー: トークンの有効期限が切れています", "token_expired"),
        ("토큰이 만료되었습니다", "token_expired"),
        ("Срок действия токена истек", "token_expired"),
        ("Das Zugriffstoken ist abgelaufen", "token_expired"),
        ("Le jeton d'accès a expiré", "token_expired"),
        ("El token ha expirado", "token_expired"),
        ("O token expirou", "token_expired"),
        ("JWT 签名无效", "signature_invalid"),
        ("Ungültige Signatur im Token", "signature_invalid"),
        ("未提供token", "header_missing"),
        ("no se proporcionó el token", "header_missing"),
        ("Le jeton n'est pas encore valide", "token_not_yet_valid"),
    ],
)
def test_other_languages(text, reason):
    match = MATCHER.match(text)
    assert match is not None
    assert match.reason == reason


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("<wrong> <token>", "InvalidToken"),
        ("<wrong> <token>", "ERR_INVALID_JWT"),
        ("<token> <wrong>? here", "token-here"),
        ("<token> is? <wrong>", "jwt.is.invalid"),
        ("<token> is? <wrong>", "jwtInvalid"),
    ],
)
def test_a_name_matches_in_every_spelling(name, text):
    assert regex.search("(?xi)" + names_of([name], WORDS, "test"), text)


@pytest.mark.parametrize("text", ["invalid token", "InvalidUserToken", "token, invalid"])
def test_a_name_is_one_word(text):
    assert not regex.search("(?xi)" + names_of(["<wrong> <token>"], WORDS, "test"), text)


def test_a_name_has_no_gap_and_is_not_empty():
    for name in ("<wrong> .. <token>", "<wrong>?"):
        with pytest.raises(PatternError):
            names_of([name], WORDS, "test")


def test_plain_words_in_a_row_find_a_name():
    assert literals_of_names(["no audience <token>?", "<a> b"]) == (
        "noaudience",
        "no_audience",
        "no-audience",
        "no.audience",
    )


def spelt(name, words):
    """Return every spelling of a name, up to some thousands."""
    ways = []
    for part in name.split():
        plain = part.removesuffix("?")
        phrases = words[plain[1:-1]] if plain.startswith("<") else (plain,)
        ways.append([*phrases, *([""] if part.endswith("?") else [])])
    for joint in ("", "_", "."):
        for chosen in itertools.islice(itertools.product(*ways), 3000):
            yield joint.join(" ".join(chosen).split())


def test_every_spelling_of_a_shipped_name_is_found():
    lost = []
    for file in files_of():
        data = tomllib.loads(file.read_text("utf-8"))
        speech = Speech.of(data, file.name)
        for one in data.get("pattern", ()):
            terms = [*map(re.escape, speech.literals(one, "")), *speech.expressions(one, "")]
            found = re.compile("|".join(terms), re.IGNORECASE) if terms else re.compile("")
            for name in one.get("names", ()):
                texts = spelt(name, speech.lexicon)
                lost += [(one["id"], text) for text in texts if not found.search(text)]
    assert lost == []
