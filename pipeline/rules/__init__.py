"""The rule book: every rule of the plan, in its order.

REGISTER_RULES say which registers may be used at all; RULES judge a row by itself and beside them;
REPEAT_RULES are asked afterwards, of the rows that stand, because what was returned does not use a
chance up; DUTY_RULES as well, because whoever was returned fulfils no duty.
"""

from pipeline.rules import claims, duties, identity, measures, other_measures, plan_table, review_clock
from pipeline.rules.engine import Rule

RULES: tuple[Rule, ...] = (*plan_table.RULES, *identity.RULES, *measures.RULES, *other_measures.RULES, *claims.RULES)
REGISTER_RULES: tuple[Rule, ...] = claims.REGISTER_RULES
REPEAT_RULES: tuple[Rule, ...] = (*plan_table.REPEAT_RULES, *claims.REPEAT_RULES, *other_measures.REPEAT_RULES,
                                  *review_clock.RULES)
DUTY_RULES: tuple[Rule, ...] = duties.RULES
