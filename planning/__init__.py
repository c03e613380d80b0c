"""What is decided, purely: from a demand forecast, lead times and tables to orders, risks and priced sourcing actions.

Reading map (a room imports only from those further down):

- `planner.py`: `Planner.plan`, all of it in one page. Read first; then `assessment.py`, everything known and decided
  about the SKUs on one day, and `decision.py`, today's order of each SKU.
- `what_if/`: what a plan would say if a supplier's terms, a target or demand were otherwise.
- `compare/`: offers compared before any is taken, and what a promise of service costs.
- `changes/`: what changed since an earlier plan, split by cause.
- `worklist/`: all actions of a day as one plan. `levers/`: what pays every year, and what it brings.
- `actions/`: actions on today's and open orders, each priced. `tables/`: the plan as tables that other programs read.
- `orders/`: today's orders of each supplier: shared lines, its terms, budgets.
- `lanes/`: the terms of each lane (SKU × supplier), and which one is bought through.
- `played_ahead/`: what happens from today's state on, as planned and with something done otherwise, played.
- `played_year/`: a year of each lane as the engine plays it: yearly costs, perishable goods, suppliers compared.
- `simulation/`: the engine; policies and past cycles played period by period.
- `lost_sales/`: the order when unmet demand is lost.
- `projection/`: stock ahead if nothing more is ordered, with open orders as they may arrive.
- `policy/`: lead-time demand, targets, reorder points and order sizes. `cost/`: what buying, holding and missing cost.
- `inputs.py`: the tables a plan is made from; `phase_outs.py`: which SKUs others replace; `approved_actions.py`: what
  was approved and is not in them yet; `top_ups.py`: SKUs bought from two suppliers, as agreed; `placed_orders.py`:
  orders placed here, found in the ERP's table or still on order; `names.py`: what people call SKUs and suppliers;
  `defect_rates.py`: the share of units that is rejected; `protocols.py`: what planning asks of a lead-time model and of
  tables.

Ways to look at future stock. What is promised and priced is played by the engine; the others screen, or are exact:

1. `simulation/engine/`: day by day with offers, shelf life, seasons and a policy that is re-read at each review. Behind
   targets met in play and yearly costs (`played_year/`), and behind today's actions and the last lot (`played_ahead/`).
2. `policy/lead_time_demand.py`, the exact mixture of D(L+R) over the lead time: the first look at reorder points, costs
   and fill rates of all lanes, and the last word for those of little stock (`policy.played_from`).
3. `projection/`: risk and shortage through time *if nothing more is ordered*. A SKU with nothing on order is one
   distribution of D(t) a point in time, exact and the cheapest for most of a large plan; with open orders the path
   matters, so these are played in common scenarios (`stock_paths.py`), which also screen what expediting saves. A test
   holds the two together where nothing is on order.
4. `lost_sales/cycle_shortfall.py`: what is missing at the end of the one cycle that an order serves, when what is
   missed before it arrives is lost: sizes the order of lanes with lost sales that were not played (a cost target
   without long lots, as in VN2's game).
5. `simulation/simulate.py` for textbook policies on given scenarios, `simulation/replay_past_cycles.py` for the rule of
   4 on the forecasts of the time, from which cost fractiles are calibrated.
"""
