"""Lines that speak of authentication and match no pattern are grouped by the program's words."""

import pytest

from logclass.residue import gap, stub, telling_line, template

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "2031-05-06T07:08:09Z ERROR jwt of user u1@example.com put aside: badge 'k-7'",
            "2031-05-07 17:18:19,123 ERROR jwt of user u2@example.org put aside: badge 'k-8'",
        ),
        (
            'level=error msg="bearer token not welcome" user=carol tenant=north',
            'level=error msg="bearer token not welcome" user=dave tenant=south',
        ),
        (
            '{"level":"error","msg":"access token put aside","user":"eve","n":17}',
            '{"level":"error","msg":"access token put aside","user":"mallory","n":4}',
        ),
        (
            "oidc: id_token of subject 7d9f8b6c-1111-4222-8333-444455556666 in quarantine",
            "oidc: id_token of subject 0a1b2c3d-1111-4222-8333-444455556666 in quarantine",
        ),
        (f"oidc: put aside {JWT}", f"oidc: put aside {JWT.replace('M', 'N')}"),
        ("starting\n  oidc: no luck for user bob", "starting\n  oidc: no luck for user al"),
    ],
)
def test_the_same_words_with_other_data_are_one_group(one, other):
    assert template(one) == template(other)
    assert template(one) != template("oidc: something else")


def test_a_template_keeps_the_words_and_none_of_the_data():
    text = f'level=error msg="bearer {JWT} of user bob refused" password=hunter2 ip=10.2.3.4'
    found = gap(text)
    assert "refused" in found
    for data in ("bob", "hunter2", "10.2", JWT.split(".")[2], "eyJ"):
        assert data not in found
    assert len(template("jwt " + "word " * 900)) <= 160


@pytest.mark.parametrize("text", ["", "user logged in", "GET /health 200", "tokens per second: 7"])
def test_other_lines_are_no_gap(text):
    assert gap(text) == ""


def test_the_line_that_tells_is_the_one_shown():
    assert (
        telling_line("boom\n at x\nCaused by: jwt of no use\n at y") == "Caused by: jwt of no use"
    )
    assert "jwt of no use" in stub("boom\nCaused by: jwt of no use")


def test_what_is_shown_does_not_depend_on_the_order_of_the_lines(bundle):
    said = "access token of u{}@example.com was not refreshed, claim cache none expected"
    lines = [f"2031-05-06T07:08:{n:02}Z INFO [auth] {said.format(n)}" for n in range(40)]
    texts = ["\n".join(lines), "\n".join(reversed(lines))]
    shown = [bundle({"auth.log": text}).summary.residue for text in texts]
    assert shown[0] == shown[1]
    assert [one.count for one in shown[0]] == [40]
