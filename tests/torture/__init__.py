"""A bot is killed again and again while people use it; then everything is counted.

- `plan`: how many kills, of which kind, in which process.
- `stage`: the two servers, the people, and the bot as a process of its own.
- `load`: who says what; `kinds`: what can be said; `pool`: the streams that are asked for.
- `faults`: what goes wrong besides the kills.
- `moments`: where a kill strikes.
- `torment`: one bot, killed and started, and killed.
- `ledger`: which message of the bot belongs to which command.
- `evidence`: what the servers and the database know of every command.
- `checker`: what breaks a promise.
- `run`: all of it, for one job; `workers`: several jobs side by side.
- `summary`: the figures as a table, and whether they will do.
- `naive`: two bots that must not pass.
"""
