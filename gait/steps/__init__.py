"""Samples of one foot → closed strides: clock repair, mounting, events, path; all compiled."""
