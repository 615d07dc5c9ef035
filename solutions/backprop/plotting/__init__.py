"""The figures of the course: functions that take data and give a matplotlib figure.

Use them under the course's style, ``book/course.mplstyle``: the colours, sizes and the
transparent background are its. This is the only part of ``backprop`` that imports matplotlib,
and no other part imports it.
"""

from __future__ import annotations

from .charts import label_line_ends, line_chart
from .export import to_svg
from .frames import pass_frame, pass_steps
from .functions import activation, difference_errors, tangent
from .graphs import chain, computational_graph
from .linear_maps import local_linear_map
from .networks import network
from .oscillator import oscillations, rate_map
from .overview import both_passes
from .palette import INK, MUTED, MUTED_ON_DARK, PALETTE, PAPER, allowed_colours, colour
from .passes import PassStep, PassValues, backward_pass, forward_pass
from .pictures import decision_regions, heat_map, image_grid
from .shapes import shape_equation
from .tensors import collated_tensor, flattened_tensor, jacobian_blocks
from .training import dot_comparison, layer_distributions, loss_curves
from .trajectories import step_sizes, trajectories, trajectory_panels

__all__ = [
    "INK",
    "MUTED",
    "MUTED_ON_DARK",
    "PALETTE",
    "PAPER",
    "PassStep",
    "PassValues",
    "activation",
    "allowed_colours",
    "backward_pass",
    "both_passes",
    "chain",
    "collated_tensor",
    "colour",
    "computational_graph",
    "decision_regions",
    "difference_errors",
    "dot_comparison",
    "flattened_tensor",
    "forward_pass",
    "heat_map",
    "image_grid",
    "jacobian_blocks",
    "label_line_ends",
    "layer_distributions",
    "line_chart",
    "local_linear_map",
    "loss_curves",
    "network",
    "oscillations",
    "pass_frame",
    "pass_steps",
    "rate_map",
    "shape_equation",
    "step_sizes",
    "tangent",
    "to_svg",
    "trajectories",
    "trajectory_panels",
]
