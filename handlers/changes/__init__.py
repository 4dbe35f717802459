"""Changes of a tracker: sent once, looked at afterwards, told as they are."""
