"""Property tests draw new examples on every run by hand, and the same ones where a failure would only stop others."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("hand", deadline=None)  # speed is for `make bench`, never for tests
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("VIGIE_CI") else "hand")
