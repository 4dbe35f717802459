"""The process: settings, wiring, start and stop, the command line."""

__version__ = "0.1.0"
