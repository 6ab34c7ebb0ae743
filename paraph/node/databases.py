"""How does Django reach the database of a home?"""

from paraph.node.homes import Home


def database_of(home: Home) -> dict[str, object]:
    """The settings of the database of a home."""
    return sqlite(home) if home.database == "sqlite" else postgresql(home.database)


def sqlite(home: Home) -> dict[str, object]:
    """One file holds the record: Django's own options lose transactions under several processes."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(home.path / "node.sqlite3"),
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": str(home.path / "test.sqlite3")},  # a file: tests use threads, too
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000"
            ),
        },
    }


def postgresql(address: str) -> dict[str, object]:
    """A database by its address, as libpq writes it."""
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
