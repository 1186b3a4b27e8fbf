select
    fiscal_year,
    told_measure,
    told_value,
    document_id,
    page,
    claim_id
from mart_told_year
where department_id = $department_id and document_kind = 'final_accounts' and told_unit = 'count'
union all by name
-- What follows of them, in yuan.
select
    fiscal_year,
    told_measure,
    told_value,
    null as document_id,
    null as page,
    null as claim_id
from (
    select
        fiscal_year,
        operation_per_vehicle_yuan,
        cost_per_reception_yuan,
        cost_per_reception_guest_yuan
    from mart_department_year
    where department_id = $department_id
) unpivot (
    told_value for told_measure in (
        operation_per_vehicle_yuan, cost_per_reception_yuan, cost_per_reception_guest_yuan
    )
)
order by told_measure, fiscal_year
