"""One measured thing, in a process of its own: `python -m benchmark.child module:function '{"argument": …}'`."""

from __future__ import annotations

import sys

from benchmark.timing import call

if __name__ == "__main__":
    call(*sys.argv[1:])
