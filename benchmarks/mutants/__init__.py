"""What the tests notice: real one-line faults put into the code, and who finds them."""
