"""What is at fault where identities contradict each other; see pipelines/warehouse/contradictions.py."""

from pipelines.warehouse.contradiction_tables import contradictions_table


def model(dbt, session):
    """One row per contradiction, found department by department."""
    return contradictions_table(
        session,
        dbt.ref("int_contradiction_weights"),
        dbt.ref("int_contradiction_figures"),
        dbt.ref("int_identity_results"),
    )
