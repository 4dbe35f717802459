"""`python -m bot` is `keitaro-bot`."""

import sys

from bot.cli import main

sys.exit(main())
