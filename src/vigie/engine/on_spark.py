"""Figures on Spark: the engine for data that outgrow one machine. Needs PySpark and Java.

Ibis writes the row-level part for Spark as it does for DuckDB; the kernels run on the workers, over Arrow batches, and
the driver puts their partial sums together. A session that is open already (a cluster's, in a notebook) is used as it
is; else one is made, from the settings of the environment (`spark-defaults.conf`, `SPARK_CONF_DIR`), on `local[2]`
unless they name a master.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import pyarrow as pa

from vigie.engine.coding import Coder
from vigie.engine.kernel import Kernel
from vigie.engine.worker import COLUMNS, Worker
from vigie.errors import failure

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "262144",
    "spark.sql.adaptive.enabled": "true",
}

HERE = {
    "spark.sql.shuffle.partitions": "4",  # 200 are for a cluster
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
_KINDS = {pa.string(): "string", pa.float64(): "double"}


@ibis.udf.scalar.builtin(name="array_position")  # type: ignore[untyped-decorator]
def _place(levels: list[str], text: str) -> int:  # type: ignore[empty-body]
    """Spark's own function; 0 where a text is not among the levels."""


def session() -> Any:
    """The Spark session to compute on: the one that is open, else a new one."""
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        message = "The engine spark needs PySpark, which is not installed."
        raise failure("missing-extra", message, "Install it: pip install 'pyspark>=4,<4.1' (and Java 17).") from None
    open_ = SparkSession.getActiveSession()
    if open_ is not None:
        return open_
    from pyspark import SparkConf

    conf = SparkConf()
    conf.setIfMissing("spark.master", "local[2]")
    for key, value in SETTINGS.items():
        conf.setIfMissing(key, value)
    if conf.get("spark.master").startswith("local"):  # workers on this machine: the same Python, the same packages
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        for key, value in HERE.items():
            conf.setIfMissing(key, value)
    made = SparkSession.builder.appName("vigie").config(conf=conf).getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


@dataclass
class Spark:
    """A Spark session that reads the snapshot's files."""

    session: Any = field(default_factory=session)
    backend: Any = field(init=False)

    def __post_init__(self) -> None:
        self.backend = ibis.pyspark.connect(self.session)

    def held(self, table: pa.Table) -> Any:
        name = ibis.util.gen_name("held")
        self.session.createDataFrame(table).createOrReplaceTempView(name)
        return self.backend.table(name)

    def place(self, levels: Sequence[str], column: Any) -> Any:
        return _place(ibis.array(list(levels)), column).cast("int16")

    def sign(self, levels: Sequence[str], column: Any) -> tuple[Any, tuple[int, ...]]:
        return self.place(levels, column), ()

    def fold(self, table: Any, kernel: Kernel, *, order: Sequence[str] = (), whole: bool = False) -> Any:
        rows = self._frame(table)
        if order:
            rows = (rows.repartition(1) if whole else rows.repartition(order[0])).sortWithinPartitions(*order)
        found = rows.mapInArrow(Worker(kernel), COLUMNS).collect()
        partials = [pickle.loads(bytes(row.sums)) for row in sorted(found, key=lambda r: r.partition)]  # noqa: S301
        return kernel.merge(partials) if partials else kernel.fold([])

    def coded(self, texts: Any, coder: Coder) -> pa.Table:
        rows = self._frame(texts)
        # a file of texts is one partition, and reading them is what takes long
        spread = rows.repartition(self.session.sparkContext.defaultParallelism)
        kinds = ", ".join(f"`{f.name}` {_KINDS[f.type]}" for f in coder.schema)
        return spread.mapInArrow(coder, kinds).toArrow().cast(coder.schema)

    def _frame(self, table: Any) -> Any:
        """An Ibis table as a data frame of Spark."""
        return self.session.sql(self.backend.compile(table))
