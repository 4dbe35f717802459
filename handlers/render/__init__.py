"""Values become what people read: HTML of Telegram, tables for phones, files."""
