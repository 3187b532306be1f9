"""Run the loggers, keep what each wrote, and write the table of what is in it. See record.sh."""

from __future__ import annotations

import json
import os
import struct
import subprocess
from datetime import UTC, datetime
from pathlib import Path

OUT = Path("/app/out")
PRELOAD = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
FAKED = {
    "LD_PRELOAD": PRELOAD,
    "FAKETIME": "@2031-05-06 07:00:00 x20",
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "NO_FAKE_STAT": "1",
}
LOGBACK = {
    "boot2": "%d{yyyy-MM-dd HH:mm:ss.SSS} %5p 7 --- [%15.15t] %-40.40logger{39} : %m%n%ex",
    "boot3": "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %5p 7 --- [orders-api] [%15.15t] %-40.40logger{39}"
    " : %m%n%ex",
    "dmy": "%d{dd/MM/yyyy HH:mm:ss.SSS} [%thread] %-5level %logger{36} - %msg%n",
    "yymmdd": "%d{yy/MM/dd HH:mm:ss} %p %logger{2}: %m%n",
}
LOG4J = {
    "date": '<PatternLayout pattern="%d{DATE} [%t] %p %c - %m%n"/>',
    "us": '<PatternLayout pattern="%d{MM/dd/yyyy hh:mm:ss a} %p %m%n"/>',
    "basic": '<PatternLayout pattern="%d{ISO8601_BASIC} %p %m%n"/>',
    "unix": '<PatternLayout pattern="%d{UNIX_MILLIS} %p %c %m%n"/>',
    "json": '<JsonTemplateLayout eventTemplateUri="classpath:JsonLayout.json"/>',
    "ecs": '<JsonTemplateLayout eventTemplateUri="classpath:EcsLayout.json"/>',
    "gelf": '<JsonTemplateLayout eventTemplateUri="classpath:GelfLayout.json"/>',
}
JSON, TEXT = "json-lines", "text"
# name: (language, form, service and instance as records name them)
NODE = {
    "pino-iso": (JSON, "orders-api", "host-a"), "pino-pretty-sys": (TEXT, "", ""),
    "winston-cli": (TEXT, "", ""), "winston-logstash": (JSON, "", ""),
    "log4js-basic": (TEXT, "", ""), "nest": (TEXT, "", ""), "tslog": (TEXT, "", ""),
    "console-date": (TEXT, "", ""), "ecs-pino": (JSON, "orders-api", "host-a"),
    "roarr": (JSON, "orders-api", ""), "winston-simple": (TEXT, "orders-api", ""),
    "egg": (TEXT, "", ""),
}  # fmt: skip
PYTHON = {
    "py-datefmt": (TEXT, "", ""), "py-us": (TEXT, "", ""), "colorlog": (TEXT, "", ""),
    "rich": (TEXT, "", ""), "structlog-kv": (TEXT, "", ""),
    "structlog-logfmt": (TEXT, "", ""), "loguru-custom": (TEXT, "", ""),
    "logfmter-default": (TEXT, "", ""), "ecs-logging": (JSON, "orders-api", ""),
    "pjl-timestamp": (JSON, "", ""), "otel-console": ("json-array", "orders-api", "orders-api-1"),
    "tornado": (TEXT, "", ""), "celery": (TEXT, "", ""), "powertools": (JSON, "orders-api", ""),
    "twisted": (TEXT, "", ""), "brackets": (TEXT, "orders-api", "host-a-1"),
    "oslo": (TEXT, "", ""),
}  # fmt: skip
GO = {
    "zap-console": (TEXT, "", ""), "zap-rfc822": (TEXT, "", ""), "zap-nanos": (JSON, "", ""),
    "logrus-fulltime": (TEXT, "", ""), "logrus-caller": ("json-array", "", ""),
    "zerolog-unix": (JSON, "orders-api", ""), "hclog": (TEXT, "", ""), "apex-cli": (TEXT, "", ""),
    "log15": (TEXT, "orders-api", ""), "charm": (TEXT, "", ""), "gokit": (TEXT, "", ""),
    "slog-default": (TEXT, "", ""),
}  # fmt: skip
UNTIMED = {"apex-cli", "logfmter-default"}


def shot(command: list[str], name: str, env: dict[str, str], cwd: str) -> bytes:
    environment = {
        "PATH": os.environ["PATH"],
        "TZ": "UTC",
        "HOME": "/app",
        "BOOK": "/app/book.json",
    }
    environment |= {"NODE_ENV": "production", "PYTHONUNBUFFERED": "1"} | env
    ran = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, cwd=cwd,
        check=False,
    )  # fmt: skip
    if ran.returncode:
        raise SystemExit(f"{name}: {ran.stdout.decode(errors='replace')[-600:]}")
    return ran.stdout


def stamp(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def keep(name: str, data: bytes, form: tuple[str, str, str]) -> str:
    """Write a fixture and return its row."""
    book = json.loads(Path("/app/book.json").read_text())
    path = OUT / "fixtures" / name / "stdout.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    counts = ", ".join(f"{reason} = {n}" for reason, n in sorted(book["rejections"].items()))
    lines = [
        "[[fixture]]", f'file = "loggers/{name}/stdout.log"', f'format = "{form[0]}"',
        f"events = {book['events']}", f"rejections = {{ {counts} }}",
    ]  # fmt: skip
    if name.split("/")[-1] not in UNTIMED:
        refused = book["refused_ms"]
        lines += [
            f'first = "{stamp(book["first_ms"])}"', f'last = "{stamp(book["last_ms"])}"',
            f'first_rejection = "{stamp(refused[0])}"', f'last_rejection = "{stamp(refused[-1])}"',
        ]  # fmt: skip
    lines += [f'services = ["{form[1]}"]'] if form[1] else []
    lines += [f'instances = ["{form[2]}"]'] if form[2] else []
    print(name, len(data))
    return "\n".join(lines) + "\n"


def played_back(data: bytes) -> bytes:
    """Take off the headers that Go's faketime puts before each write: magic, time, length."""
    said = []
    while data[:4] == b"\0\0PB":
        length = struct.unpack_from(">4sQI", data)[2]
        said.append(data[16 : 16 + length])
        data = data[16 + length :]
    return b"".join(said)


def java() -> list[str]:
    rows = []
    path = "target/classes:target/dependency/*"
    for name, pattern in LOGBACK.items():
        Path("/app/java/conf.xml").write_text(
            '<configuration><appender name="S" class="ch.qos.logback.core.ConsoleAppender"><encoder>'
            f'<pattern>{pattern}</pattern></encoder></appender><root level="info">'
            '<appender-ref ref="S"/></root></configuration>'
        )
        command = ["java", "-Dlogback.configurationFile=conf.xml", "-cp", path, "Emit", "logback"]
        data = shot([*command, "/app/book.json"], name, FAKED, "/app/java")
        rows.append(keep(f"logback-{name}", data, (TEXT, "", "")))
    for name, layout in LOG4J.items():
        Path("/app/java/conf.xml").write_text(
            f'<Configuration><Appenders><Console name="C">{layout}</Console></Appenders><Loggers>'
            '<Root level="info"><AppenderRef ref="C"/></Root></Loggers></Configuration>'
        )
        command = ["java", "-Dlog4j2.configurationFile=conf.xml", "-cp", path, "Emit", "log4j"]
        data = shot([*command, "/app/book.json"], name, FAKED, "/app/java")
        is_json = layout.startswith("<Json")
        instance = "host-a" if name == "gelf" else ""
        rows.append(keep(f"log4j-{name}", data, (JSON if is_json else TEXT, "", instance)))
    for name in ("jul", "tinylog"):
        command = ["java", "-cp", path, "Emit", name, "/app/book.json"]
        rows.append(keep(name, shot(command, name, FAKED, "/app/java"), (TEXT, "", "")))
    return rows


def main() -> None:
    rows = []
    for name, form in NODE.items():
        rows.append(keep(name, shot(["node", "emit.js", name], name, FAKED, "/app/node"), form))
    for name, form in PYTHON.items():
        command = ["/app/py/v/bin/python", "emit.py", name]
        rows.append(keep(name, shot(command, name, FAKED, "/app/py"), form))
    for name, form in GO.items():
        data = shot(["/app/go/emit", name, "/app/book.json"], name, {}, "/app/go")
        rows.append(keep(name, played_back(data), form))
    rows += java()
    for name in ("plain", "prog", "rails"):
        data = shot(["ruby", "emit.rb", name, "/app/book.json"], name, FAKED, "/app/rb")
        service = "orders-api" if name == "prog" else ""
        rows.append(keep(f"ruby-{name}", data, (TEXT, service, "")))
    head = "# Written by recorders/loggers/record.py: what each program was made to log.\n\n"
    (OUT / "loggers.toml").write_text(head + "\n".join(rows))


main()
