"""What the AWS CLI prints as text, without the names of fields: it is told apart, not read."""

from __future__ import annotations

import re

from logclass.changes.rows import ChangeRead, Document
from logclass.model import Fault

FORMAT = "aws cli"

_TEXT = re.compile(
    r"(?:\S+\t\S+\t?\r?\n)?(?:SERVICES|TASKS|SERVICEDEPLOYMENTS|DEPLOYMENTINFO|DEPLOYMENTSINFO|VERSIONS|SECRETLIST"
    r"|PARAMETERS|ROTATIONS|TASKDEFINITION|arn:aws[\w-]*:(?:secretsmanager|ecs|kms):\S+)[\t\r\n]"
)


def read(document: Document) -> ChangeRead | None:
    """Return a fault that says how to export it instead, or None where it is no such print."""
    if not _TEXT.match(document.text[:4000].lstrip()):
        return None
    detail = "AWS CLI output as text: export it again with --output json"
    return ChangeRead((), (Fault(document.name, "not_json", detail, 1),), FORMAT)
