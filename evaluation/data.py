"""Where the data lie that the evaluation reads and the tree may not hold."""

import os
from pathlib import Path
from typing import Final

DATA: Final = Path(os.environ.get("WINDVANE_EVALUATION_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
"""Holds `argkp/arguments.jsonl` (ArgKP-2021, IBM `KPA_2021_shared_task`, CDLA-Sharing-1.0) and `ecosent_nl/`
(`vanatteveldt/ecosent`, MIT); set by WINDVANE_EVALUATION_DATA. What is missing there is not measured, and said so."""
