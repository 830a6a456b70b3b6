"""How quick a large roster, its pages and the report of a long run are."""
