"""What safety costs: this bot beside a minimal one, against the same Telegram and tracker."""
