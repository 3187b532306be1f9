"""Record what real PyJWT versions print when a token is rejected.

    python record.py FOLDER > pyjwt.jsonl

FOLDER holds the environments made by make_venvs.sh. Each runs this file with `--here`, which
provokes every fault with the version it has and prints all its coats; then a few per fault and
text are chosen, by their place in the list only, never by what a pattern makes of them.
"""

from __future__ import annotations

import collections
import collections.abc
import json
import logging
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import types

PROGRAM = "tests/corpus/recorders/pyjwt/record.py"
_COATS_EACH = {"key_invalid": 1, "jwks_unavailable": 1}  # besides the bare text; others two ...
_COATS_MAIN = 7  # ... and this many of the faults that fill real logs


def version_of(text: str) -> tuple[int, ...]:
    """Return "2.10.1" as (2, 10, 1)."""
    return tuple(int(part) for part in text.split("."))


def provoke_all() -> list[dict[str, Any]]:
    """Return what this environment's PyJWT prints: one entry per fault that was rejected."""
    # PyJWT 1.5 looks for a name where Python 3.12 has it no more.
    collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
    import jwt
    from allfaults import all_faults
    from tokens import HAS_CRYPTOGRAPHY

    warnings.simplefilter("ignore")
    logging.raiseExceptions = True
    version = version_of(jwt.__version__)
    found = [
        _provoke(fault, jwt.__version__)
        for fault in all_faults()
        if fault.since <= version < fault.until and fault.bare is not HAS_CRYPTOGRAPHY
    ]
    return [entry for entry in found if entry["texts"]]


def _provoke(fault: Any, version: str) -> dict[str, Any]:
    import coats

    entry = {
        "name": fault.name,
        "reason": fault.reason,
        "outcome": fault.outcome,
        "captures": fault.captures,
        "version": version,
        "python": sys.version_info[:2],
        "key": "",
        "texts": {},
        "traced": list(coats.TRACED),
    }
    if fault.coats == "warning":
        texts = [coats.placed(text) for text in coats.warned(fault.run)]
        return {**entry, "texts": dict(zip(("bare", "line"), texts, strict=False))}
    try:
        fault.run()
    except Exception as error:  # noqa: BLE001 - every kind of failure is what is recorded
        own = _without_recorder(error)
        chosen = coats.TRACED if fault.coats == "traceback" else coats.PLAIN | coats.TRACED
        chosen = chosen | (coats.CLASS_ONLY if fault.by_class else {})
        texts = {name: coats.placed(write(own)) for name, write in chosen.items()}
        if fault.coats != "traceback":
            texts["bare"] = coats.placed(str(error))
        if fault.outcome == "none":
            # the others say "rejected", which is not true of these
            texts = {name: text for name, text in texts.items() if name not in coats.REJECTING}
        return {**entry, "key": f"{type(error).__name__}: {texts.get('bare', '')}", "texts": texts}
    sys.stderr.write(f"{version}: {fault.name}: not rejected\n")
    return entry


def _without_recorder(error: Exception) -> Exception:
    """Return the error with a traceback that begins in the service, not in this recorder."""
    frame: types.TracebackType | None = error.__traceback__
    while frame is not None and not frame.tb_frame.f_code.co_filename.endswith("app.py"):
        frame = frame.tb_next
    return error.with_traceback(frame or error.__traceback__)


def choose(runs: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return corpus lines: each text bare once, and some coats of each fault over the versions."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for run in runs:
        for entry in run:
            by_name.setdefault(entry["name"], []).append(entry)
    lines = []
    for place, entries in enumerate(by_name.values()):
        seen: set[str] = set()
        for entry in entries:
            if entry["key"] not in seen and "bare" in entry["texts"]:
                seen.add(entry["key"])
                lines.append(_line(entry, "bare"))
        lines += _coated(place, entries)
    unique = {line["text"]: line for line in reversed(lines) if line["text"]}
    return list(reversed(unique.values()))


def _coated(place: int, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = [name for name in entries[-1]["texts"] if name != "bare" and "class" not in name]
    traced = [name for name in names if name in entries[-1]["traced"]]
    plain = [name for name in names if name not in traced]
    pools = [pool for pool in (plain, traced) if pool]
    lines = []
    main = "class" in entries[-1]["texts"]
    for turn in range(_COATS_MAIN if main else _COATS_EACH.get(entries[-1]["reason"], 2)):
        if pools:
            pool = pools[(place + turn) % len(pools)]
            entry = entries[(place * 5 + turn * 3) % len(entries)]
            lines.append(_line(entry, pool[(place // 2 + turn) % len(pool)]))
    if "class" in entries[-1]["texts"]:
        lines += [_line(entries[0], "class"), _line(entries[-1], "class field")]
    return lines


def _line(entry: dict[str, Any], coat: str) -> dict[str, Any]:
    return {
        "text": entry["texts"][coat],
        "reason": entry["reason"],
        "outcome": entry["outcome"],
        "also": [],
        "captures": {} if "class" in coat else _known(entry["captures"]),
        "library": "pyjwt",
        "version": entry["version"],
        "origin": "recorded",
        "program": PROGRAM,
    }


def _known(captures: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in captures.items() if values}


def main() -> None:
    """Run in one environment, or in all of them and print the corpus."""
    if sys.argv[1:] == ["--here"]:
        sys.stdout.write(json.dumps(provoke_all()))
        return
    homes = sorted(
        Path(sys.argv[1]).glob("pyjwt-*"),
        key=lambda home: (version_of(home.name.split("-")[1]), home.name),
    )
    runs = []
    for home in homes:
        command = [str(home / "bin" / "python"), str(Path(__file__).resolve()), "--here"]
        runs.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    for line in choose(runs):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
