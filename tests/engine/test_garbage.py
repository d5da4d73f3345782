"""The collector of reference cycles rests while records are made, and not a moment longer."""

from __future__ import annotations

import gc

import pytest

from vigie.engine.garbage import uncollected


def test_the_collector_rests_and_goes_on_even_after_a_failure():
    with pytest.raises(ValueError, match="False"), uncollected():
        int(str(gc.isenabled()))  # which is no number
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
