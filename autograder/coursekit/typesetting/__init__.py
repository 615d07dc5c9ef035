"""Mathematics typeset where a page is made, for the book and for the students' feedback.

A formula becomes HTML with MathML beside it, so it can be read before any script runs, without a
network, and aloud. KaTeX does it, run by QuickJS: a wheel of two megabytes, where Node would be a
program of its own on every machine that grades.

KaTeX lies in the folder ``katex``, as its authors publish it (version 0.19.1, MIT License):
no package of PyPI has its script, its style and its fonts of one version. ``SHA256SUMS`` says what
each file is, and a test compares.
"""
