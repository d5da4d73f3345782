"""Speed and memory, side by side with peers, on generated data: `make bench`."""
