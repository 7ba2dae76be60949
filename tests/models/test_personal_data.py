"""The registry of personal data knows every column of every table: none is added without saying what becomes of it."""

from __future__ import annotations

import pytest
from sqlalchemy import Column

from documents.export_words import SECTIONS
from documents.wording import LOCALES
from domain.notices import ChangeKind, NoticeKind
from domain.personal_data import IMPERSONAL, PERSONAL, Special
from models import Base

WHERE = "domain/personal_data/"
TABLES = Base.metadata.tables


def columns(name: str) -> set[str]:
    return {column.name for column in TABLES[name].columns}


def test_every_table_is_said_to_concern_people_or_not():
    assert set(PERSONAL) & set(IMPERSONAL) == set()
    unsaid = sorted(set(TABLES) - set(PERSONAL) - set(IMPERSONAL))
    assert unsaid == [], f"say in {WHERE} whom these tables concern"
    assert set(PERSONAL) | set(IMPERSONAL) == set(TABLES)


@pytest.mark.parametrize("name", sorted(PERSONAL))
def test_of_every_column_it_is_said_whether_it_outlives_the_account(name):
    personal = PERSONAL[name]
    erased = {column for side in personal.sides for column in side.erases}
    kept = [column for columns in personal.keeps.values() for column in columns]
    if any(side.deletes for side in personal.sides):
        assert (erased, kept) == (set(), [])
        return
    unsaid = [f"{name}.{column}" for column in sorted(columns(name) - erased - set(kept))]
    assert unsaid == [], f"say in {WHERE} what they become when an account is erased, or why they are kept"
    assert len(kept) == len(set(kept))
    both = sorted(erased & set(kept))
    assert both == [], f"{name}: {both} cannot be erased and kept"
    assert erased | set(kept) == columns(name)


@pytest.mark.parametrize("name", sorted(PERSONAL))
def test_of_every_column_it_is_said_whether_its_owner_gets_a_copy(name):
    personal = PERSONAL[name]
    shown = {column for side in personal.sides for column in side.shows}
    withheld = {column for columns in personal.withholds.values() for column in columns}
    unsaid = [f"{name}.{column}" for column in sorted(columns(name) - shown - withheld)]
    assert unsaid == [], f"say in {WHERE} that they are shown to their owner, or why not"
    assert shown & withheld == set()
    assert shown | withheld == columns(name)


def test_the_ways_lead_from_a_row_to_a_user():
    for name, personal in PERSONAL.items():
        for side in personal.sides:
            for way in side.ways:
                table = TABLES[name]
                for step in way[:-1]:
                    (key,) = table.c[step].foreign_keys
                    table = key.column.table
                last: Column = table.c[way[-1]]
                # The audit log outlives everything, so nothing refers from it.
                leads = {key.column.table.name for key in last.foreign_keys} | ({table.name} & {"users", "audit_logs"})
                assert leads & {"users", "audit_logs"}, f"{name}: {way}"


def test_every_side_has_a_name_of_its_own():
    names = [side.name for personal in PERSONAL.values() for side in personal.sides]
    assert len(names) == len(set(names))


def test_of_every_kind_of_notification_there_is_a_copy_and_of_each_one_copy():
    kinds = [kind for side in PERSONAL["notifications"].sides for kind in side.only["kind"]]
    assert sorted(kinds) == sorted({*NoticeKind, *ChangeKind})
    assert all(side.ways == (("user_id",),) for side in PERSONAL["notifications"].sides)


def test_every_side_has_its_headline_on_the_page_for_people():
    names = {side.name for personal in PERSONAL.values() for side in personal.sides}
    assert set(SECTIONS) == names, "say in documents/export_words.py how the page calls them"
    assert all(set(headline) == set(LOCALES) for headline in SECTIONS.values())


def test_what_a_column_becomes_fits_it():
    for name, personal in PERSONAL.items():
        for side in personal.sides:
            for column, value in side.erases.items():
                assert value is not None or TABLES[name].c[column].nullable, f"{name}.{column} may not be empty"
                unique = any(
                    {column} == {c.name for c in index.columns} for index in TABLES[name].indexes if index.unique
                )
                assert not unique or value in (None, *Special), f"{name}.{column} must stay unique"


def test_every_reason_is_one():
    for name, personal in PERSONAL.items():
        for reason in (*personal.keeps, *personal.withholds):
            assert len(reason) > 20, f"{name}: {reason!r} is no reason"
