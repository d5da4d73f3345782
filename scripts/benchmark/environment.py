"""The environments of the peers, made by uv from pinned requirements, apart from the project's own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
REQUIREMENTS = {"peers": HERE / "requirements.txt", "balance": HERE / "requirements-balance.txt"}


def python_of(name: str, cache: Path) -> str | None:
    """The interpreter of an environment, made where it does not stand; None where it cannot be made."""
    folder, wanted = cache / "environments" / name, REQUIREMENTS[name].read_text(encoding="utf-8")
    python, stamp = folder / "bin" / "python", folder / "requirements.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
        if uv is None:
            return None
        for command in (
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)],
            [uv, "pip", "install", "--quiet", "--python", str(python), "--requirements", str(REQUIREMENTS[name])],
        ):
            if subprocess.run(command, check=False).returncode:
                return None
        stamp.write_text(wanted, encoding="utf-8")
    return str(python)


def rscript() -> str | None:
    """R's `Rscript`, where it stands and has the survey package."""
    found = shutil.which("Rscript")
    if found is None:
        return None
    asked = subprocess.run([found, "-e", "library(survey)"], check=False, capture_output=True)
    return found if asked.returncode == 0 else None
