"""What runs on a worker of a cluster: it imports little, and needs neither Ibis nor the study."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from vigie.engine.kernel import Kernel

COLUMNS = "partition int, sums binary"
PARTIAL = pa.schema([("partition", pa.int32()), ("sums", pa.binary())])


@dataclass(frozen=True)
class Worker:
    """A kernel over the batches of one partition, its sums in one row."""

    kernel: Kernel

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import TaskContext

        sums = pickle.dumps(self.kernel.fold(batches))
        context = TaskContext.get()
        number = context.partitionId() if context is not None else 0
        yield pa.record_batch([pa.array([number], pa.int32()), pa.array([sums], pa.binary())], PARTIAL)
