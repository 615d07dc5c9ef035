"""Everything that runs beside student code, in one folder.

The sandbox shows this folder and nothing else of the course.  It imports the standard library,
NumPy and IPython; never :mod:`backprop`, never another module of :mod:`coursekit` (whose trusted
side may import from here: the codec is :mod:`coursekit.worker.trees`).

Notes
-----
Four kinds of process, each a fork of the one above it:

``zygote``
    Started once per worker inside the outer sandbox, imports NumPy, matplotlib and IPython, and
    waits.  It sees no source, no input, no secret: it is handed a socket per submission, unread.
``supervisor``
    One per submission.  Trusted: it holds the socket to the judge, measures processor time and
    memory, kills what runs over, reads what is printed, and passes frames on without decoding
    those that student code wrote.
``runner``
    Student code: runs the cells, then waits for orders to fork.  It lives in its own user, PID,
    mount and IPC namespaces (below an ``init`` that only reaps), without capabilities, under a
    seccomp filter.  Killing the ``init`` ends all of it.
``exercise``
    A fork of the runner for one exercise (``student_calls``): takes inputs, returns values.
"""
