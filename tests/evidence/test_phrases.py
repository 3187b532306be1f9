"""Lists of names in sentences: long ones must not bury what the sentence says."""

from logclass.evidence.phrases import names


def test_of_many_names_the_first_are_said_and_the_rest_counted():
    assert names(["auth", "web"]) == "auth and web"
    assert names([f"s{n}" for n in range(9)]) == "s0, s1, s2, s3 and 5 more"


def test_of_long_names_fewer_are_said():
    long = [f"service-with-a-rather-long-name-for-team-{n:02}-eu-production" for n in range(40)]
    said = names(long)
    assert len(said) < 140
    assert said.startswith(long[0])
    assert said.endswith(" and 38 more")
