"""Runs the real AWS CLI against a local endpoint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REGION = "eu-west-1"

# The same form of times that AWS CLI v2 writes; v1 would write epoch seconds.
CONFIG = f"[default]\nregion = {REGION}\noutput = json\ncli_timestamp_format = iso8601\n"


class AwsCli:
    """`aws` with throw-away credentials, pointed at one endpoint."""

    def __init__(self, endpoint: str, scratch: Path) -> None:
        config = scratch / "aws-config"
        config.write_text(CONFIG)
        self.endpoint = endpoint
        self._environment = dict(
            os.environ,
            AWS_ACCESS_KEY_ID="sample",
            AWS_SECRET_ACCESS_KEY="sample",
            AWS_CONFIG_FILE=str(config),
            AWS_SHARED_CREDENTIALS_FILE=str(scratch / "no-credentials"),
            TZ="UTC",
        )

    def __call__(self, *arguments: str) -> bytes:
        """Run one command and return what it prints."""
        program = str(Path(sys.executable).with_name("aws"))
        command = [program, "--endpoint-url", self.endpoint, *arguments]
        return subprocess.run(
            command, env=self._environment, check=True, stdout=subprocess.PIPE
        ).stdout
