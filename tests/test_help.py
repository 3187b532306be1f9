"""Every command shows how it is called, with options that it has."""

import shlex

import click
import pytest

from logclass.cli import logclass


def commands(group, path=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        yield (*path, name), command


EXAMPLES = [
    (line, path)
    for path, command in commands(logclass)
    for line in (command.epilog or "").splitlines()
    if "logclass" in line
]


@pytest.mark.parametrize(("line", "path"), EXAMPLES, ids=[line.strip() for line, _ in EXAMPLES])
def test_an_example_names_the_command_and_options_that_it_has(line, path):
    words = shlex.split(line[line.index("logclass") :].split("|")[0])[1:]
    assert tuple(words[: len(path)]) == path
    command = dict(commands(logclass))
    named = max((one for one in command if tuple(words[: len(one)]) == one), key=len)
    known = {name for one in command[named].params for name in one.opts}
    assert {word for word in words if word.startswith("-") and word != "-"} <= known


def test_the_commands_that_are_run_most_have_examples():
    assert {path for _, path in EXAMPLES} >= {("report",), ("classify",), ("explain",)}
