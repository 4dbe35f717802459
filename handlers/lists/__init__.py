"""Lists of changes: asked about once, carried out item by item, told in one answer."""
