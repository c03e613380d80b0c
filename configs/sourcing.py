"""Options of sourcing levers and of procurement: effort, outages, goals, limits, classes; part of `policy`."""

from pydantic import model_validator

from configs.section import Section, option


class EffortConfig(Section):
    """What it costs to carry out an action: one that is worth less is not listed."""

    call: float = option(0.0, "a call to a supplier about one order", "money", ge=0)
    negotiation: float = option(0.0, "talks about terms, such as an MOQ", "money", ge=0)
    vendor_switch: float = option(0.0, "moving a SKU to another supplier", "money", ge=0)
    project: float = option(
        0.0, "changing who replenishes or owns goods: VMI, consignment, Kanban, just in time", "money", ge=0
    )


class OutageConfig(Section):
    """What is reckoned with when a supplier delivers nothing for a while."""

    days: float = option(30.0, "how long an outage lasts", "days", gt=0, le=180)
    chance_a_year: float = option(
        0.05,
        "chance of one with each supplier: once in twenty years, unless you know better; actions against it say how "
        "often it must come for them to pay",
        "share",
        ge=0,
        le=1,
    )


class SpendGoalConfig(Section):
    """Goals for what is bought of a category, by its name in `items`; `all`: of everything."""

    local: float | None = option(
        None, "least share with suppliers that are local", "share of spend", ge=0, le=1
    )
    diverse: float | None = option(
        None, "least share with suppliers that are diverse", "share of spend", ge=0, le=1
    )
    certified: float | None = option(
        None, "least share with suppliers that are certified", "share of spend", ge=0, le=1
    )
    most_from_one: float | None = option(
        None, "largest share with one supplier", "share of spend", ge=0, le=1
    )


class ResponsibleConfig(Section):
    """Whom the company wants to buy from, whatever it costs: the plan says what that is."""

    goals: dict[str, SpendGoalConfig] = option({}, "goals by category")
    emission_price: float = option(
        0.0,
        "what a unit of emissions is worth, as `suppliers.emission_factor` counts them (per unit of weight bought)",
        "money",
        ge=0,
    )


class ClearanceConfig(Section):
    """What stock that lies is reckoned to bring, as a share of what it cost."""

    returned: float = option(
        0.85, "what a supplier credits for goods that it takes back", "share", ge=0, le=1
    )
    return_days: float = option(60.0, "age up to which goods are taken back", "days", ge=0)
    sold_down: float = option(0.5, "what goods bring that are sold at a lower price", "share", ge=0, le=1)


class ImprovementConfig(Section):
    """What suppliers are held to: a measure that has surely fallen below opens an improvement plan."""

    on_time_rate: float = option(
        0.90, "order lines that are on time by their first promise", "share", gt=0, lt=1
    )
    defect_rate: float = option(0.02, "units that may be rejected", "share", ge=0, lt=1)
    days: float = option(90.0, "from the plan to the date of its targets", "days", gt=0, le=3650)


class OrdersConfig(Section):
    """How purchase orders that were approved or exported here are found in the table `purchase_orders`."""

    match_days: float = option(
        5.0,
        "days that an order line of the table may lie off ours and still be the same, where it does not name our id",
        "days",
        ge=0,
        le=365,
    )
    unseen_after_days: float = option(
        7.0, "days after its export from which an order that the table does not show is missing", "days", gt=0
    )


class CarryingConfig(Section):
    """What carrying stock costs a year, as shares of its value.

    Where a SKU has a holding cost rate of its own, that is their sum, and each has its part of it.
    """

    capital: float = option(0.10, "money that lies in it", "share per year", ge=0, le=1)
    storage: float = option(0.06, "room, handling and insurance", "share per year", ge=0, le=1)
    shrinkage: float = option(0.03, "what is lost, stolen or broken", "share per year", ge=0, le=1)
    obsolescence: float = option(0.06, "what goes out of use or date", "share per year", ge=0, le=1)

    @model_validator(mode="after")
    def _some(self) -> "CarryingConfig":
        if self.capital + self.storage + self.shrinkage + self.obsolescence == 0:
            raise ValueError(
                "capital, storage, shrinkage and obsolescence are all 0, expected at least one above 0"
            )
        return self


class ClassesConfig(Section):
    """How SKUs are classed: A, B, C by value a year, X, Y, Z by how well demand can be forecast."""

    a_share: float = option(0.8, "value of the A items together, those worth most", "share", gt=0, lt=1)
    b_share: float = option(0.95, "value of A and B items together", "share", gt=0, lt=1)
    x_error: float = option(
        0.3, "error of the forecast of a protection interval up to which a SKU is X", "share of demand", gt=0
    )
    y_error: float = option(0.8, "and up to which it is Y", "share of demand", gt=0)


class ClassPolicyConfig(Section):
    """What a class of SKUs asks for; purchases that deviate are listed."""

    contract: bool = option(False, "it is bought under a contract")
    sla: bool = option(False, "the contract names a service level")
    dependable: bool = option(False, "its supplier is dependable")
    most_suppliers: int | None = option(
        None,
        "suppliers that a SKU is bought from in a year at most; none: any number",
        "suppliers",
        ge=1,
        le=1000,
    )


class ClassPoliciesConfig(Section):
    """What the classes A, B and C ask for."""

    a: ClassPolicyConfig = option(
        ClassPolicyConfig(contract=True, sla=True, dependable=True), "what A items ask for"
    )
    b: ClassPolicyConfig = option(ClassPolicyConfig(contract=True), "what B items ask for")
    c: ClassPolicyConfig = option(ClassPolicyConfig(most_suppliers=2), "what C items ask for")


class ProcurementConfig(Section):
    """Limits, rates and classes of procurement."""

    approval_limit: float | None = option(
        None,
        "money of an order from which somebody has to approve it; none: no order needs it",
        "money",
        gt=0,
    )
    carrying: CarryingConfig = option(CarryingConfig(), "what carrying stock costs, by its parts")
    classes: ClassesConfig = option(ClassesConfig(), "how SKUs are classed")
    policies: ClassPoliciesConfig = option(ClassPoliciesConfig(), "what each class asks for")
