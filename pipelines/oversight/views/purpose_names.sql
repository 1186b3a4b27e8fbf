select
    valid_from,
    valid_to,
    name_zh,
    name_en
from dim_functional_code
where functional_code = $functional_code
order by valid_from
