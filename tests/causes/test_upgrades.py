"""What change records say, and what follows for the verdict, the headline and the table."""

from dataclasses import replace
from types import SimpleNamespace

import fleet
import pytest

from logclass import causes, episodes
from logclass.causes.upgrades import speaks_of_library
from logclass.vocabulary import Cause, Verdict

SMALL = {"minutes": 70, "rate": 60.0, "instances": 4}


@pytest.mark.parametrize(
    ("description", "speaks"),
    [
        ("revision 7 superseded: Upgrade complete", False),
        ('revision 7 failed: Upgrade "checkout" failed', False),
        ("Upgrade checkout", False),
        ("Bump checkout to 3.17.9", False),
        ("Upgraded to 3.17.9", False),
        ("Upgrade PyJWT to 2.10.1", True),
        ("Bump dependencies", True),
        ("Upgrade complete; bumps jsonwebtoken", True),
        ("Bump express-jwt from 7.7.8 to 8.4.1", True),
        ("bump flask-jwt-extended 4.6.0 -> 4.7.1", True),
        ("bumps the auth sdk", True),
        ("bump pagination limits", False),
        ("bump timeout to 2.5 s", False),
        ("bumped memory limit from 1.5Gi to 2.5Gi", False),
    ],
)
def test_that_the_service_itself_was_upgraded_is_no_upgrade_of_a_library(description, speaks):
    change = replace(fleet.change("deploy", 0, "checkout", "C-1"), description=description)
    near = SimpleNamespace(is_disjoint=False)
    fits = SimpleNamespace(change=change, probability=0.9, lead="", veto="", reach=near)
    case = SimpleNamespace(found=SimpleNamespace(candidates=[fits]))
    assert bool(speaks_of_library(case)) is speaks


def two_services(*changes):
    """Two services begin to fail with a wrong secret at the same time; their changes as given."""
    worlds = []
    for n, name in enumerate(("billing", "orders")):
        world = fleet.quiet(604 + 2 * n, **(SMALL | {"service": name}))
        world.expired_noise = world.scanner_noise = 0.2
        world.extra = []
        wrong = fleet.Outcome("signature_invalid")
        world.check = lambda i, t, token, wrong=wrong: wrong if t >= 1800 else fleet.OK
        worlds.append(fleet.run(world).counted)
    frames = ("rejections", "passed", "tally", "echoes")
    both = {f: fleet.pd.concat([getattr(w, f) for w in worlds], ignore_index=True) for f in frames}
    counted = replace(worlds[0], **both)
    return causes.diagnose(counted, episodes.find(counted), changes, ())[0]


def caused(incident):
    return [v.change.id for v in incident.changes if v.verdict is Verdict.CAUSED]


def test_releases_in_a_wave_are_one_cause_and_the_first_is_named():
    incident = two_services(
        fleet.change("deploy", 1700, "billing", "first"),
        fleet.change("deploy", 1770, "orders", "second"),
        fleet.change("deploy", 600, "cart-web", "decoy"),
    )
    assert incident.findings[0].cause is Cause.SECRET_CHANGED_BY_DEPLOY
    assert caused(incident) == ["first"]
    assert "deploy of billing" in incident.headline


def test_one_release_does_not_explain_what_fails_in_another_service_too():
    incident = two_services(
        fleet.change("deploy", 1700, "billing", "first"),
        fleet.change("deploy", 600, "cart-web", "decoy"),
    )
    assert caused(incident) == []
    (verdict,) = [v for v in incident.changes if v.change.id == "first"]
    assert any("orders does as well" in e.text for e in verdict.evidence)


def test_headline_names_no_change_that_the_table_does_not_name():
    for seed in (601, 602, 603):
        for name in ("secret_changed_by_deploy", "partial_rollout", "header_stripped"):
            found = fleet.run(getattr(fleet, name)(seed, **SMALL))
            doubtful = tuple(replace(c, target="") for c in found.changes)
            for changes in (found.changes, doubtful):
                c = found.counted
                for incident in causes.diagnose(c, episodes.find(c), changes, ()):
                    spoken = "(deploy" in incident.headline or "(rotation" in incident.headline
                    assert spoken <= bool(caused(incident))
