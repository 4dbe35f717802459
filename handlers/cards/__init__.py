"""The card of a stream: what matters at a glance, and buttons for what is done about it."""
