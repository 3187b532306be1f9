"""Names of months as log stamps write them: English, and what localised programs print.

Names are those of the Unicode CLDR (abbreviated and whole), compared without case, accents and
dots, by as many letters as tell them apart.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
# Beginnings of the names in German, French, Spanish, Italian, Portuguese and Dutch.
_FOREIGN: Final = (
    ("ene", "gen", "janv"),
    ("fev", "feb", "févr", "fév"),
    ("mär", "mrz", "mrt", "mars", "maart"),
    ("abr", "avr"),
    ("mai", "mei", "mag"),
    ("juin", "giu"),
    ("juil", "lug"),
    ("ago", "aoû", "aou"),
    ("set", "sept"),
    ("okt", "ott", "out"),
    (),
    ("dez", "dic", "déc"),
)
_NUMBER: Final = {
    name: number
    for names in (tuple(zip(ENGLISH)), _FOREIGN)
    for number, several in enumerate(names, 1)
    for name in several
}

# Common ground of `regex` on bytes and RE2: the bytes of UTF-8 are written out.
NAME: Final = (
    r"(?i:jan(?:v|eiro|uar)?|f(?:eb|ev|\xc3\xa9v)r?|m(?:ar[st]?|\xc3\xa4rz?|rz|rt)|a[pbv]r|ma[iyg]|mei"
    r"|jui[nl]|ju[nl]|giu|lug|a(?:ug|go|o(?:\xc3\xbb|u)t)|se(?:pt?|t)|o(?:[ck]t|tt|ut)|nov"
    r"|d(?:e[cz]|ic|\xc3\xa9c)|ene|gen)\.?"
)
FIRST_LETTERS: Final = "adefgjmnosADEFGJMNOS"  # of the names
NUMBERED: Final = r"\d{1,2}\xe6\x9c\x88"  # Chinese and Japanese: the number and "month"


def number(name: str) -> int | None:
    """Return the number of the month that a name, whole or cut short, stands for, from 1."""
    lower = name.lower().rstrip(".")
    if lower.endswith("月"):
        digits = lower[:-1]
        return int(digits) if digits.isdigit() and 1 <= int(digits) <= 12 else None
    return next((_NUMBER[lower[:length]] for length in (4, 3) if lower[:length] in _NUMBER), None)
