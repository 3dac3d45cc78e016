"""Many histories of the bundled case through the store, as `tregua compare` runs them: seconds, memory, bytes.

python -m benchmarks.peers.whole FOLDER HISTORIES
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from tregua.case import load_case
from tregua.explore.experiment import Experiment, Worker
from tregua.runs import Store, run_shards


def main() -> None:
    folder, wanted = Path(sys.argv[1]), int(sys.argv[2])
    case = load_case("el_salvador_2012")
    decision = next(iter(case.decisions))
    one = sum(shard.size for shard in Experiment(case, draws=1).compare_shards(decision, ("default",)))
    experiment = Experiment(case, draws=-(-wanted // one))
    shards = experiment.compare_shards(decision, ("default",))
    store = Store.open(folder / "store", experiment.origin, case_id=case.id)
    worker = Worker(experiment)
    begun, spent = time.perf_counter(), time.process_time()
    load = os.getloadavg()[0]
    report = run_shards(shards, worker, store, 2)
    wall, cpu = time.perf_counter() - begun, time.process_time() - spent
    told = {
        "histories": report.histories,
        "wall": wall,
        "cpu": cpu,
        "load": load,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "bytes": sum(path.stat().st_size for path in store.shards.iterdir()),
        "shards": len(shards),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
