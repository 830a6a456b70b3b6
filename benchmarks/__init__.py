"""Measured against truth (`benchmarks.accuracy`) and against floors and peers (`benchmarks.speed`)."""
