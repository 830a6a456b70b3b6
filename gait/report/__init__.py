"""What people see of a session: tables and JSON, terminal text, one HTML page. Measures nothing.

Import the module that is wanted; this package loads nothing, so that starting stays cheap.
"""
