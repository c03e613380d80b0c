"""The batch jobs on a trained model, called by the command line: plan what to order, monitor how forecasts did.

Reading map:
- `plan.py`: the plan run, from champion and tables to files and ledger row; read first.
- `plan_data.py`: all that a plan run reads and forecasts before it decides; read next.
- `plan_decision.py`: what it decides: the plan, scorecards, and which actions are on today's list.
- `plan_procurement.py`: what procurement asks of it: spend, what is unusual in it, what is to come.
- `plan_overrides.py`: what people set in place of the model's numbers, put into what a plan run reads.
- `alerts/`: exceptions that a plan run opens and closes, and what is sent about them.
- `ledger.py`: what approved actions brought, booked, and what new ones learn from it.
- `compare_plan.py`: what changed since the plan run before.
- `monitor.py`: the monitoring run, scoring stored forecasts on what came in since training.
- `assess.py`: the baseline report, before there is a model; its page is made in `assessment/`.
- `prune.py`: what the home need not keep any more. `schedule/`: all of this at its times, in one process.
- `backup.py`: all that is kept, copied, and put back into an empty home.
- `champion.py`: the model in force, which both jobs begin with.
"""
