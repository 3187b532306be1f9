"""What counts as a value, and what is kept because it may say something."""

import pytest

from logclass.formats.stamps import WRITTEN
from logclass.values import Finder, stand_ins

FINDER = Finder()
ALIKE = [
    (
        '10.0.1.77 - - [06/May/2031:07:08:09 +0000] "GET /v1/orders/7 HTTP/1.1" 401 95 "-" "curl/8.5.0"',
        '203.0.113.9 - - [07/May/2031:17:00:00 +0000] "GET /v1/orders/9 HTTP/1.1" 401 213 "-" "curl/7.88.1"',
    ),
    (
        "[nio-8080-exec-3] f68fa6d2-f325-42f0-99f6-788f0526abd4 refused for 10.1.2.3 in 7ms",
        "[nio-8443-exec-41] 0c7b8024-5297-4474-807e-e1260c07d4b2 refused for 192.168.100.200 in 904ms",
    ),
    ('{"pid":7,"time":1935817689000,"msg":"x"}', '{"pid":412,"time":1935817689999,"msg":"x"}'),
    ("trace 4bf92f3577b34da6a3ce929d0e0e4736 x", "trace a3ce929d0e0e47364bf92f3577b34da6 x"),
    ("token of ann@example.org expired", "token of b.b+7@mail.example.com expired"),
    ("from 2001:db8:0:1:1:1:1:1 port 51234", "from fe80:0:0:0:12:34:56:78 port 40000"),
]
DIFFERENT = [
    ("GET /a 401", "GET /a 403"),
    ("status=200 ok", "status=500 ok"),
    ("alg RS256 refused", "alg HS256 refused"),
    ("code 16", "code 7"),
    ("at 1935817689", "at 1935817689000"),  # seconds or milliseconds
    ("HTTP/1.1", "HTTP/2.0"),
    ("user alice", "user bob"),
    ("u2024 x", "u2025 x"),
    ("id deadbeef01", "id deadbeef"),  # a word has no digit
]
STAMPS = [
    "2031-05-06T07:08:09.123Z",
    "2031-05-06 07:08:09,123",
    "2031/05/06 07:08:09",
    "2031/05/06 - 07:08:09",
    "06/May/2031:07:08:09 +0000",
    "06-May-2031 07:08:09.123",
    "06 May 2031 07:08:09",
    "6.5.2031 7:08:09",
    "06/05/2031, 07:08:09",
    "5/6/2031 7:08:09 AM",
    "06-05-31 07:08:09",
    "May  6 07:08:09",
    "May 16 07:08:09.123456",
    "Tue May 06 07:08:09 2031",
    "Tue, 06 May 2031 07:08:09 GMT",
    "Nov 6, 2031 7:08:09 PM",
    "20310506T070809.123Z",
    "20310506 07:08:09",
    "I0506 07:08:09.123456",
    "E20310506 07:08:09.123456",
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_texts_that_differ_in_values_have_one_skeleton(one, other):
    assert FINDER.skeleton(one).key == FINDER.skeleton(other).key


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_may_say_something_stays(one, other):
    assert FINDER.skeleton(one).key != FINDER.skeleton(other).key


@pytest.mark.parametrize("text", [text for pair in ALIKE for text in pair])
def test_a_double_has_the_skeleton_of_its_text_and_none_of_its_values(text):
    one = FINDER.skeleton(text)
    assert one.written(one.values) == text
    again = FINDER.skeleton(one.written(stand_ins(one)))
    assert again.key == one.key
    assert all(mine != other for mine, other in zip(one.values, again.values, strict=True))


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("coat", ["{} refused", 'x [{}] "GET /a" 401', '{{"time":"{}","n":1}}'])
def test_a_time_is_one_value_however_it_is_written(stamp, coat):
    """A part of it would be taken for something else: a year for a number, seconds for a size."""
    found = Finder(WRITTEN.decode("latin-1")).skeleton(coat.format(stamp))
    assert (stamp, "stamp") in zip(found.values, found.kinds, strict=True)


def test_equal_ids_have_equal_stand_ins():
    one, other = "a3ce929d0e0e4736", "4bf92f3577b34da6"
    found = FINDER.skeleton(f"{one} {other} {one}")
    first, second, third = stand_ins(found)
    assert first == third != second


def test_values_stand_where_they_are_said_to():
    text = "Nov 22 07:08:09 host sshd[99]: port 51234 from 10.0.0.1"
    found = Finder(WRITTEN.decode("latin-1")).skeleton(text)
    assert found.values == ["Nov 22 07:08:09", "99", "51234", "10.0.0.1"]
    for place, value in enumerate(found.values):
        assert text[found.start(place) :].startswith(value)
