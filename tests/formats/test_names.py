"""Whose a stream is: names that hosts, containers and folders have."""

from __future__ import annotations

from pathlib import Path

import pytest

from logclass import origin, sources


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("ip-10-0-0-10", ""),
        ("ip-10-0-0-10.ec2.internal", ""),
        ("orders-ip-10-0-0-10", "orders"),
        ("i-0a1b2c3d4e5f60718", ""),
        ("orders-7d9f8b6c5d-x2x9z", "orders"),
    ],
)
def test_an_address_is_no_service(name: str, service: str) -> None:
    assert origin.of_stream_service(name) == service


def test_a_container_is_named_by_its_id() -> None:
    assert origin.of_path(f"containers/{'0f' * 32}-json.log").instance == "0f" * 6


def test_a_log_group_names_its_service() -> None:
    assert origin.of_group("/aws/lambda/auth") == "auth"


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside, bundle = tmp_path / "outside", tmp_path / "bundle"
    outside.mkdir()
    bundle.mkdir()
    (outside / "secret.log").write_text("jwt expired\n")
    (bundle / "app.log").write_text("jwt expired\n")
    (bundle / "link.log").symlink_to(outside / "secret.log")
    (bundle / "folder").symlink_to(outside)
    found, faults = sources.expand([str(bundle)])
    assert [one.uri for one in found] == ["app.log"]
    assert sorted((fault.source, fault.kind) for fault in faults) == [
        ("folder", "outside"),
        ("link.log", "outside"),
    ]
