"""The pages that messages point to."""

UNITS = "book/chain_rule/units"
COST = "book/chain_rule/cost"
WIGGLE = "book/chain_rule/wiggle"
TWO_PATHS = "book/chain_rule/two_paths"
OUTPUT = "book/chain_rule/output_weights"
HIDDEN = "book/chain_rule/hidden_weights"
WHOLE = "book/chain_rule/whole_pass"
