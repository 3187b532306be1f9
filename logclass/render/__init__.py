"""The report document as HTML, Markdown and CSV.

A renderer sees nothing but the document: what it shows is what the JSON output says.
"""
