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
    f"delta-pay/app/{TASK}": ("delta-pay", TASK),
    f"orders/main/{TASK}": ("orders", TASK),
    f"ecs/web/{TASK}": ("web", TASK),
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
    "auth-20310506-web01.log": ("auth-web", "auth-web01"),
    "auth-20310506T0815-3f2a1b9c8d7e.log": ("auth", "auth-3f2a1b9c8d7e"),
    "auth-20310506-i-0abc1234def567890.log": ("auth", "i-0abc1234def567890"),
    "auth-3-2031-05-06-1.log": ("auth", "auth-3"),
    "-": ("", ""),
    "": ("", ""),
}

# Two files of one writer, named as its documentation says, and whose they are.
UUID = "0a1b2c3d-1111-4222-8333-44445555666"
LB = "111122223333_elasticloadbalancing_eu-west-1"
PIECES = {
    "edge": [
        f"{LB}_app.edge.50dc6c495c0c9188_20310506T{h}Z_10.0.1.9_{x}.log.gz"
        for h, x in (("0705", "20sg8hgm"), ("0710", "1x9ak30p"))
    ],
    "tls": [
        f"{LB}_net.tls.c6e77e28c25b2234_20310506T{h}Z_{x}.log.gz"
        for h, x in (("0705", "2eca8ab2"), ("0710", "cfd3c6a5"))
    ],
    "classic": [
        f"{LB}_classic_20310506T{h}Z_10.0.1.9_{x}.log"
        for h, x in (("0700", "20sg8hgm"), ("0800", "5p2k11aa"))
    ],
    "my-acl": [
        f"111122223333_waflogs_eu-west-1_my-acl_20310506T{h}Z_{x}.log.gz"
        for h, x in (("0700", "0a1b2c3d"), ("0705", "1b2c3d4e"))
    ],
    "EMLARXS9EXAMPLE": [
        f"EMLARXS9EXAMPLE.2031-05-06-{x}.gz" for x in ("20.RT4KCN4SGK9", "21.d4fgh8K2PPQ")
    ],
    "stream": [f"stream-1-2031-05-06-08-{x}" for x in (f"15-02-{UUID}1", f"16-07-{UUID}2")],
    "syslog-ng": [f"syslog-ng/2031/05/06/{h}:00:00_{h}:59:59_S0.json" for h in ("08", "09")],
    "vault": [f"vault/y=2031/m=05/d=06/h={h}/m=00/PT1H.json" for h in ("08", "09")],
    "dd": [
        f"dd/dt=20310506/hour={x}.json.gz"
        for x in ("08/archive_080015.1210.aBcDeFgHiJkL", "09/archive_090017.7711.mNoPqRsTuVwX")
    ],
    "bucket": [
        f"bucket/2031-05-06-08-1{x}" for x in ("5-02-0A1B2C3D4E5F6A7B", "6-11-FFEE2C3D4E5F6A7B")
    ],
    "W3SVC": [f"W3SVC1/u_ex310506{h}.log" for h in ("08", "09")],
    "auth-cronolog": [f"auth-cronolog.{x}" for x in ("1935820800", "1935824400")],
    "auth-hourly": ["auth-hourly.2031-05-06-08.log", "auth-hourly.2031-05-06_09.log"],
    "auth-size": ["auth-size.2031-05-06.0.log.gz", "auth-size-2031-05-06-1.log.gz"],
    "auth-us": ["auth-us-05-06-2031-1.log.gz", "auth-us-05-06-2031-2.log.gz"],
    "auth-logrotate": ["auth-logrotate.log-2031050608", "auth-logrotate.log-20310506-1935820800"],
    "auth-pm": ["auth-pm__2031-05-06_00-00-00.log", "auth-pm__2031-05-07_00-00-00.log"],
    "auth-lumberjack": [
        f"auth-lumberjack-2031-05-06T08-0{x}.log.gz" for x in ("0-00.000", "7-11.119")
    ],
}


@pytest.mark.parametrize("service", PIECES)
def test_files_that_one_writer_rotated_are_of_one_service(service):
    assert {origin.of_path(path).service for path in PIECES[service]} == {service}
    assert len({origin.of_path(path) for path in PIECES[service]}) == 1


@pytest.mark.parametrize("name", STREAMS)
def test_streams(name):
    assert origin.of_stream(name) == STREAMS[name]


@pytest.mark.parametrize("path", PATHS)
def test_paths(path):
    assert origin.of_path(path) == PATHS[path]
