"""Lines that are no rejections: starts, keys, clocks and token endpoints that the logs tell of."""

import json

import pytest

from logclass import pipeline

START = 1_935_817_680  # 2031-05-06T07:08:00Z


def line(second, text, instance="auth-1", **more):
    stamp = f"2031-05-06T{7 + (480 + second) // 3600:02}:{(480 + second) // 60 % 60:02}"
    row = {"timestamp": f"{stamp}:{second % 60:02}Z", "service": "auth", "instance": instance}
    return json.dumps(row | {"message": text} | more) + "\n"


def requests(first, last, text):
    return "".join(line(s, text, f"auth-{s % 3}") for s in range(first, last, 4))


@pytest.fixture
def incident(tmp_path, compiled):
    """Return what is made of logs that hold an hour of quiet and then half an hour of failures."""

    def read(failing, *lines, record=""):
        quiet = requests(0, 3600, "request served")
        bad = requests(3600, 5400, failing)
        (tmp_path / "auth.log").write_text(quiet + bad + "".join(lines))
        (tmp_path / "changes.csv").write_text(
            "id,time,kind,service,version,description\nC-1,2031-05-06T06:01:00Z,deploy,cart,1,x\n"
            + record
        )
        found = pipeline.read([str(tmp_path)], pipeline.Options(workers=1))
        return pipeline.diagnose(found, command="test").document["incidents"][0]

    return read


def evidence(incident, cause):
    return [t for c in incident["causes"] if c["cause"] == cause for t in c["for"]]


def test_start_banner_tells_of_a_release_that_no_record_tells_of(incident):
    banners = [line(60 + i, "starting auth 2.13.9", f"auth-{i}") for i in range(3)] * 2
    new = [line(3590 + i, "starting auth 2.14.0", f"auth-{i}") for i in range(3)]
    got = incident("JsonWebTokenError: invalid signature", *banners, *new)
    told = evidence(got, "secret_changed_by_deploy")
    assert any("2.14.0 was first seen at 08:07" in text for text in told)


def test_clock_that_was_set_speaks_for_skew(incident):
    step = line(3598, "System clock was stepped by 120.004564 seconds", "auth-1")
    got = incident("JsonWebTokenError: jwt issued in the future", step)
    assert got["causes"][0]["cause"] == "clock_skew"
    assert any("the clock of auth-1 was set at" in t for t in evidence(got, "clock_skew"))


def test_token_endpoint_that_fails_speaks_for_refresh_failure(incident):
    bad = "POST /oauth/token grant_type=refresh_token status=503"
    failures = [line(s, bad, "idp-1") for s in range(3300, 5000, 30)]
    got = incident("TokenExpiredError: jwt expired", *failures)
    assert got["causes"][0]["cause"] == "refresh_failure"
    told = evidence(got, "refresh_failure")
    assert any("token endpoint failed 57 times" in text for text in told)


@pytest.mark.parametrize(("status", "named"), [(503, ["C-2"]), (200, [])])
def test_a_change_to_an_issuer_whose_endpoint_fails_is_named(incident, status, named):
    """A configuration of the issuer seldom makes tokens old; one after which it fails does."""
    asked = f"POST /oauth/token grant_type=refresh_token status={status}"
    lines = [line(s, asked, "idp-1") for s in range(3330, 5000, 30)]
    record = "C-2,2031-05-06T08:03:00Z,config,idp-database,1,pool size\n"
    got = incident("TokenExpiredError: jwt expired", *lines, record=record)
    assert [c["id"] for c in got["changes"] if c["verdict"] == "caused"] == named


def test_loaded_key_stands_in_the_ledger(incident):
    loaded = line(3599, "signing secret reloaded key_version=v27", "auth-1")
    got = incident("JsonWebTokenError: invalid signature", loaded)
    (row,) = [one for one in got["key_ledger"] if one["key"] == "v27"]
    assert (row["loaded"], row["rejected"]) == (1, 0)


@pytest.mark.parametrize(
    "said",
    [
        "signing keys loaded: v26,v27",
        "jwks refreshed kids=[v26, v27]",
        "JWKS cache expired, fetched 2 keys kids=v26,v27",
        '{"msg": "jwks refreshed", "kids": ["v26", "v27"]}',
    ],
)
def test_every_key_that_a_line_names_counts_as_loaded(incident, said):
    got = incident("JsonWebTokenError: invalid signature", line(3599, said, "auth-1"))
    loaded = {one["key"]: one["loaded"] for one in got["key_ledger"]}
    assert loaded == {"v26": 1, "v27": 1}


@pytest.mark.parametrize(
    "said", ["secret version 26 -> 27", "secret version 26 \N{RIGHTWARDS ARROW} 27"]
)
def test_a_version_that_follows_another_is_the_one_loaded(incident, said):
    got = incident("JsonWebTokenError: invalid signature", line(3599, said, "auth-1"))
    assert [one["key"] for one in got["key_ledger"]] == ["27"]


def test_a_configuration_that_was_reloaded_stands_for_a_change(incident):
    reloaded = line(3590, "config reloaded", "auth-1")
    got = incident("JsonWebTokenError: invalid signature", reloaded)
    told = [text for cause in got["causes"] for text in cause["for"]]
    assert any("the configuration was reloaded at 08:07" in text for text in told)
