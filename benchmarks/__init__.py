"""Against truth (`benchmarks.accuracy`), and against floors and peers (`benchmarks.speed`)."""
