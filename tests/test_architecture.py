"""Who looks for a module finds it on the map."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PACKAGE = CHECKOUT / "logclass"
PAGE = CHECKOUT / "docs" / "ARCHITECTURE.md"


def named():
    """Return the modules and packages that the tables name in their first column."""
    rows = re.findall(r"(?m)^\|([^|]+)\|", PAGE.read_text(encoding="utf-8"))
    return {name for row in rows for name in re.findall(r"`(\w+)/?`", row)}


def test_every_module_and_package_has_its_place_on_the_map():
    modules = {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert modules | packages <= named()


def test_the_map_names_nothing_that_is_gone():
    assert named() <= {path.stem for path in PACKAGE.rglob("*.py")} | {
        path.parent.name for path in PACKAGE.rglob("*.py")
    }
