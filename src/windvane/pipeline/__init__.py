"""One run: call the stages in order, write the outputs."""

from windvane.pipeline.check import Check, check
from windvane.pipeline.run import run, summarise
from windvane.pipeline.stages import Analysis, analyse
from windvane.pipeline.suggestions import label, suggest

__all__ = ["Analysis", "Check", "analyse", "check", "label", "run", "suggest", "summarise"]
