"""The pages that messages point to."""

LAYER = "book/matrix_backprop/units_to_layer"
DEPTH = "book/matrix_backprop/any_depth"
MINIBATCH = "book/matrix_backprop/minibatch"
LOSSES = "book/matrix_backprop/losses"
SOFTMAX = "book/jacobians/elementwise_softmax"
CHECK = "book/jacobians/gradient_check"
