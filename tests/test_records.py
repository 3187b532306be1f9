"""Files that are no logs: what they tell is not counted as rejections."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from reading import write

from logclass import pipeline, report
from logclass.cli import logclass as command
from logclass.render import html

LOG = "".join(
    f"2031-05-06T07:{minute:02}:09Z ERROR [auth] JsonWebTokenError: jwt audience invalid. expected: web\n"
    for minute in range(60)
).encode()


def test_earlier_reports_beside_the_logs_change_nothing(compiled, tmp_path):
    write(tmp_path, {"auth.log": LOG})
    options = pipeline.Options(workers=1)
    first = pipeline.diagnose(pipeline.read([str(tmp_path)], options), command="logclass")
    written = {"page.html": html.render(first).encode(), "page.json": report.to_json(first)}
    write(tmp_path, written)
    second = pipeline.diagnose(pipeline.read([str(tmp_path)], options), command="logclass")
    told = [(one["source"], one["kind"], one["count"]) for one in second.document["faults"]]
    assert told == [("page.html", "own_report", 0), ("page.json", "own_report", 0)]
    assert {**second.document, "faults": []} == first.document


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["report", "auth.log", "--markdown", "-"], "ticket.md"),
        (["classify", "auth.log"], "rows.jsonl"),
        (["classify", "auth.log", "--format", "csv"], "rows.csv"),
        (["explain", "--json", "jwt expired"], "explained.jsonl"),
    ],
)
def test_what_a_command_wrote_beside_the_logs_is_not_counted_again(
    arguments, name, compiled, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"auth.log": LOG})
    run = CliRunner().invoke(command, arguments)
    assert run.exit_code == 0, run.output
    write(tmp_path, {name: run.stdout_bytes})
    intake = pipeline.read([str(tmp_path)], pipeline.Options(workers=1))
    document = pipeline.diagnose(intake, command="logclass").document
    assert [row["name"] for row in document["intake"]["sources"]] == ["auth.log"]
    assert sum(row["count"] for row in document["counts"]) == 60
    assert [(one["source"], one["kind"]) for one in document["faults"]] == [(name, "own_report")]


def test_rows_of_another_program_with_an_outcome_are_a_log(compiled, tmp_path):
    row = (
        b'{"time":"2031-05-06T07:00:09Z","source":"auth","outcome":"rejected","msg":"jwt expired"}'
    )
    write(tmp_path, {"auth.log": LOG, "rows.jsonl": row + b"\n"})
    intake = pipeline.read([str(tmp_path)], pipeline.Options(workers=1))
    assert not intake.summary.faults
    assert len(intake.summary.sources) == 2
