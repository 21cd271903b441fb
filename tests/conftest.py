"""What all tests share."""

import os

# Before any library starts: no hub, no telemetry, one thread (so that tests that run side by side don't fight).
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

pytest_plugins = ["tests.corpora"]
