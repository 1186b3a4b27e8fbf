-- The groups of COFOG and the categories of GFSM 2014, with their names.
select
    scheme,
    group_code,
    parent_group_code,
    name_zh,
    name_en,
    source as group_source
from {{ ref('international_groups') }}
