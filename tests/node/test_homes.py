"""The folder of a node, and its clock."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paraph.node.clock import clock_of
from paraph.node.errors import HomeError
from paraph.node.homes import Home, open_home, read_key, write_key
from paraph.record.keys import SecretKey


def test_a_home_is_read_as_it_was_written(tmp_path: Path) -> None:
    home = Home(
        tmp_path, "BY", listen="127.0.0.1:8021", secret="s", peers={"RU": "http://127.0.0.1:8022"},
        certificates={"RU": "ru.pem"}, clock_start="2021-02-23T09:00:00+03:00", clock_started=12.5,
        dask="tcp://127.0.0.1:8786",
    )  # fmt: skip

    home.write()

    assert open_home(tmp_path) == home
    assert (tmp_path / "node.toml").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("code = 'BY'\ncolour = 'red'", "unknown setting"),
        ("code = 'BY'\nlisten = 'here'", "is written 127.0.0.1:8000"),
        ("code = 5", "`code` has a wrong value"),
        ("code = 'BY'\ndask = 8786", "`dask` has a wrong value"),
        ("code = ", "cannot be read"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    (tmp_path / "node.toml").write_text(line)

    with pytest.raises(HomeError, match=sentence):
        open_home(tmp_path)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = SecretKey.generate()
    write_key(tmp_path / "node.key", key)
    assert read_key(tmp_path / "node.key").public == key.public

    (tmp_path / "node.key").chmod(0o644)

    with pytest.raises(HomeError, match="chmod 600"):
        read_key(tmp_path / "node.key")


def test_a_programme_clock_runs_on_from_the_first_start(tmp_path: Path) -> None:
    home = Home(tmp_path, "BY", clock_start="2021-02-23T09:00:00+03:00")
    first = clock_of(home)()
    home.clock_started -= 3600
    home.write()

    later = clock_of(open_home(tmp_path))()

    assert abs((first - datetime(2021, 2, 23, 6, tzinfo=UTC)).total_seconds()) < 5
    assert 3595 < (later - first).total_seconds() < 3610


def test_a_real_programme_uses_the_system_clock(tmp_path: Path) -> None:
    now = clock_of(Home(tmp_path, "BY"))()

    assert abs(now.timestamp() - time.time()) < 5
