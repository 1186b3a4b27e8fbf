-- The seed and the comparison sheet have the same measures: each has a column for the budget and one
-- for the final accounts.
-- depends_on: {{ ref('mart_department_year') }}
with sheet as (
    select distinct regexp_extract(column_name, '^(.*)_(budget|final)_yuan$', 1) as measure
    from duckdb_columns()
    where
        database_name = current_database()
        and schema_name = 'main'
        and table_name = 'mart_department_year'
        and regexp_matches(column_name, '_(budget|final)_yuan$')
),

seed as (
    select distinct measure from {{ ref('department_year_measures') }}
)

select
    coalesce(sheet.measure, seed.measure) as measure,
    sheet.measure is not null as in_sheet,
    seed.measure is not null as in_seed
from sheet
full join seed on sheet.measure = seed.measure
where sheet.measure is null or seed.measure is null
