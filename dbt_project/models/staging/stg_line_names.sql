-- What the forms call their lines, once per statement form and line: a form may list a line on both sides.
select
    statement_id,
    row_key,
    min(name_zh) as name_zh,
    min(name_en) as name_en
from {{ ref('stg_statement_lines') }}
group by statement_id, row_key
