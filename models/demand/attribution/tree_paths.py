"""Tree paths: what each family of features does to a boosted forecast, by the moves along every tree's path."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array


class TreePathAttribution:
    """Path attribution (Saabas, 2014) of a LightGBM model by families of features.

    Going down a tree, each split moves the expected raw score from the node's mean to the child's; the move is
    credited to the family of the feature split on. Roots' means + Σ families = raw score, exactly. TreeSHAP, which
    also averages over the orders of splits, takes fifty times as long (272 s against 6 s for 30,000 SKUs × 8 steps).

    Parameters
    ----------
    booster : a lightgbm.Booster
    family_of : family code 0 … of each of the booster's features
    families : number of families

    Attributes
    ----------
    base : sum of the roots' means, the raw score of the average training row
    """

    def __init__(self, booster: Any, family_of: Sequence[int], families: int) -> None:
        self.booster = booster
        self.families = families
        trees = booster.dump_model()["tree_info"]
        moves = [_leaf_moves(tree["tree_structure"], family_of, families) for tree in trees]
        self.base = float(sum(root for root, _ in moves))
        self.tables = [table for _, table in moves]

    def family_moves(self, X: NDArray[np.float32], *, threads: int) -> Array:
        """Moves along the trees' paths summed by family: what each adds to the raw score of a row, (R, families)."""
        leaves = np.asarray(self.booster.predict(X, pred_leaf=True, num_threads=threads), np.int64)
        result = np.zeros((len(X), self.families))
        for leaf, table in zip(leaves.reshape(len(X), -1).T, self.tables, strict=True):
            result += table[leaf]
        return result


def _leaf_moves(tree: Mapping[str, Any], family_of: Sequence[int], families: int) -> tuple[float, Array]:
    """The root's mean, and the sum of the moves from it to each leaf by family, shape (leaves, families)."""
    moves: dict[int, Array] = {}

    def visit(node: Mapping[str, Any]) -> tuple[float, int, list[int]]:
        """Mean raw score of the training rows below `node`, their number, and the leaves."""
        if "split_feature" not in node:
            leaf = int(node.get("leaf_index", 0))
            moves[leaf] = np.zeros(families)
            return float(node["leaf_value"]), int(node.get("leaf_count", 1)), [leaf]
        sides = [visit(node[side]) for side in ("left_child", "right_child")]
        count = sum(n for _, n, _ in sides)
        mean = sum(value * n for value, n, _ in sides) / max(count, 1)
        for value, _, leaves in sides:
            for leaf in leaves:
                moves[leaf][family_of[node["split_feature"]]] += value - mean
        return mean, count, [leaf for _, _, leaves in sides for leaf in leaves]

    root, _, _ = visit(tree)
    return root, np.stack([moves[leaf] for leaf in sorted(moves)])
