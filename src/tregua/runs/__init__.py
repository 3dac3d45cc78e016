"""Many simulations: shards, their store, and the threads that compute them."""

from tregua.runs.disk import Disk
from tregua.runs.local import Computed, Interrupted, Progress, RunReport, run_shards
from tregua.runs.manifest import Entry, Failed, Manifest
from tregua.runs.shard import Failure, Origin, Shard, blocks
from tregua.runs.store import Store

__all__ = [
    "Computed",
    "Disk",
    "Entry",
    "Failed",
    "Failure",
    "Interrupted",
    "Manifest",
    "Origin",
    "Progress",
    "RunReport",
    "Shard",
    "Store",
    "blocks",
    "run_shards",
]
