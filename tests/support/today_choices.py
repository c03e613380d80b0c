"""What an assessment chooses to do otherwise today."""

from planning.actions.expedite_proposals import expedite_proposals
from planning.actions.open_order_needs import open_order_needs
from planning.actions.today_candidates import chosen_today
from planning.assessment import Assessment
from planning.played_ahead.best_changes import ChosenChanges


def choices(assessment: Assessment) -> ChosenChanges | None:
    """The choices of today, as the worklist makes them."""
    return chosen_today(assessment, open_order_needs(assessment), expedite_proposals(assessment))
