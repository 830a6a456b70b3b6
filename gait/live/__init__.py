"""A run as it happens: from the shoes through the pipeline to the file, the eye and the ear."""
