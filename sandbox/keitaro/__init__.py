"""A Keitaro tracker on this machine: its Admin API over a plain Python state."""

from sandbox.keitaro.buckets import Bucket
from sandbox.keitaro.requests import Request
from sandbox.keitaro.tracker import Keitaro
from sandbox.serving import Cut

__all__ = ["Bucket", "Cut", "Keitaro", "Request"]
