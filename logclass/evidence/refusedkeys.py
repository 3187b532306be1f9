"""The claim delta of tokens whose key was refused: which key they named, if the log says so."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.claims import MOST, delta_of, of_services, spread
from logclass.evidence.contrast import weights
from logclass.evidence.series import text
from logclass.evidence.slice import plain
from logclass.model import ClaimDelta
from logclass.vocabulary import Reason

if TYPE_CHECKING:
    import pandas as pd

    from logclass.model import Contract

REFUSED = (Reason.SIGNATURE_INVALID, Reason.KEY_NOT_FOUND, Reason.DECRYPTION_FAILED)
MEANT = "This is the key id that is meant: the key behind it differs."


def delta(rows: pd.DataFrame, contracts: tuple[Contract, ...]) -> tuple[ClaimDelta, ...]:
    """Return one row for each key id of the refused tokens, most frequent first, at most twelve.

    Where the log names none, one row says so: what it would have told is the first thing to log.
    """
    told = spread(rows[rows["reason"].isin(REFUSED)])
    if not len(told):
        return ()
    told = plain(told)
    kid = text(told, "kid").to_numpy(dtype=object)
    shown = [str(name) for name in weights(told, "kid").index[:MOST]]
    groups = [(name, told[kid == name]) for name in shown] or [("", told)]
    return tuple(_of_kid(name, part, contracts) for name, part in groups)


def _of_kid(kid: str, part: pd.DataFrame, contracts: tuple[Contract, ...]) -> ClaimDelta:
    contract = of_services(contracts, [str(name) for name in part["service"].unique()])
    meant = contract.kid if contract is not None else ()
    is_meant = kid in meant
    found = delta_of(
        part.assign(
            claim="kid",
            expected=json.dumps(meant) if meant and not is_meant else "",
            actual=json.dumps([kid]) if kid else "",
            withheld=np.zeros(len(part), dtype=bool),
        ),
        contract,
    )
    return replace(found, hint=MEANT) if is_meant else found
