"""The dashboard: the roster in the browser, served on this machine only.

Built on NiceGUI: pages are plain Python, and the browser's part (Vue, Quasar) comes with the
package, so nothing is fetched at run time. Panel and Dash do the same; NiceGUI was taken because
forms, tables, uploads and live updates need no code in the browser. Figures are the report's, as
SVG; NiceGUI's own (ECharts) would be a second way, and 1.1 MB more on a page.
"""
