"""What is decided, purely: from a demand forecast, lead times and tables to orders, risks and priced sourcing actions.

Reading map (a room imports only from those further down):

- `planner.py`: `Planner.plan`, all of it in one page. Read first; then `assessment.py`, everything known and decided
  about the SKUs on one day, and `decision.py`, today's order of each SKU.
- `actions/`: sourcing actions, each priced. `tables/`: the plan as tables that other programs read.
- `lanes/`: the terms of each lane (SKU × supplier), and which one is bought through.
- `played_ahead/`: what happens from today's state on, as planned and with something done otherwise, played.
- `played_year/`: a year of each lane as the engine plays it: yearly costs, perishable goods, suppliers compared.
- `simulation/`: the engine; policies and past cycles played period by period.
- `lost_sales/`: the order when unmet demand is lost.
- `projection/`: stock ahead if nothing more is ordered, with open orders as they may arrive.
- `policy/`: lead-time demand, targets, reorder points and order sizes. `cost/`: what buying, holding and missing cost.
- `inputs.py`: the tables a plan is made from; `phase_outs.py`: which SKUs others replace; `approved_actions.py`: what
  was approved and is not in them yet; `defect_rates.py`: the share
  of units that is rejected; `protocols.py`: what planning asks of a lead-time model and of tables.

Six ways to look at future stock, of which the last is to replace others:

1. `policy/lead_time_demand.py`, the exact mixture of D(L+R) over the lead time: reorder points, expected cost and
   fill rate of a lane, whatever is in stock today. Exact where every review orders.
2. `projection/stock_projection.py`, `_project_exactly`: risk and shortage through time of a SKU with *nothing on order*
   are one distribution of D(t) a point in time; no scenario error, and the cheapest for most SKUs of a large plan.
3. `projection/stock_paths.py`: with *open orders* the path matters (an order that comes too late undoes no stockout,
   and orders overtake each other), so these SKUs are played in common scenarios; so is what expediting saves.
   A test holds 2 and 3 together where nothing is on order.
4. `lost_sales/cycle_shortfall.py`, on `projection/demand_scenarios.py`: what is missing at the end of the one cycle
   that an order serves, when what is missed before it arrives is lost. Its demand paths have a few times, up to the
   arrival and the cycle's end of each lane, and keep the forecast's own σ along the path; those of 3 lie on one grid
   common to all SKUs, up to two years ahead.
5. `simulation/`: period by period with an *ordering policy* in the loop, over many cycles: `simulate.py` for textbook
   policies on given scenarios, `replay_past_cycles.py` for the rule of 4 on the forecasts of the time. Both move the
   same `inventory.py`; they stay apart because the one orders by inventory position and the other by a forecast.
6. `simulation/engine/`: day by day with offers, shelf life, seasons and a policy that is re-read at each review: what a
   year of a lane costs.
"""
