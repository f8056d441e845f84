"""The peak memory of a process, also for scripts in environments without biolabel."""

import resource
from pathlib import Path


def peak_memory() -> int:
    """Return the largest resident memory of this process so far, in bytes.

    `getrusage` would count what the process that started this one held at that moment (Linux keeps its
    high-water mark over fork and exec); /proc/self/status begins anew with the program.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
