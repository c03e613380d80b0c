"""Promises as a plan makes them: the actions of an assessment, approved on its day."""

from datetime import date

import orjson
import pytest

from planning.realised.promise import Promise


@pytest.fixture(scope="session")
def promised():
    """The promise of a row of the action table, approved on the day of its plan, or as `more` says."""

    def make(action, number=1, **more):
        facts, basis = orjson.loads(action["facts"]), orjson.loads(action["basis"])
        known = {
            "decision_id": number,
            "action_id": action["action_id"],
            "kind": action["kind"],
            "unique_id": action["unique_id"],
            "supplier_id": action["supplier_id"],
            "alternative_supplier_id": action["alternative_supplier_id"],
            "title": action["title"],
            "quantity": action["quantity"],
            "who": "ada",
            "decided_on": date.fromisoformat(basis["as_of"]),
            "worth": action["worth"],
            "worth_period": action["worth_period"],
            "low": facts.get("worth_low"),
            "high": facts.get("worth_high"),
            "chance": facts.get("chance"),
            "effort": action["effort"],
            "worth_in_horizon": action["worth_in_horizon"],
            "facts": facts,
            "basis": basis,
        }
        return Promise(**(known | more))

    return make
