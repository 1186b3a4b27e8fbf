-- Functional and economic codes as documents that count print them: when, in how many, under which name.
with seen as (
    select
        row_kind,
        row_key as code,
        {{ normalised_name("regexp_replace(row_label, '^[一二三四五六七八九十]+、', '')") }} as name_printed,
        fiscal_year,
        document_id
    from {{ ref('int_line_items') }}
    where code_level > 0
),

names as (
    select
        row_kind,
        code,
        name_printed
    from seen
    group by row_kind, code, name_printed
    qualify row_number() over (partition by row_kind, code order by count(*) desc, name_printed) = 1
)

select
    s.row_kind,
    s.code,
    min(n.name_printed) as name_printed,
    min(s.fiscal_year)::integer as first_seen_year,
    max(s.fiscal_year)::integer as last_seen_year,
    count(distinct s.document_id)::integer as n_documents
from seen as s
inner join names as n on s.row_kind = n.row_kind and s.code = n.code
group by s.row_kind, s.code
