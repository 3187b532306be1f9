"""Fixtures of the tests of the intake."""

from __future__ import annotations

import pytest
from reading import Read, engine, write

from logclass import counted, pipeline
from logclass.expressions import Expressions
from logclass.patterncache import Prepared


@pytest.fixture
def compiled(monkeypatch):
    """Compile the patterns once for all tests, not once for each bundle."""
    matcher, prefilter = engine()
    monkeypatch.setattr(Prepared, "matcher", lambda _prepared: matcher)
    prepared = Prepared(matcher.patternset, prefilter, Expressions())
    monkeypatch.setattr(pipeline, "prepare", lambda *_args: prepared)


@pytest.fixture
def bundle(compiled, tmp_path):
    """Return a function that writes files and reads them as one bundle."""

    def read(files: dict[str, bytes | str], workers: int = 1) -> Read:
        folder = write(tmp_path / "bundle", files)
        intake = pipeline.read([str(folder)], pipeline.Options(workers=workers))
        return Read(intake.summary, counted.count_once(intake.summary))

    return read
