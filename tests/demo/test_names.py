from __future__ import annotations

import pytest

from vigie.demo.names import MOST_NAMES, SECTORS, brand_id, brand_name
from vigie.demo.spelling import slipped
from vigie.study.text import ID


def test_every_brand_has_a_name_and_an_id_of_its_own():
    names = [brand_name(n) for n in range(MOST_NAMES)]
    assert len(set(names)) == len({brand_id(n) for n in names}) == MOST_NAMES >= 246
    assert all(ID.fullmatch(brand_id(n)) for n in names)


def test_there_are_sixteen_sectors_with_names_in_both_languages():
    assert len({s.id for s in SECTORS}) == 16
    assert all(s.fr and s.en and ID.fullmatch(s.id) for s in SECTORS)


def test_there_is_no_name_beyond_the_last():
    with pytest.raises(IndexError):
        brand_name(MOST_NAMES)


def test_a_slip_leaves_out_one_letter():
    names = [brand_name(n) for n in range(100)]
    assert slipped("Belle-Étoile") == "Bele-Étoile"
    assert all(len(slipped(name)) == len(name) - 1 for name in names)
    assert not {slipped(name) for name in names} & set(names)
