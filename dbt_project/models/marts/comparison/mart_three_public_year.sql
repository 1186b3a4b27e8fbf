-- “三公” spending by kind, the three figures a year has beside each other: the budget published in spring,
-- the budget that the final accounts print (often the adjusted one), and what was spent.
with printed as (
    select
        department_id,
        region_code,
        fiscal_year,
        document_kind,
        spending_kind,
        basis,
        amount_yuan,
        document_id,
        cell_id
    from {{ ref('fct_three_public') }}
    -- A row of each unit, where a document lists them, is not the department's.
    where row_key = 'total'
    qualify row_number() over (
        partition by disclosure_id, spending_kind, basis
        order by document_id, statement_number, row_number, cell_id
    ) = 1
)

select
    department_id,
    any_value(region_code) as region_code,
    fiscal_year,
    spending_kind,
    max(amount_yuan) filter (where document_kind = 'budget' and basis = 'budget') as budget_yuan,
    max(amount_yuan) filter (where document_kind = 'final_accounts' and basis = 'budget') as budget_in_final_yuan,
    max(amount_yuan) filter (where document_kind = 'final_accounts' and basis = 'final') as final_yuan,
    max(cell_id) filter (where document_kind = 'budget' and basis = 'budget') as budget_cell_id,
    max(cell_id) filter (where document_kind = 'final_accounts' and basis = 'budget') as budget_in_final_cell_id,
    max(cell_id) filter (where document_kind = 'final_accounts' and basis = 'final') as final_cell_id
from printed
group by department_id, fiscal_year, spending_kind
