"""The seed of every draw whose caller gives none: the same input gives the same limits, on any machine."""

SEED = 20070615
