"""The rule book: every rule of the plan, in its order.

RULES judge a row by itself and beside the registers; REPEAT_RULES are asked afterwards, of the rows
that stand, because what was returned does not use a chance up.
"""

from pipeline.rules import claims, identity, measures, plan_table
from pipeline.rules.engine import Rule

RULES: tuple[Rule, ...] = (*plan_table.RULES, *identity.RULES, *measures.RULES, *claims.RULES)
REPEAT_RULES: tuple[Rule, ...] = (*plan_table.REPEAT_RULES, *claims.REPEAT_RULES)
