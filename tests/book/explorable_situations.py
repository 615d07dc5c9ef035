"""Each explorable: where it is looked at, which links are broken, on which pages it stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    """Where an explorable is looked at, and what it has to stand."""

    situations: list[str]
    """As its links say them; the first is the beginning, the last has what others have, too."""
    broken: list[str]
    stands: list[str]
    """The pages that it stands on, each with the static figure that it replaces there."""
    linked: int
    """To how many situations the book and the problem sets lead at least."""
    grip: str = ""
    """What is taken hold of in its drawing, if anything."""
    short: str = ""
    """A word of links that stands for many others, which the links of the page itself say."""
    made_anew: str = ".tick"
    """What of its drawings is made anew while a size, a step or a place is dragged."""


EXPLORABLES = {
    "microscope": Habits(
        ["", "step=4", "step=9&view=reversed", "step=12&view=matrices", "step=13&see=w.0.0.1",
         "step=8&see=u.1.0", "step=11&ask=1", "example=saturated&step=8", "example=deep&step=21",
         "f=logistic.logistic.binary_cross_entropy&step=8", "step=13&see=w.1.0.0"],
        ["step=99", "step=0", "step=1.5", "step=x", "n=9-9", "n=4", "n=1-1-1-1-1", "w=1,2",
         "w=1e9", "x=NaN,0,0,0", "view=nothing", "see=w.9.9.9", "see=u.0", "see=q", "f=a.b.c",
         "f=", "example=none", "nonsense=1", "eta=-1",
         "y=2,2,2&f=tanh.tanh.softmax_cross_entropy", "v=0", "w=" + "1," * 5000, "step=<script>"],
        [f"chain_rule/whole_pass.md whole-pass-{step}" for step in range(1, 14)], 20,
        short="example=", made_anew=".matrices, .inspector, details"),
    "zoom": Habits(
        ["", "map=layer&h=0.25", "map=softmax&J=diagonal", "map=polar&x=0,1&ask=1", "J=transposed",
         "view=products", "view=products&map=softmax&ask=1", "J=own&own=4,0,1,2",
         "map=affine&h=1&x=-3,3"],
        ["map=none", "x=1", "x=4,0", "h=0", "h=2", "h=x", "J=wrong", "own=1,2,3", "v=3,0", "u=",
         "view=none", "ask=2", "nonsense=1", "v=0", "own=" + "1," * 5000, "map=<script>"],
        ["jacobians/jacobian.md jacobians-local"], 1, grip="[aria-label^='x, the middle']"),
    "nudge": Habits(
        ["", "example=hand&d=0.5", "move=0&x=-1", "example=square&ask=1", "ask=1&d=-1",
         "example=wave&x=4&d=1", "example=twice&d=0"],
        ["example=none", "x=5", "x=a", "x=1,2", "d=2", "d=", "move=2", "move=y", "ask=yes",
         "example=square&move=1", "nonsense=1", "v=0", "x=" + "1," * 5000, "example=<script>"],
        ["chain_rule/two_paths.md two-paths", "chain_rule/chain.md chain-hand"], 1,
        grip="[aria-label='Move x']", made_anew=".tick, .axis"),
    "shapes": Habits(
        ["", "step=1", "step=4", "step=8&view=both&at=2-2", "step=13", "ask=1",
         "line=A2%40delta3", "n=3-3-3-3-3&line=A2%40delta3", "line=delta3.T%40A2",
         "line=A2%40delta3&ask=1", "n=6-6-6-6-6&step=11&view=both", "n=1-1-1-1-1",
         "n=1-4-2-3-6&line=A2.T%40delta3%2FM"],
        ["step=99", "step=0", "step=1.5", "step=x", "n=9-9-9-9-9", "n=4", "n=0-1-1-1-1",
         "n=1-1-1-1-1.5", "numbers=-1", "numbers=1000", "view=nothing", "line=abc", "line=",
         "line=A2@", "at=0-1", "at=7-1", "ask=2", "nonsense=1", "v=0", "n=" + "1-" * 5000,
         "line=" + "A2@" * 500 + "A2", "step=<script>"],
        ["matrix_backprop/minibatch.md step-back"], 15, made_anew=".equation"),
    "valley": Habits(
        ["", "method=momentum&eta=0.1336&alpha=0.4026&all=1", "method=nesterov&eta=0.05",
         "eta=0.2&steps=150", "ask=1&method=momentum&eta=0.05", "kappa=1000&eta=0.0015",
         "kappa=1&eta=1", "eta=0&steps=0", "from=0,0&all=1"],
        ["kappa=0", "kappa=1e9", "kappa=x", "eta=-1", "eta=11", "alpha=1", "alpha=-0.1",
         "method=adam", "from=9,9", "from=1", "from=a,b", "steps=151", "steps=1.5", "all=2",
         "ask=yes", "nonsense=1", "v=0", "eta=NaN", "eta=", "from=" + "1," * 5000],
        ["optimizers/momentum.md momentum-dots"], 1, grip=".grip.ring"),
    "race": Habits(
        ["", "mode=best&steps=60", "land=bowl&see=Adam.algorithm1", "land=saddle&steps=100",
         "land=xor&mode=best&steps=60", "land=turned&field=Nadam&ask=1", "eta=100&steps=100",
         "land=xor&ask=1&eta=1", "eta=0&steps=1", "land=saddle&from=-2.6,0&eta=0.3"],
        ["land=moon", "field=All", "mode=worst", "eta=101", "eta=-1", "see=Adam", "from=9,9",
         "see=Nadam.keras", "land=xor&from=1,1", "steps=101", "land=xor&steps=201", "ask=2",
         "nonsense=1", "v=2", "eta=1e999", "land=constructor"],
        ["optimizers/comparison.md race-ravine"], 1, grip=".grip.ring",
        made_anew=".tick, .first-step"),
}  # fmt: skip
