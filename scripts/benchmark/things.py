"""The things that are measured: for each tool the commands to run, and how their answers become measurements."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmark.agreement import Agreement, compare
from benchmark.places import binary_of, respondents_of
from benchmark.environment import python_of, rscript
from benchmark.measurement import BOOK, INTAKE, RAKING, RANKS, VIGIE, WIDE, Measurement, find
from benchmark.plain import ALL_TOO, FIFTY, WIDE_SUMS
from benchmark.process import Ended, Stopped, child, run
from benchmark.questionnaire import DEMOGRAPHICS, ITEMS, TABLES, WIDE as WIDE_BANNER, kinds, margins
