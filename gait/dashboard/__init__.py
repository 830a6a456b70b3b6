"""The dashboard: the roster in the browser, served on this machine only.

Built on NiceGUI: pages are plain Python, and the browser's part (Vue, Quasar, ECharts) comes with
the package, so nothing is fetched at run time. Panel and Dash do the same; NiceGUI was taken
because forms, tables, uploads and live updates need no code in the browser.
"""
