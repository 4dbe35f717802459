"""Two operators, a colleague in the panel, and a script that says who comes next.

- `gate`: holds every request to the tracker until the script lets it pass, and writes it down.
- `room`: the bot, the people, the chats, and what was said and pressed.
- `steps`: what a script can do, one step after the other.
- `proof`: what must be so in the end.
- `weave`: one script from its first step to its proof; `__main__`: a thousand of them.

The one moment that nobody can guard is between the bot's look at *Apply* and its write: there the
panel leaves the stream alone. Whoever changes streams through the bot needs no such mercy.
"""
