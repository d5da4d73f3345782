"""A PostgreSQL of one's own: on loopback, in a folder that goes with it, for one command or one test.

    python tests/postgresql.py pytest tests/web

runs a command with the server's address in `VIGIE_TEST_DATABASE`, which `site_settings.py` takes; `{}` in the command
becomes that address. `--durable` before it: a server that keeps what it says, for measurements.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "VIGIE_TEST_DATABASE"
NAME, USER = "vigie", "vigie"
SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "60"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # it lives as long as the tests
DURABLE = "--durable"


def programs() -> Path | None:
    """Where `initdb` and `pg_ctl` are: on the path, or where Debian puts them; the newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return places[-1].parent if places else None


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """A server while it is needed: the address of an empty database of it."""
    place = programs()
    if place is None:
        raise LookupError("PostgreSQL is not installed; on Debian and Ubuntu: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="vigie-postgresql-"))
    # it refuses to run as root: then it runs as the user that its package makes
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    password, port = secrets.token_hex(12), _free()
    (folder / "password").write_text(password + "\n", encoding="ascii")
    if as_user:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres")
    data = folder / "data"
    settings = SETTINGS | {"port": str(port)} | ({} if durable else FORGETFUL)
    given = " ".join(f"-c {name}={value!r}" for name, value in settings.items())
    try:
        _run(*as_user, place / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C",
             "--pwfile", folder / "password", "--no-sync")  # fmt: skip
        _run(*as_user, place / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", given, "start")
        try:
            address = f"postgresql://{USER}:{password}@127.0.0.1:{port}"
            create(f"{address}/postgres", NAME)
            yield f"{address}/{NAME}"
        finally:
            _run(*as_user, place / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create(address: str, name: str) -> str:
    """An empty database beside the one of an address; its own address."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{address.rpartition('/')[0]}/{name}"


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _run(*command: str | Path) -> None:
    made = subprocess.run(
        list(map(str, command)), cwd="/", text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"{command}: {made.stdout}")


def main(command: list[str]) -> int:
    durable = command[:1] == [DURABLE]
    if programs() is None and not os.environ.get("VIGIE_CI"):
        print("No PostgreSQL here: the site is tested on SQLite alone.")
        return 0
    with server(durable=durable) as address:
        command = [address if word == "{}" else word for word in command[durable:]]
        return subprocess.run(command, env=os.environ | {VARIABLE: address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
