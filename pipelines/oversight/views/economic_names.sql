select
    valid_from,
    valid_to,
    name_zh,
    name_en
from dim_economic_code
where economic_code = $economic_code
order by valid_from
