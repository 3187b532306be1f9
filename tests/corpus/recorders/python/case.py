"""What a case of the recorder is: one fault, made on purpose, and the reason it must get."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Case:
    """A fault to provoke; `run` raises what the library raises, or returns what it printed.

    `named` says that the bare message is another library's too: only coats that show the class
    of the exception or its stack are recorded.
    """

    run: Callable[[], object]
    reason: str | None
    also: tuple[str, ...] = ()
    captures: dict[str, list[str]] = field(default_factory=dict)
    named: bool = False
    outcome: str = "rejected"
    traced: bool = False  # only the stack tells that a token was rejected
    says: str = ""  # recorded where the text says so; other versions and coats say less
