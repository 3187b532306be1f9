"""What ECS would say of the simulated rollout: values from the simulation, shapes of botocore."""

from __future__ import annotations

from typing import Any

ACCOUNT = "111122223333"
ARN = f"arn:aws:ecs:eu-west-1:{ACCOUNT}"
CLUSTER = f"{ARN}:cluster/production"
GROUP = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:targetgroup/auth/0123456789abcdef"
FIRST_ROLLOUT = "ecs-svc/4716630218953045127"
FORCED_ROLLOUT = "ecs-svc/0924417735068290358"
OLD_DEPLOYMENT = "ecs-svc/8830157264409113902"
FULL = (
    "(service auth) was unable to place a task because no container instance met all of its "
    "requirements. The closest matching (container-instance 5f0e6f0c8a3f4d5ab1f2a9f0b7c3d2e1) "
    "has insufficient memory available. For more information, see the Troubleshooting section "
    "of the Amazon ECS Developer Guide."
)


def task_definition(revision: int) -> str:
    """Return the ARN of a revision of the auth task definition."""
    return f"{ARN}:task-definition/auth:{revision}"


def is_running(task: dict[str, Any], now: int) -> bool:
    """Return whether a task takes traffic: draining tasks are counted out."""
    drained = task["stoppedMs"] is not None and task["stoppedMs"] - 31_000 <= now
    return task["inServiceMs"] <= now and not drained


def _deployment(identity: tuple[str, str, int], created: int, running: int, state: tuple):
    name, status, revision = identity
    rollout, updated = state
    done = "completed" if rollout == "COMPLETED" else "in progress"
    return {
        "id": name,
        "status": status,
        "taskDefinition": task_definition(revision),
        "desiredCount": 10 if status == "PRIMARY" else running,
        "pendingCount": 0,
        "runningCount": running,
        "failedTasks": 0,
        "createdAt": created / 1000,
        "updatedAt": updated / 1000,
        "launchType": "EC2",
        "rolloutState": rollout,
        "rolloutStateReason": f"ECS deployment {name} {done}.",
    }


def _deployments(simulation: dict[str, Any], now: int) -> list[dict[str, Any]]:
    times, tasks = simulation["times"], simulation["tasks"]
    running = [task for task in tasks if is_running(task, now)]
    new = sum(task["version"] == "v2" for task in running)
    if now >= times["FORCED"]:
        done = ("COMPLETED", times["SECOND_WAVE"][-1] + 48_000)
        identity = (FORCED_ROLLOUT, "PRIMARY", times["NEW_REVISION"])
        return [_deployment(identity, times["FORCED"], len(running), done)]
    primary = (FIRST_ROLLOUT, "PRIMARY", times["NEW_REVISION"])
    active = (OLD_DEPLOYMENT, "ACTIVE", times["OLD_REVISION"])
    old_done = ("COMPLETED", times["ROLLOUT"])
    begun = ("IN_PROGRESS", max(t["inServiceMs"] for t in running))
    return [
        _deployment(primary, times["ROLLOUT"], new, begun),
        _deployment(active, times["FLEET_STARTED"] - 90_000, len(running) - new, old_done),
    ]


def _messages(simulation: dict[str, Any]) -> list[tuple[int, str]]:
    times = simulation["times"]
    found = [(times["ROLLOUT"] + minutes * 60_000, FULL) for minutes in (15, 21, 27)]
    for task in simulation["tasks"]:
        short = f"(task {task['taskId']})"
        found += [
            (task["startedMs"] - 9_000, f"(service auth) has started 1 tasks: {short}."),
            (
                task["inServiceMs"] - 12_000,
                f"(service auth) registered 1 targets in (target-group {GROUP})",
            ),
        ]
        if task["stoppedMs"] is not None:
            out = task["stoppedMs"] - 31_000
            found += [
                (out, "(service auth) has begun draining connections on 1 tasks."),
                (out + 400, f"(service auth) deregistered 1 targets in (target-group {GROUP})"),
                (task["stoppedMs"] + 700, f"(service auth) has stopped 1 running tasks: {short}."),
            ]
    end = times["SECOND_WAVE"][-1] + 48_000
    found += [
        (times["FLEET_STARTED"] + 600_000, "(service auth) has reached a steady state."),
        (end, f"(service auth) (deployment {FORCED_ROLLOUT}) deployment completed."),
        (end + 300, "(service auth) has reached a steady state."),
    ]
    return sorted(found)


def describe_services(simulation: dict[str, Any], now: int) -> dict[str, Any]:
    """Return the DescribeServices answer at one moment."""
    past = [(ms, text) for ms, text in _messages(simulation) if ms <= now][-100:]
    events = [
        {
            "id": f"{0x5A11E000 + n:08x}-0000-4000-8000-{ms:012x}",
            "createdAt": ms / 1000,
            "message": text,
        }
        for n, (ms, text) in enumerate(past)
    ]
    deployments = _deployments(simulation, now)
    service = {
        "serviceArn": f"{ARN}:service/production/auth",
        "serviceName": "auth",
        "clusterArn": CLUSTER,
        "loadBalancers": [
            {"targetGroupArn": GROUP, "containerName": "auth", "containerPort": 3000}
        ],
        "status": "ACTIVE",
        "desiredCount": 10,
        "runningCount": sum(d["runningCount"] for d in deployments),
        "pendingCount": 0,
        "launchType": "EC2",
        "taskDefinition": deployments[0]["taskDefinition"],
        "deploymentConfiguration": {"maximumPercent": 110, "minimumHealthyPercent": 100},
        "deployments": deployments,
        "events": events[::-1],
        "createdAt": simulation["times"]["FLEET_STARTED"] / 1000 - 8_640_000,
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": "ECS"},
    }
    return {"services": [service], "failures": []}


def describe_tasks(simulation: dict[str, Any], now: int) -> dict[str, Any]:
    """Return the DescribeTasks answer for the tasks that take traffic at one moment."""
    forced = simulation["times"]["FORCED"]
    tasks = []
    for task in simulation["tasks"]:
        if not is_running(task, now):
            continue
        rollout = FIRST_ROLLOUT if task["startedMs"] < forced else FORCED_ROLLOUT
        arn = f"{ARN}:task/production/{task['taskId']}"
        tasks.append(
            {
                "taskArn": arn,
                "clusterArn": CLUSTER,
                "taskDefinitionArn": task_definition(task["revision"]),
                "group": "service:auth",
                "startedBy": OLD_DEPLOYMENT if task["version"] == "v1" else rollout,
                "lastStatus": "RUNNING",
                "desiredStatus": "RUNNING",
                "healthStatus": "HEALTHY",
                "connectivity": "CONNECTED",
                "createdAt": (task["startedMs"] - 9_000) / 1000,
                "startedAt": task["startedMs"] / 1000,
                "launchType": "EC2",
                "containers": [
                    {
                        "name": "auth",
                        "taskArn": arn,
                        "image": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/auth:2.14.0",
                        "runtimeId": task["containerId"],
                        "lastStatus": "RUNNING",
                        "healthStatus": "HEALTHY",
                    }
                ],
            }
        )
    return {"tasks": tasks, "failures": []}
