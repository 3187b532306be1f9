"""Who wrote a stream, told from the names that platforms give streams and files."""

import pytest

from logclass import origin

TASK = "4f8c2a1b9d3e4c5f8a7b6c5d4e3f2a1b"
CONTAINER = "9" * 64
ID = "4f2a9c1b7d3e5a6b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d"

# The forms are documented: awslogs driver, Lambda, kubelet, EC2 (see origin.py).
STREAMS = {
    f"ecs/auth/{TASK}": ("auth", TASK),
    f"prefix/with/auth/{TASK}": ("auth", TASK),
    f"2031/05/06/[$LATEST]{TASK}": ("", TASK),
    "auth-7d9f8b6c5d-x2x9z": ("auth", "auth-7d9f8b6c5d-x2x9z"),
    "orders-api-6799fc88d8-bq7lm": ("orders-api", "orders-api-6799fc88d8-bq7lm"),
    "render-gc886xxvn-gt9dx": ("render", "render-gc886xxvn-gt9dx"),
    "cart-7d9f8b6c5d-a1e2i": ("cart", "cart-7d9f8b6c5d-a1e2i"),
    "report-20310506-daily": ("report-20310506-daily", ""),
    "auth-0": ("auth", "auth-0"),
    "web01": ("web", "web01"),
    "i-0abc1234def567890": ("", "i-0abc1234def567890"),
    "auth/i-0abc1234def567890": ("auth", "i-0abc1234def567890"),
    "ip-10-0-3-17.eu-west-1.compute.internal": ("", "ip-10-0-3-17"),
    "auth": ("auth", ""),
    "oauth2": ("oauth2", ""),
    "api-v2": ("api-v2", ""),
    "3f2a1b9c8d7e": ("", "3f2a1b9c8d7e"),
}
PATHS = {
    "auth.log": ("auth", ""),
    "logs/auth-2.log.1.gz": ("auth", "auth-2"),
    "auth-2031-05-06.log": ("auth", ""),
    "auth.log-20310506.gz": ("auth", ""),
    "access.log": ("", ""),
    "nginx/access.log": ("nginx", ""),
    "bundle.zip!/billing/app.log": ("billing", ""),
    "billing/web-1/stdout.log": ("web", "web-1"),
    f"exportedlogs/0a1b2c3d-1111-4222-8333-444455556666/ecs-auth-{TASK}/000000.gz": ("auth", TASK),
    f"pods/auth-7d9f8b6c5d-x2x9z_prod_auth-{CONTAINER}.log": ("auth", "auth-7d9f8b6c5d-x2x9z"),
    # Docker's own layout, and copies of its files, say which container it was and no service.
    f"var/lib/docker/containers/{ID}/{ID}-json.log.1": ("", ID[:12]),
    f"containers/{ID}/local-logs/container.log": ("", ID[:12]),
    f"overlay-containers/{ID}/userdata/ctr.log": ("", ID[:12]),
    f"{ID[:12]}-json.log": ("", ID[:12]),
    f"shop/{ID[:12]}_stderr.log": ("shop", ID[:12]),
    f"{ID}-json (1).log": ("", ID[:12]),
    f"docker-{ID[:12]}.log": ("", ID[:12]),
    f"logs/{ID[:9]}.log": ("", ""),
    "portal/blue-1.log": ("portal", "blue-1"),
    "logs/auth/node-2/app.log": ("auth", "node-2"),
    "green-1.log": ("green", "green-1"),
    "facade.log": ("facade", ""),
    "-": ("", ""),
    "": ("", ""),
}


@pytest.mark.parametrize("name", STREAMS)
def test_streams(name):
    assert origin.of_stream(name) == STREAMS[name]


@pytest.mark.parametrize("path", PATHS)
def test_paths(path):
    assert origin.of_path(path) == PATHS[path]
