"""Changes to a bundle that must not, and that must, change the verdict on it."""

from __future__ import annotations

import csv
import io
import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from logclass import pipeline
from logclass.drills.drill import make
from logclass.drills.verifying import Verifiers
from logclass.drills.world import Wanted

WANTED = Wanted(
    requests=1800, instances=3, log_format="json", change_format="csv", records="intact"
)
DRILLS = (
    ("rotation_without_overlap", 4),
    ("partial_rollout", 4),
    ("stale_key_cache", 6),
    ("secret_changed_by_deploy", 2),
    ("key_format_changed", 2),
    ("key_missing", 2),
    ("algorithm_changed", 2),
    ("clock_skew", 8),
    ("claim_contract_drift", 8),
    ("header_stripped", 2),
    ("refresh_failure", 4),
    ("jwks_outage", 2),
    ("library_upgrade", 2),
    ("hostile_probe", 2),
)
USUAL = {}
STAMP = re.compile(r"(20\d\d-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z")
ACCESS = re.compile(r"\[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d) \+0000\]")
EPOCH = re.compile(r'(?<="(?:iat|exp)": )\d{10}')


@pytest.fixture(scope="module", params=DRILLS, ids=lambda one: one[0])
def drill(request):
    return make(*request.param, WANTED, Verifiers())


def diagnosed(files, directory):
    for name, data in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    intake = pipeline.read([str(directory)], pipeline.Options(workers=1))
    return pipeline.diagnose(intake, command="test").document


@pytest.fixture(autouse=True)
def _compiled_once(compiled):
    """Compile the patterns once for all tests."""


@pytest.fixture
def usual(drill, tmp_path):
    """Return the verdict on the drill as it is."""
    if drill.truth["cause"] not in USUAL:
        USUAL[drill.truth["cause"]] = verdict(drill.files, tmp_path / "usual")
    return USUAL[drill.truth["cause"]]


def verdict(files, directory):
    """Return (first cause, named change, onset) of the first incident."""
    incidents = diagnosed(files, directory)["incidents"]
    assert incidents, "no incident was found"
    first = incidents[0]
    named = [one["id"] for one in first["changes"] if one["verdict"] == "caused"]
    onset = datetime.fromisoformat(first["onset"])
    return first["causes"][0]["cause"], named, onset


def is_log(name):
    return name.endswith(".log") and "gateway" not in name


def records(drill):
    return list(csv.DictReader(io.StringIO(drill.files["changes.csv"].decode())))


def with_records(drill, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return {**drill.files, "changes.csv": out.getvalue().encode()}


def test_the_verdict_is_right(drill, usual):
    cause, named, _ = usual
    assert cause == drill.truth["cause"]
    assert bool(named) is bool(drill.truth["causing_changes"])
    assert set(named) <= set(drill.truth["causing_changes"])


def test_moving_all_times_moves_only_the_onset(drill, usual, tmp_path):
    by = timedelta(days=3, hours=5)

    def move(data):
        def stamp(found):
            moved = datetime.fromisoformat(f"{found[1]}T{found[2]}") + by
            return f"{moved:%Y-%m-%dT%H:%M:%S}{found[3] or ''}Z"

        def access(found):
            moved = datetime.strptime(found[1], "%d/%b/%Y:%H:%M:%S").replace(tzinfo=UTC) + by
            return f"[{moved:%d/%b/%Y:%H:%M:%S} +0000]"

        def epoch(found):
            return str(int(found[0]) + int(by.total_seconds()))

        text = STAMP.sub(stamp, data.decode())
        return EPOCH.sub(epoch, ACCESS.sub(access, text)).encode()

    moved = {name: move(data) for name, data in drill.files.items()}
    cause, named, onset = usual
    assert verdict(moved, tmp_path / "b") == (cause, named, onset + by)


def test_new_names_of_services_change_nothing(drill, usual, tmp_path):
    names = sorted({name.split(".")[0].split("/")[0] for name in drill.files if is_log(name)})
    names = [name for name in names if name != "identity-provider"]

    def renamed(text):
        for number, name in enumerate(names):
            text = text.replace(name, f"tenant{number}-{'xy'[number % 2]}svc")
        return text

    files = {renamed(name): renamed(data.decode()).encode() for name, data in drill.files.items()}
    assert verdict(files, tmp_path / "b") == usual


def test_the_order_of_lines_changes_nothing(drill, usual, tmp_path):
    def shuffled(data):
        lines = data.decode().splitlines(keepends=True)
        random.Random(1).shuffle(lines)
        return "".join(lines).encode()

    files = {name: shuffled(data) if is_log(name) else data for name, data in drill.files.items()}
    assert verdict(files, tmp_path / "b") == usual


def test_ten_times_the_requests_change_nothing(drill, tmp_path):
    seed, cause = drill.truth["seed"], drill.truth["cause"]
    busy = make(cause, seed, replace(WANTED, requests=10 * WANTED.requests), Verifiers())
    found, named, _ = verdict(busy.files, tmp_path)
    assert found == cause
    assert bool(named) is bool(busy.truth["causing_changes"])
    assert set(named) <= set(busy.truth["causing_changes"])


def test_exporting_a_log_twice_changes_nothing(drill, usual, tmp_path):
    copies = {f"again/{name}": data for name, data in drill.files.items() if is_log(name)}
    twice = {**drill.files, **copies}
    assert verdict(twice, tmp_path / "b") == usual


def test_without_its_record_no_change_is_named(drill, tmp_path):
    ids = {*drill.truth["causing_changes"], *drill.truth["undoing_changes"]}
    left = [row for row in records(drill) if row["id"] not in ids]
    files = dict(drill.files)
    files.pop("changes.csv")
    files |= with_records(drill, left) if left else {}
    if not left:
        files.pop("changes.csv", None)
    _, named, _ = verdict(files, tmp_path)
    assert named == []


def test_a_change_after_the_onset_is_vetoed(drill, tmp_path):
    ids = set(drill.truth["causing_changes"])
    rows = records(drill)
    late = datetime.fromisoformat(drill.truth["onset"]) + timedelta(minutes=20)
    for row in rows:
        if row["id"] in ids:
            row["time"] = f"{late:%Y-%m-%dT%H:%M:%SZ}"
    document = diagnosed(with_records(drill, rows), tmp_path)
    weighed = {one["id"]: one for one in document["incidents"][0]["changes"]}
    for id_ in ids & set(weighed):
        assert weighed[id_]["verdict"] == "vetoed"
        assert weighed[id_]["vetoed_because"]
    assert not any(one["verdict"] == "caused" for one in weighed.values())
