"""Wait for a job of the app, as a person who looks at its page would."""

from __future__ import annotations

import time


def until(jobs, id, states, seconds=120):
    """The job once it is in one of the states; an error where it does not come to one in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job = jobs.get(id)
        if job.state in states:
            return job
        time.sleep(0.02)
    raise AssertionError(f"still {jobs.get(id)}")
