"""Students' Markdown made harmless before it is written into a graded notebook.

Feedback pages and formgrader put what Markdown renders to into their pages as it is, raw HTML
too. Here the source of an answer is changed until what it renders to has nothing that runs, loads
from elsewhere, styles the page or breaks out of its place. Markdown that is harmless is not
changed by one character.

Notes
-----
The text is rendered with nbconvert's own renderer, and the result given to nh3, which parses as
browsers do. What it would change is not harmless, and is mended in the source: raw HTML is cleaned
by nh3, then escaped; at last the whole answer is shown as plain text. Beside HTML, three of
nbconvert's own ways lead out: ``mermaid`` blocks are put into the page unescaped, links keep
``javascript:``, and MathJax has commands such as ``\\href`` that make links and styles.
"""
