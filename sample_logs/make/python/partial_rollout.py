"""Exports what the simulated auth fleet printed into sample_logs/partial_rollout.

Usage: partial_rollout.py SIMULATION_DIRECTORY SCENARIO_DIRECTORY
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import aws_standin
import cloudtrail_records
import ecs_records
from aws_cli import AwsCli
from cloudwatch import push_and_export
from truth import write_truth
from virtual_clock import VirtualClock, iso, milliseconds, start

PORT = 5061
SPLIT = milliseconds("2031-05-06T10:30:00")
CHANGES = """\
time,kind,service,version,environment,description
2031-05-06T10:48:00Z,deploy,web,web@5.2.1,production,banner text and two style sheets
"""


def export_cloudwatch(simulation: dict[str, Any], lines: Path, bundle: Path, scratch: Path) -> None:
    """Run moto in virtual time, push the lines and export them."""
    clock = VirtualClock(scratch / "clock")
    clock.set(simulation["times"]["FLEET_STARTED"] - 120_000)
    endpoint = f"http://127.0.0.1:{PORT}"
    program = str(Path(__file__).with_name("moto_at_virtual_time.py"))
    command = [sys.executable, program, str(PORT), str(clock.path)]
    moto = start(command, endpoint)
    try:
        window = (simulation["times"]["START"], SPLIT, simulation["times"]["END"])
        push_and_export(lines, bundle, clock, AwsCli(endpoint, scratch), window)
    finally:
        moto.terminate()
        moto.wait()


def export_changes(simulation: dict[str, Any], bundle: Path, scratch: Path) -> None:
    """Write the ECS and CloudTrail answers, printed by the AWS CLI, and the change list."""
    (bundle / "changes.csv").write_text(CHANGES)
    moments = {"1120": "2031-05-06T11:20:00", "1230": "2031-05-06T12:30:00"}
    for name, moment in moments.items():
        now = milliseconds(moment)
        tasks = ecs_records.describe_tasks(simulation, now)
        answers = {
            "DescribeServices": ecs_records.describe_services(simulation, now),
            "DescribeTasks": tasks,
            "LookupEvents": cloudtrail_records.lookup_events(simulation["times"]),
        }
        with aws_standin.serving(answers) as endpoint:
            aws = AwsCli(endpoint, scratch)
            cluster = ("--cluster", "production")
            services = aws("ecs", "describe-services", *cluster, "--services", "auth")
            (bundle / f"ecs-describe-services-{name}.json").write_bytes(services)
            arns = [task["taskArn"] for task in tasks["tasks"]]
            listed = aws("ecs", "describe-tasks", *cluster, "--tasks", *arns)
            (bundle / f"ecs-describe-tasks-{name}.json").write_bytes(listed)
            events = aws("cloudtrail", "lookup-events")
            (bundle / "cloudtrail-lookup-events.json").write_bytes(events)


def truth(simulation: dict[str, Any]) -> dict[str, Any]:
    """Return what really happened, from the simulation's books."""
    times, failures = simulation["times"], simulation["signatureMs"]
    last_old = max(t["stoppedMs"] - 31_000 for t in simulation["tasks"] if t["version"] == "v1")
    at_1120 = milliseconds("2031-05-06T11:20:00")
    running = [t for t in simulation["tasks"] if ecs_records.is_running(t, at_1120)]
    rejecting = {host for host, n in simulation["byInstance"].items() if "signature_invalid" in n}
    return {
        "scenario": "partial_rollout",
        "window": [iso(times["START"]), iso(times["END"])],
        "incident": {
            "cause": "partial_rollout",
            "service": "auth",
            "reason": "signature_invalid",
            "onset": "2031-05-06T11:05:00Z",
            "first_failure": iso(failures[0]),
            "recovery": "2031-05-06T11:40:00Z",
            "last_old_container_out": iso(last_old),
            "failures_after_recovery": [
                iso(ms) for ms in failures if ms >= milliseconds("2031-05-06T11:40:00")
            ],
            "rejections": len(failures),
            "causing_change": cloudtrail_records.PUT_SECRET_ID,
            # The rotation, and the deploy that carried it half way: either names the change.
            "causing_changes": [
                cloudtrail_records.PUT_SECRET_ID,
                cloudtrail_records.REGISTER_ID,
                cloudtrail_records.UPDATE_ID,
                ecs_records.FIRST_ROLLOUT,
            ],
            "ending_changes": [
                cloudtrail_records.FORCED_ID,
                ecs_records.FORCED_ROLLOUT,
            ],
            "instances": sorted(rejecting),
        },
        "instances": [
            {
                "instance": task["hostname"],
                "stream": f"ecs/auth/{task['taskId']}",
                "slot": task["slot"],
                "key_version": task["version"],
                "in_service": iso(task["inServiceMs"]),
                "out_of_service": iso(task["stoppedMs"] - 31_000) if task["stoppedMs"] else None,
            }
            for task in simulation["tasks"]
        ],
        "old_containers_at_1120": sum(task["version"] == "v1" for task in running),
        "requests": simulation["totals"],
        "rejections_by_reason": simulation["byReason"],
        "rejections_by_instance": simulation["byInstance"],
        "rejections_by_minute": simulation["byMinute"],
    }


def main(simulated: Path, scenario: Path) -> None:
    """Rebuild the scenario's bundle and truth."""
    bundle = scenario / "bundle"
    shutil.rmtree(bundle, ignore_errors=True)
    bundle.mkdir(parents=True)
    simulation = json.loads((simulated / "simulation.json").read_text())
    with tempfile.TemporaryDirectory() as scratch:
        export_cloudwatch(simulation, simulated / "lines.ndjson", bundle, Path(scratch))
        export_changes(simulation, bundle, Path(scratch))
    shutil.copy(simulated / "auth.envelope", bundle / "sentry-auth.envelope")
    write_truth(scenario / "truth.json", truth(simulation))


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:3]))
