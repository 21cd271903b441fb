"""One run: call the stages in order, write the outputs."""

from windvane.pipeline.checking import Check, check
from windvane.pipeline.files import write_file, writing_to
from windvane.pipeline.initial import write_initial
from windvane.pipeline.running import Run, run
from windvane.pipeline.stages import Analysis, analyse
from windvane.pipeline.suggestions import label, suggest
from windvane.pipeline.sweep import sweep

__all__ = [
    "Analysis",
    "Check",
    "Run",
    "analyse",
    "check",
    "label",
    "run",
    "suggest",
    "sweep",
    "write_file",
    "write_initial",
    "writing_to",
]
