"""The step detector's state machine once more, slowly and plainly: its specification.

`machine.Twin` takes one sample at a time. It shares with `gait.steps` only the parameters, and
keeps every sample since the last break where the compiled machine has a bounded history.
`signals` holds what is said of sampled signals, `path` orientation and path of a stride, `contact`
the events of one contact, `steadiness` what the strides before say of them. Where they can,
formulas are over whole arrays.
"""
