"""Which PostgreSQL and Redis are chosen, in which order, and what is said where none will do."""

from __future__ import annotations

import os

import pytest

from ops import binaries
from ops.account import Account, copy_tree
from ops.errors import OpsError

ME = Account("me", os.getuid(), os.getgid())


def program(path, prints: str):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\necho "{prints}"\n')
    path.chmod(0o755)
    return path


def postgres_in(folder, version: str, extensions=binaries.EXTENSIONS):
    program(folder / "bin/initdb", "initdb")
    program(folder / "bin/postgres", f"postgres (PostgreSQL) {version} (Somebody's {version}-1)")
    share = folder / "share/extension"
    share.mkdir(parents=True)
    for name in extensions:
        (share / f"{name}.control").touch()
    return folder / "bin"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine that has nothing but what a test puts on it."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(binaries, "_SYSTEM_FOLDERS", (f"{tmp_path}/usr/lib/postgresql/*/bin",))
    monkeypatch.setattr(binaries, "_shares", lambda folder, major: [folder.parent / "share"])
    return tmp_path


def test_initdb_on_path_comes_first_even_if_older(machine):
    on_path = postgres_in(machine / "opt/pg", "15.3")
    postgres_in(machine / "usr/lib/postgresql/17", "17.1")
    (machine / "bin/initdb").symlink_to(on_path / "initdb")
    found = binaries.find_postgres("auto", ME, machine / "dist")
    assert (found.path, found.version, found.flavour) == (on_path / "postgres", "15.3", "system")


def test_the_newest_of_debians_folders_is_taken(machine):
    postgres_in(machine / "usr/lib/postgresql/9", "9.6.24")
    postgres_in(machine / "usr/lib/postgresql/15", "15.18")
    newest = postgres_in(machine / "usr/lib/postgresql/17", "17.2")
    assert binaries.find_postgres("system", ME, machine / "dist").path == newest / "postgres"


def test_one_that_is_too_old_or_lacks_extensions_is_passed_over(machine):
    postgres_in(machine / "usr/lib/postgresql/17", "17.2", extensions=("citext", "unaccent", "pg_trgm"))
    fit = postgres_in(machine / "usr/lib/postgresql/16", "16.4")
    postgres_in(machine / "usr/lib/postgresql/14", "14.9")
    assert binaries.find_postgres("auto", ME, machine / "dist").path == fit / "postgres"


def test_without_a_fit_one_the_embedded_is_taken(machine):
    postgres_in(machine / "usr/lib/postgresql/14", "14.9")
    found = binaries.find_postgres("auto", ME, machine / "dist")
    assert found.flavour == "embedded"
    assert found.label.endswith("(embedded)")
    assert found.folder_name == f"postgresql-{found.major}-embedded"


def test_embedded_can_be_forced(machine):
    postgres_in(machine / "usr/lib/postgresql/17", "17.2")
    assert binaries.find_postgres("embedded", ME, machine / "dist").flavour == "embedded"


def test_system_can_be_forced_and_then_says_what_is_missing(machine):
    with pytest.raises(OpsError, match="no PostgreSQL 15 or newer with btree_gist") as error:
        binaries.find_postgres("system", ME, machine / "dist")
    assert "--services embedded" in error.value.cure
    with pytest.raises(OpsError, match="no redis-server 7 or newer"):
        binaries.find_redis("system", ME, machine / "dist")


def test_a_machine_without_anything_is_told_what_to_install(machine, monkeypatch):
    monkeypatch.setattr(binaries, "_package_folder", lambda name: None)
    for find in (binaries.find_postgres, binaries.find_redis):
        with pytest.raises(OpsError, match="apt install postgresql redis-server"):
            find("auto", ME, machine / "dist")


@pytest.mark.parametrize(
    ("prints", "label"),
    [
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc", "Redis 7.0.15 (of this machine)"),
        ("Valkey server v=8.1.0 sha=00000000:0", "Valkey 8.1.0 (of this machine)"),
    ],
)
def test_a_redis_of_the_machine_is_taken(machine, prints, label):
    program(machine / "bin/redis-server", prints)
    assert binaries.find_redis("auto", ME, machine / "dist").label == label


def test_an_old_redis_gives_way_to_the_next(machine):
    program(machine / "bin/redis-server", "Redis server v=6.2.6 sha=0")
    program(machine / "bin/valkey-server", "Valkey server v=9.1.2 sha=0")
    assert binaries.find_redis("auto", ME, machine / "dist").path.name == "valkey-server"
    (machine / "bin/valkey-server").unlink()
    assert binaries.find_redis("auto", ME, machine / "dist").flavour == "embedded"


def test_programs_out_of_the_accounts_reach_are_copied_with_their_libraries(tmp_path, monkeypatch):
    monkeypatch.setattr(Account, "can", lambda self, flag, path: False)
    found = binaries.find_postgres("embedded", ME, tmp_path / "dist")
    assert found.path.is_relative_to(tmp_path / "dist")
    assert found.major >= binaries.OLDEST_POSTGRES
    assert found.path.stat().st_mode & 0o555 == 0o555
    redis = binaries.find_redis("embedded", ME, tmp_path / "dist")
    assert redis.path.is_relative_to(tmp_path / "dist")


def test_a_copy_is_readable_for_everybody_and_made_once(tmp_path):
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True, mode=0o700)
    (source / "inner/text").write_text("one")
    (source / "inner/text").chmod(0o600)
    copy_tree(source, tmp_path / "a/copy")
    assert (tmp_path / "a/copy/inner").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "a/copy/inner/text").stat().st_mode & 0o777 == 0o644
    copy_tree(source, tmp_path / "a/copy")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["copy"]
