"""Of too many names of services and instances the busiest stay; no count is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from logclass import foldednames, pipeline

if TYPE_CHECKING:
    from pathlib import Path

INVENTED = 40


def bundle(folder: Path) -> str:
    """Write a service of two instances among others that are named once each."""
    lines = [("orders", f"web-{n % 2}", "jwt expired") for n in range(60)]
    lines += [(f"svc-{n}", f"host-{n}", "jwt expired") for n in range(INVENTED)]
    lines += [("orders", f"pod-{n}", "order stored") for n in range(INVENTED)]
    path = folder / "app.log"
    stamp = "2031-05-06T07:{:02}:09Z"
    records = (
        {"time": stamp.format(at % 60), "service": service, "hostname": host, "msg": said}
        for at, (service, host, said) in enumerate(lines)
    )
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(path)


def test_the_busiest_names_stay_and_all_is_counted(tmp_path: Path) -> None:
    whole = pipeline.read([bundle(tmp_path)], pipeline.Options(workers=1)).summary
    found = foldednames.folded(whole, most=2)
    for before, after, value in (
        (whole.tally, found.tally, "events"),
        (whole.counts, found.counts, "count"),
    ):
        assert after.schema == before.schema
        assert pc.sum(after.column(value)) == pc.sum(before.column(value))
    other = foldednames.OTHER
    rejected = found.counts.to_pandas().groupby(["service", "instance"], observed=True)["count"]
    assert rejected.sum().to_dict() == {
        ("orders", "web-0"): 30, ("orders", "web-1"): 30, (other, ""): INVENTED,
    }  # fmt: skip
    heard = found.tally.to_pandas().groupby(["service", "instance"], observed=True)["events"]
    assert heard.sum()["orders", other] == INVENTED
    assert {one.service for one in found.exemplars} <= {"orders", other}


def test_it_is_said_how_many_were_put_together(tmp_path: Path) -> None:
    whole = pipeline.read([bundle(tmp_path)], pipeline.Options(workers=1)).summary
    (fault,) = foldednames.folded(whole, most=2).faults
    assert fault.kind == "names"
    assert fault.detail.startswith(f"{2 * INVENTED} of {2 * INVENTED + 2} names ")


def test_few_names_stay_as_they_are(tmp_path: Path) -> None:
    whole = pipeline.read([bundle(tmp_path)], pipeline.Options(workers=1)).summary
    assert foldednames.folded(whole) is whole
