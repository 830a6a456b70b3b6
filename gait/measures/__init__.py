"""From stride windows to numbers: per stride (`table`), per session (`session`)."""
