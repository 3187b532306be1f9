"""JSON log lines with python-json-logger, as both services write them."""

from __future__ import annotations

import logging
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter


class _ContainerPaths(JsonFormatter):
    """Writes file paths as they are in the container image."""

    def __init__(self, paths: dict[str, str], **options) -> None:
        super().__init__(**options)
        self._paths = paths

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for here, there in self._paths.items():
            text = text.replace(here, there)
        return text


def json_logger(output: TextIO, paths: dict[str, str], **fields: str) -> logging.Logger:
    """Return a logger; `fields` stand in each of its lines."""
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        _ContainerPaths(
            paths,
            fmt="{levelname}{name}{message}",
            style="{",
            rename_fields={"levelname": "level", "name": "logger"},
            static_fields=fields,
            timestamp=True,
        )
    )
    logger = logging.Logger(fields["service"], logging.DEBUG)
    logger.addHandler(handler)
    return logger
