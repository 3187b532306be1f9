"""Runs the cases of one library in this interpreter and prints one JSON line per text.

Usage: record.py MODULE PACKAGE[,PACKAGE] [COATS]; COATS is how many coats to record of each case.
"""

from __future__ import annotations

import collections
import collections.abc
import importlib
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import coats

if TYPE_CHECKING:
    from case import Case

for _name in ("Mapping", "MutableMapping", "Iterable", "Callable", "Sequence"):
    setattr(collections, _name, getattr(collections.abc, _name))  # old versions look there


def _chosen(case: Case, place: int, count: int) -> list[str]:
    if case.traced:
        names = list(coats.TRACED)
    elif case.named:
        names = list(coats.NAMED)
    else:
        names = [name for pair in zip(coats.BARE, coats.NAMED, strict=False) for name in pair]
        names += [name for name in coats.NAMED if name not in names]
    return [names[(place + step) % len(names)] for step in range(count)]


def texts(case: Case, place: int, count: int) -> list[str]:
    """Return what the library prints for a case, in coats chosen by its place in the list."""
    every = coats.NAMED | coats.BARE
    try:
        said = case.run()
    except (ImportError, AttributeError):
        return []  # this version has no such thing
    except Exception as error:  # noqa: BLE001 - whatever the library raises is what is recorded
        return [coats.placed(every[name](error)) for name in _chosen(case, place, count)]
    if isinstance(said, str):
        said = [said]
    # what is neither a text nor texts is what a version returns that accepts what others reject
    return [coats.placed(one) for one in said] if isinstance(said, list) else []


def released(packages: str) -> str:
    """Return the version of the first of the packages, which are cut at commas, that is here."""
    for package in packages.split(","):
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    raise PackageNotFoundError(packages)


def main() -> None:
    module, packages = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    release = released(packages)
    shift = sum(ord(letter) for letter in release)
    for place, case in enumerate(importlib.import_module(module).CASES):
        for text in [one for one in texts(case, place + shift, count) if case.says in one]:
            row = {
                "text": text,
                "reason": case.reason,
                "outcome": case.outcome,
                "also": list(case.also),
                "captures": case.captures,
                "library": module.removeprefix("lib_").replace("_", "-"),
                "version": release,
                "origin": "recorded",
                "program": f"tests/corpus/recorders/python/{module}.py",
            }
            print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
