"""A year of training through the whole product: is a change seen in time, and what is said falsely.

    python -m benchmarks.flags

`days` says how a runner differs from day to day, `year` plans what happens to them, `product`
takes each run from simulated feet into a roster, `score` counts, `tables` prints.
"""
