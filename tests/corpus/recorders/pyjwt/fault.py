"""What one provocation is, and the shortest way to make one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import app
from tokens import SECRET, token

if TYPE_CHECKING:
    from collections.abc import Callable

NEWEST = (99,)


@dataclass(frozen=True)
class Fault:
    """One provocation."""

    name: str
    reason: str | None
    run: Callable[[], object]
    captures: dict[str, list[str]] = field(default_factory=dict)
    since: tuple[int, ...] = (0,)  # the first version that has this check
    until: tuple[int, ...] = NEWEST  # the first version that has it no more
    bare: bool = False  # needs the absence of cryptography
    coats: str = "all"  # "all", or "traceback" where only a traceback tells whose words they are
    outcome: str = "rejected"
    by_class: bool = False  # the name of the class alone tells the reason


def verifying(claims: dict[str, Any] | None = None, /, **checks: Any) -> Callable[[], object]:
    return lambda: app.verify(token(claims), SECRET, ["HS256"], **checks)
