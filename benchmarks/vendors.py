"""`python -m benchmarks.vendors`: the worked example of docs/decisions.md, two vendors compared without any data."""

from configs.schema import PolicyConfig
from planning.played_year.compare_suppliers import SupplierOffer, compare_suppliers

A = SupplierOffer("A", unit_price=10.20, lead_time_mean=10, lead_time_std=2)
B = SupplierOffer("B", unit_price=10.00, lead_time_mean=15, lead_time_std=5)


def main() -> None:
    """Compare the two vendors: print what each costs a year, and what the quicker one may charge more."""
    table = compare_suppliers(
        [A, B], demand_mean=20, demand_std=8, shortage_cost=5, policy=PolicyConfig(level=0.95)
    )
    print(
        "demand 20 ± 8 a day, A 10 ± 2 days at 10.20, B 15 ± 5 days at 10.00, cycle service 95 %, weekly review"
    )
    print(table.set_index("name").T.to_string(float_format=lambda value: f"{value:,.3f}"))
    print(f"A may charge up to {table['premium'].iloc[0]:.1%} more than B.")


if __name__ == "__main__":
    main()
