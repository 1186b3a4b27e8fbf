-- Codes whose figures do not compare with the year before as they stand: the code began, was named otherwise
-- with another scope, used again, or money left it or joined it. A code that passes from one class or section to
-- another changes what both hold.
with steps as (
    select
        classification,
        succession_kind,
        is_break,
        from_code,
        to_code,
        to_first_year as fiscal_year
    from {{ ref('int_code_successions') }}
    where from_code is not null and to_code is not null
),

sides as (
    select
        classification,
        to_code as code,
        fiscal_year,
        succession_kind
    from steps
    where is_break
    union all
    select
        classification,
        from_code as code,
        fiscal_year,
        succession_kind
    from steps
    where is_break
    {%- for length in [3, 5] %}
        {%- for side in ['from_code', 'to_code'] %}
            union all
            select
                classification,
                left({{ side }}, {{ length }}) as code,
                fiscal_year,
                succession_kind
            from steps
            where left(from_code, {{ length }}) <> left(to_code, {{ length }}) and length({{ side }}) > {{ length }}
        {%- endfor %}
    {%- endfor %}
)

select
    classification,
    code,
    fiscal_year,
    list(distinct succession_kind order by succession_kind) as break_kinds
from sides
group by classification, code, fiscal_year
