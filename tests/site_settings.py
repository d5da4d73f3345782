"""The site as tests run it: in a home of its own, without collecting style sheets, with mail kept in memory.

On SQLite, or on the PostgreSQL of `tests/postgresql.py`.
"""

from __future__ import annotations

import os
import tempfile

os.environ["VIGIE_HOME"] = tempfile.mkdtemp(prefix="vigie-site-")  # before the settings look at the environment
os.environ["VIGIE_DATABASE"] = os.environ.get("VIGIE_TEST_DATABASE", "")

from vigie.web.settings import *  # noqa: F403
from vigie.web.settings import SITE, STORAGES

(SITE.home / "static").mkdir()
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # scrypt is slow, as it should be
