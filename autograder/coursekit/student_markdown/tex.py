"""Which commands a formula of a student may hold.

MathJax makes links, classes and styles, loads extensions, defines commands for the whole page, and
moves what it draws: over its neighbours, or to a page of any size. So commands are taken from a
list, and a formula with another is shown as its text.
"""

import re

SYMBOLS = """
    aleph alpha amalg And angle approx approxeq Arrowvert arrowvert ast asymp backepsilon
    backprime backsim backsimeq backslash barwedge Bbbk because beta beth between bigcap bigcirc
    bigcup bigodot bigoplus bigotimes bigsqcup bigstar bigtriangledown bigtriangleup biguplus
    bigvee bigwedge blacklozenge blacksquare blacktriangle blacktriangledown blacktriangleleft
    blacktriangleright bot bowtie Box boxdot boxminus boxplus boxtimes bracevert bullet Bumpeq
    bumpeq Cap cap cdot cdotp cdots centerdot checkmark chi circ circeq circlearrowleft
    circlearrowright circledast circledcirc circleddash circledR circledS clubsuit colon
    complement cong coprod Cup cup curlyeqprec curlyeqsucc curlyvee curlywedge curvearrowleft
    curvearrowright dagger daleth dashleftarrow dashrightarrow dashv ddagger ddots Delta delta
    diagdown diagup Diamond diamond diamondsuit digamma div divideontimes divsymbol Doteq doteq
    doteqdot dotplus dotsb dotsc dotsi dotsm dotso doublebarwedge doublecap doublecup Downarrow
    downarrow downdownarrows downharpoonleft downharpoonright ell emptyset epsilon eqcirc eqsim
    eqslantgtr eqslantless equiv eta eth exists fallingdotseq Finv flat forall frown Game Gamma
    gamma ge geq geqq geqslant gets gg ggg gggtr gimel gnapprox gneq gneqq gnsim gt gtrapprox
    gtrdot gtreqless gtreqqless gtrless gtrsim gvertneqq hbar heartsuit hookleftarrow
    hookrightarrow hslash iiint iint Im imath in infty int intercal intop iota jmath Join kappa
    Lambda lambda land langle lbrace lbrack lceil ldotp ldots le leadsto Leftarrow leftarrow
    leftarrowtail leftharpoondown leftharpoonup leftleftarrows Leftrightarrow leftrightarrow
    leftrightarrows leftrightharpoons leftrightsquigarrow leftthreetimes leq leqq leqslant
    lessapprox lessdot lesseqgtr lesseqqgtr lessgtr lesssim lfloor lgroup lhd ll llcorner
    Lleftarrow lll llless lmoustache lnapprox lneq lneqq lnot lnsim Longleftarrow longleftarrow
    Longleftrightarrow longleftrightarrow longmapsto Longrightarrow longrightarrow looparrowleft
    looparrowright lor lozenge lrcorner Lsh lt ltimes lVert lvert lvertneqq maltese mapsto
    measuredangle mho mid models mp mu multimap nabla natural ncong ne nearrow neg neq nexists
    ngeq ngeqq ngeqslant ngtr ni nLeftarrow nleftarrow nLeftrightarrow nleftrightarrow nleq nleqq
    nleqslant nless nmid notChar notin nparallel nprec npreceq nRightarrow nrightarrow nshortmid
    nshortparallel nsim nsubseteq nsubseteqq nsucc nsucceq nsupseteq nsupseteqq ntriangleleft
    ntrianglelefteq ntriangleright ntrianglerighteq nu nVDash nVdash nvDash nvdash nwarrow odot
    oint Omega omega omicron ominus oplus oslash otimes owns parallel partial perp Phi phi Pi pi
    pitchfork pm prec precapprox preccurlyeq preceq precnapprox precneqq precnsim precsim prime
    prod propto Psi psi rangle rbrace rbrack rceil Re restriction rfloor rgroup rhd rho Rightarrow
    rightarrow rightarrowtail rightharpoondown rightharpoonup rightleftarrows rightleftharpoons
    rightrightarrows rightsquigarrow rightthreetimes risingdotseq rmoustache Rrightarrow Rsh
    rtimes rVert rvert S searrow setminus sharp shortmid shortparallel Sigma sigma sim simeq
    smallfrown smallint smallsetminus smallsmile smile spadesuit sphericalangle sqcap sqcup
    sqsubset sqsubseteq sqsupset sqsupseteq square star Subset subset subseteq subseteqq subsetneq
    subsetneqq succ succapprox succcurlyeq succeq succnapprox succneqq succnsim succsim sum Supset
    supset supseteq supseteqq supsetneq supsetneqq surd swarrow tau therefore Theta theta
    thickapprox thicksim times to top triangle triangledown triangleleft trianglelefteq triangleq
    triangleright trianglerighteq twoheadleftarrow twoheadrightarrow ulcorner unlhd unrhd Uparrow
    uparrow Updownarrow updownarrow upharpoonleft upharpoonright uplus Upsilon upsilon upuparrows
    urcorner varDelta varepsilon varGamma varkappa varLambda varnothing varOmega varPhi varphi
    varPi varpi varpropto varPsi varrho varSigma varsigma varsubsetneq varsubsetneqq varsupsetneq
    varsupsetneqq varTheta vartheta vartriangle vartriangleleft vartriangleright varUpsilon varXi
    Vdash vDash vdash vdots vee veebar Vert vert Vvdash wedge wp wr Xi xi yen zeta
"""
"""Characters of MathJax, which does with them what a font does."""

COMMANDS = """
    acute bar begin Bigg bigg Biggl biggl Biggm biggm Biggr biggr Big big Bigl bigl Bigm bigm Bigr
    bigr binom bmod bold boldsymbol boxed brace brack breve cal cancel bcancel xcancel cancelto
    cases cfrac check choose color cr dbinom ddot dddot ddddot dfrac displaystyle dot dots emph end
    enspace eqref fbox frac frak grave hat hbox hdashline hline hspace iff implies impliedby
    injlim it label LaTeX left limits mathbb Bbb mathbf mathbin mathcal mathclose mathfrak
    mathinner mathit mathnormal mathop mathopen mathord mathpunct mathrel mathring mathrm mathscr
    mathsf mathstrut mathtt matrix mbox middle mod mspace negmedspace negthickspace negthinspace
    newline nobreakspace nolimits nonumber normalsize not notag operatorname over overbrace
    overleftarrow overleftrightarrow overline overparen overrightarrow overset phantom hphantom
    vphantom pmatrix pmb pmod pod projlim qquad quad ref right rm root scr scriptscriptstyle
    scriptsize scriptstyle sf sideset small sqrt stackrel strut substack tag tbinom TeX text
    textbf textcolor textit textnormal textrm textsf textstyle texttt textup tfrac thinspace tilde
    tiny Tiny tt underbrace underleftarrow underleftrightarrow underline underparen
    underrightarrow underset varinjlim varliminf varlimsup varprojlim vcenter vec widehat
    widetilde xleftarrow xrightarrow bf mit atop bra ket braket Bra Ket Braket
    arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf
    limsup ln log max min Pr sec sin sinh sup tan tanh
"""
"""Those that set a formula in its place, in the size of its parts."""

UNKNOWN = """
    abs argmax argmin bm Cov diag E mathbbm mathds N norm R ReLU relu sgn sigmoid sign softmax Tr
    tr Var Z
"""
"""Those that students write as if they were there: MathJax shows their names."""

KNOWN = frozenset((SYMBOLS + COMMANDS + UNKNOWN).split())
MOST_BACKWARDS = 20
"""Negative spaces of a piece of text: many of them lead to what stands far before it."""

OPENS = re.compile(r"\$|\\[(\[]|\\begin(?![A-Za-z])")
COMMAND = re.compile(r"\\([A-Za-z]+)")
BACKWARDS = re.compile(r"\\!|\\neg(?:thin|med|thick)space(?![A-Za-z])")
LENGTH = re.compile(
    r"\\(?:[hm]space(?![A-Za-z])\s*\*?\s*\{?(?P<space>[^}]*)"
    r"|(?:\\|cr(?![A-Za-z])|newline(?![A-Za-z]))\s*\*?\s*\[(?P<row>[^\]]*)\]?)"
)
SMALL = re.compile(r"\s*(?:\+?\d?\d(?:\.\d*)?\s*(?:pt|px|mm|mu|ex)|\+?\d(?:\.\d*)?\s*(?:em|cm)"
                   r"|-\d(?:\.\d*)?\s*(?:pt|px|mu))\s*")  # fmt: skip


def refused(text: str) -> list[str]:
    """What a page must not have typeset in a text that stands together; nothing, if all may be.

    MathJax reads formulas where it finds their delimiters, so all that follows one counts.

    Parameters
    ----------
    text : str
        As it is read on the page.
    """
    start = OPENS.search(text)
    if start is None:
        return []
    formulas = text[start.start() :]
    found = [name for name in COMMAND.findall(formulas) if name not in KNOWN]
    for length in LENGTH.finditer(formulas):
        size = length["space"] if length["row"] is None else length["row"]
        if not SMALL.fullmatch(size) and (length["row"] is None or re.search(r"\d", size)):
            found.append(length[0])
    if len(BACKWARDS.findall(formulas)) > MOST_BACKWARDS:
        found.append("!")
    return found
