"""The section that messages point to."""

LOGISTIC = "book/chain_rule/units#The logistic function"
