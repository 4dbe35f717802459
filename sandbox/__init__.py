"""A Telegram and a tracker on this machine, to try the bot against."""
