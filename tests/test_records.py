"""Files that are no logs: what they tell is not counted as rejections."""

from __future__ import annotations

from reading import write

from logclass import pipeline, report
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
