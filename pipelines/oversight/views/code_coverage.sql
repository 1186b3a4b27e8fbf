select
    code_kind,
    scheme,
    fiscal_year,
    n_codes,
    amount_yuan,
    listed_yuan,
    listed_ratio,
    mapped_yuan,
    mapped_ratio
from mart_code_coverage
order by code_kind desc, fiscal_year
