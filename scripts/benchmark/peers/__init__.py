"""What others offer for the same job: one file each, run in an environment of their own.

`tables(path, pairs)` gives the seconds of every table and its figures; `rake(path, targets, tolerance)` the seconds and
what the weights come to. A table is the shares of the answers (and the mean mark) by column, with standard errors; none
of these tools marks the columns that differ with letters, so that their time is without tests.
"""
