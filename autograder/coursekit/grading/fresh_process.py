"""A process that does tasks, started as a program of its own.

A worker of a cluster has threads, which do not bear a fork, and Dask may have started it as a
process that can have no children of :mod:`multiprocessing`.
"""

import pickle
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from coursekit.grading.executors import Duties, serve


class FreshProcess:
    """A process that does the tasks of a connection.

    Parameters
    ----------
    connection : Connection
        Is passed on to it.
    duties : Duties
    """

    def __init__(self, connection: Connection, duties: Duties) -> None:
        descriptor = connection.fileno()
        command = [sys.executable, "-m", __name__, str(descriptor)]
        self.program = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[descriptor])
        self.pid = self.program.pid
        assert self.program.stdin is not None
        with suppress(BrokenPipeError), self.program.stdin as file:
            file.write(pickle.dumps(duties))

    def kill(self) -> None:
        """End it at once."""
        self.program.kill()

    def join(self, seconds: float | None = None) -> None:
        """Wait for its end, for so long at the most."""
        with suppress(subprocess.TimeoutExpired):
            self.program.wait(seconds)

    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.program.poll() is None


def main() -> None:
    """Do the tasks that come by the connection with the number that was given."""
    duties = pickle.load(sys.stdin.buffer)  # written by the process that started this one
    serve(Connection(int(sys.argv[1])), duties)


if __name__ == "__main__":
    main()
