"""Names that stand at one place in the head of text lines, and what looks like one and is none.

The forms are those that loggers print; the lines are made by hand after them.
"""

from __future__ import annotations

import pytest
from test_store_exports import PODS, STORY, Line, holds_the_story, read

TASKS = "8e969d5e9e9c9747d96d7a314790a0f9", "6817f31ddd71e6bbdac44b9844d22aa4"


def text(form: str) -> str:
    """Return the story as lines; form: one line, with the story's fields in braces."""
    return "".join(
        form.format(
            iso=line.iso, space=line.at("%Y-%m-%d %H:%M:%S"), ms=f"{line.ms % 1000:03d}",
            level="ERROR" if line.reason else "INFO", padded="ERROR" if line.reason else " INFO",
            text=line.text, pod=line.pod, odd=line.number % 2, third=line.number % 3,
            number=line.number, us=line.at("%m/%d/%Y %I:%M:%S.%3 %p"),
            task=TASKS[line.number % 2], trace=f"{line.number // 5:032x}",
        )
        + "\n"
        for line in STORY
    )  # fmt: skip


HOSTS = {"host-0", "host-1"}
NAMED = {
    "in brackets behind the time": ("{space},{ms} [host-{odd}] [{level}] auth: {text}", "", HOSTS),
    "in brackets behind the level": ("{space},{ms} {level} [host-{odd}] {text}", "", HOSTS),
    "service and instance": (
        "[{space},{ms}] [orders-api] [web-{odd}] [{level}] {text}",
        "orders-api",
        {"web-0", "web-1"},
    ),
    "fields between bars": (
        "{iso}|{level}|orders-api|ip-10-0-1-{odd}|140213|{text}",
        "orders-api",
        {"ip-10-0-1-0", "ip-10-0-1-1"},
    ),
    "pod before the time": ("{pod} {iso} {level} {text}", "orders-api", set(PODS)),
    "columns behind tabs": ("{iso}\t{pod}\t{level}\t{text}", "orders-api", set(PODS)),
    "JSON arrays": ('["{iso}","{pod}","{level}","{text}"]', "orders-api", set(PODS)),
    "service and instance in one": (
        "{iso} {level} [orders-api/orders-api-{odd}] {text}",
        "orders-api",
        {"orders-api-0", "orders-api-1"},
    ),
    "host, program and process": (
        "{space},{ms} frankfurt orders-api[77] {level} {text}",
        "orders-api",
        {"frankfurt"},
    ),
    "behind a thread": (
        "{space}.{ms} [http-nio-8080-exec-{third}] [node-{odd}] {level} c.e.Filter - {text}",
        "",
        {"node-0", "node-1"},
    ),
    "in colours": (
        "{iso} \x1b[32m{level}\x1b[0m [\x1b[36mhost-{odd}\x1b[0m] {text}",
        "",
        HOSTS,
    ),
    "tasks of ECS": ("{iso} {level} [{task}] auth.auth: {text}", "", set(TASKS)),
    "a service of sessions": (
        "{space},{ms} [session-service-{odd}] [{level}] {text}",
        "session-service",
        {"session-service-0", "session-service-1"},
    ),
    "a service called like what is counted": (
        "{space},{ms} {level} [order-api-{odd}] {text}",
        "order-api",
        {"order-api-0", "order-api-1"},
    ),
    "Spring Boot's application": (
        "{iso} {padded} 1 --- [orders-api] [nio-8080-exec-{odd}] c.e.JwtFilter  : {text}",
        "orders-api",
        {""},
    ),
}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_names_at_one_place_of_the_lines(name: str) -> None:
    form, service, instances = NAMED[name]
    found = read(text(form))
    holds_the_story(found, 1000)
    assert found.instances == instances
    assert found.services == ({service} if service else found.services)


NUMBERED = {
    "threads of a pool": "{space},{ms} [pool-1-thread-{odd}] {level} a.B - {text}",
    "Tomcat's threads": "{iso} {padded} 1 --- [nio-8080-exec-{odd}] c.e.JwtFilter : {text}",
    "workers": "{space},{ms} [worker-{odd}] {level} {text}",
    "requests": "{space},{ms} [req-{number}] {level} {text}",
    "ids that do not come again": "{space},{ms} [abc-{number}] {level} {text}",
    "traces of five lines each": "{iso} {level} [{trace}] auth.auth: {text}",
    "versions": "{space},{ms} [orders-1.4.{odd}] {level} {text}",
    "what is counted": "{space},{ms} [order-{odd}] {level} {text}",
    "regions": "{space},{ms} [us-east-{odd}] {level} {text}",
    "a main thread beside a trace": (
        "{iso} {padded} 1 --- [main] [4bf92f3577b34da6-{odd}] c.e.JwtFilter : {text}"
    ),
    "loggers": "{space},{ms} - auth.middleware - {level} - {text}",
}


@pytest.mark.parametrize("name", sorted(NUMBERED))
def test_threads_requests_and_versions_are_no_instances(name: str) -> None:
    found = read(text(NUMBERED[name]))
    holds_the_story(found, 1000)
    assert found.instances == {""}


def test_levels_set_to_the_right_begin_records() -> None:
    def shown(line: Line) -> str:
        trace = "\n    at verify (/app/node_modules/jsonwebtoken/verify.js:190:21)\n}"
        return f"error: {line.text}{trace}\n" if line.reason else f" info: {line.text}\n"

    found = read("".join(map(shown, STORY)))
    assert found.events == len(STORY)
    assert sorted(reason for _, reason in found.refused) == sorted(
        line.reason for line in STORY if line.reason
    )


def test_what_an_error_holds_stands_below_its_stack() -> None:
    """Egg's logger prints the error's own values on lines of their own."""

    def shown(line: Line) -> str:
        stamp = line.at("%Y-%m-%d %H:%M:%S,%3")
        if not line.reason:
            return f"{stamp} INFO 77 {line.text}\n"
        kind, _, said = line.text.removeprefix("token rejected: ").partition(": ")
        return (
            f"{stamp} ERROR 77 nodejs.{kind}: {said}\n    at verify (/app/verify.js:190:21)\n"
            f'name: "{kind}"\nmessage: "{said}"\npid: 77\nhostname: web-1\n\n'
        )

    holds_the_story(read("".join(map(shown, STORY))))
