"""Figures of the tracker: asked for in words, with buttons or as JSON, now or every day."""
