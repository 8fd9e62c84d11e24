"""The stages of the path: each takes values and returns values; `cycle` calls them in turn."""
