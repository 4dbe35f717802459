"""What a page shows and moves: the stage, what the tracker was asked, what goes wrong."""

from dataclasses import dataclass, field

from sandbox.page.asked import Asked
from sandbox.page.engine import Engine
from sandbox.page.trouble import Trouble
from sandbox.stage import Stage


@dataclass(frozen=True)
class Room:
    """The *stage*, and what only the page knows: calls, misfortunes, whether the bot lives."""

    stage: Stage
    asked: Asked = field(init=False)
    engine: Engine = field(init=False)
    trouble: Trouble = field(init=False)

    def __post_init__(self) -> None:
        stage = self.stage
        object.__setattr__(self, "asked", Asked(stage.keitaro))
        object.__setattr__(self, "engine", Engine(stage.bot))
        object.__setattr__(self, "trouble", Trouble(stage.telegram, stage.keitaro))
