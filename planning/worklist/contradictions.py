"""What yearly levers cannot both do: buy a SKU elsewhere, and agree on terms with the supplier that is left."""

import numpy as np
import pandas as pd

from planning.levers.lever_catalog import lever


def without_contradictions(actions: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with `instead`: the action for which a line is given up, empty where it stays.

    SKU by SKU, the best way to buy it elsewhere stands against all that is agreed on with today's supplier; what is
    worth more beyond its effort stays, and a wish of the company goes before all that pays. An action's effort is
    shared evenly by its lines.

    Parameters
    ----------
    actions : action_id, kind, worth, worth_in_horizon and effort
    lines : of the actions, with their `worth`
    """
    lines = with_line_worth(actions, lines)
    kinds = actions.set_index("action_id")["kind"]
    moves = lines["action_id"].map(kinds.map(lambda kind: lever(kind).moves)).to_numpy(bool)
    count = lines.groupby("action_id")["unique_id"].transform("size")
    facts = actions.set_index("action_id")
    share = (facts["worth_in_horizon"] / facts["worth"].where(facts["worth"] > 0)).fillna(1.0)
    net = lines["worth"] * lines["action_id"].map(share) - lines["action_id"].map(facts["effort"]) / count
    wish = lines["action_id"].map(kinds.map(lambda kind: lever(kind).wish)).to_numpy(bool)
    net = net.mask(wish, np.inf)
    table = lines.assign(moves=moves, net=net, instead="")
    movers = table[moves].sort_values(["net", "action_id"], ascending=[False, True])
    best = movers.drop_duplicates("unique_id").set_index("unique_id")
    stays = table[~moves].sort_values(["net", "action_id"], ascending=[False, True])
    terms = stays.groupby("unique_id")["net"].agg(lambda values: values.clip(lower=0).sum())
    first = stays.drop_duplicates("unique_id").set_index("unique_id")["action_id"]
    both = best.index.intersection(terms.index)
    left = best.loc[both, "net"] > terms[both]
    winner = best["action_id"].copy()
    winner[both[~left]] = first[both[~left]]
    wins = table["unique_id"].map(winner)
    moved = table["unique_id"].isin(best.index.difference(both[~left]))
    gives_up = wins.notna() & ((moves & (wins != table["action_id"])) | (~moves & moved))
    return table.assign(instead=wins.where(gives_up, "")).drop(columns=["moves", "net"])


def with_line_worth(actions: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with what each is worth, money a year: its own part of its action's worth, or an even share."""
    worth = lines["action_id"].map(actions.set_index("action_id")["worth"])
    even = worth / lines.groupby("action_id")["unique_id"].transform("size")
    return lines.assign(worth=lines["worth"].astype(float).fillna(even))
