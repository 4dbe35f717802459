"""Secrets that are nowhere else, and the search for them in everything a process has left.

- `seeds`: the secrets, made anew for every run.
- `scanner`: finds them, or six signs of them in a row, in any of their writings.
- `recorder`: keeps what arrives at a server, but for the places where a secret belongs.
- `misfortunes`: what trackers and Telegram answer to draw a secret out.
- `play`: a process that lives through them, and what it leaves.
"""
