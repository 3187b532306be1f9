"""Every fault, in a fixed order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import server
from claimfaults import claim_faults
from foreign import foreign_faults
from keyfaults import key_faults
from keysetfaults import client_faults, key_set_faults
from tokenfaults import header_faults, signature_faults, token_faults

if TYPE_CHECKING:
    from fault import Fault


def all_faults() -> list[Fault]:
    """Return every fault; starts the key set endpoint."""
    address, nobody = server.start(), server.closed_port()
    return [
        *signature_faults(),
        *claim_faults(),
        *token_faults(),
        *header_faults(),
        *key_faults(),
        *key_set_faults(),
        *client_faults(address, nobody),
        *foreign_faults(),
    ]
