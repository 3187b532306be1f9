"""What the AWS CLI prints as table or text: it is told apart, not read."""

from __future__ import annotations

import re

from logclass.changes.rows import ChangeRead, Document
from logclass.model import Fault

FORMAT = "aws cli"

# Log events as a table are for the log formats to refuse.
_TABLE = re.compile(
    r"-{10,}\r?\n\|+ +(?!GetLogEvents|GetQueryResults)"
    r"(?:Describe|List|Lookup|Get|BatchGet)[A-Z]\w+ +\|"
)
_TEXT = re.compile(
    r"(?:\S+\t\S+\t?\r?\n)?(?:SERVICES|TASKS|SERVICEDEPLOYMENTS|DEPLOYMENTINFO|DEPLOYMENTSINFO|VERSIONS|SECRETLIST"
    r"|PARAMETERS|ROTATIONS|TASKDEFINITION|arn:aws[\w-]*:(?:secretsmanager|ecs|kms):\S+)[\t\r\n]"
)


def read(document: Document) -> ChangeRead | None:
    """Return a fault that says how to export it instead, or None where it is no such print."""
    start = document.text[:4000].lstrip()
    form = "table" if _TABLE.match(start) else "text" if _TEXT.match(start) else ""
    if not form:
        return None
    detail = f"AWS CLI output as {form}: export it again with --output json"
    return ChangeRead((), (Fault(document.name, "not_json", detail, 1),), FORMAT)
