-- The rows that the narrative calls by name, looked up in the statement that is meant: `@3:教育支出>5:普通教育`
-- is the row of a five-digit code named 普通教育 below one of three digits named 教育支出 (0: of any level).
-- Names are compared without their numbers and without 支出 at their end, which texts leave out. A name that
-- more than one code of the statement has stays undecided and is not here; what stands above and is
-- not printed does not count against a row.
with said as (
    -- Of the disclosure itself, and of another document whose figures it tells.
    select
        d.disclosure_id,
        list_concat([c.about], c.about_alternatives) as named_places
    from {{ ref('stg_claims') }} as c
    inner join {{ ref('int_current_documents') }} as d on c.document_id = d.document_id
    union all
    select
        o.disclosure_id,
        c.other_about as named_places
    from {{ ref('stg_claims') }} as c
    inner join {{ ref('int_current_documents') }} as d on c.document_id = d.document_id
    inner join {{ ref('int_current_documents') }} as o
        on
            d.department_id = o.department_id
            and c.other_kind = o.document_kind
            and c.other_fiscal_year = o.fiscal_year
    union all
    select
        d.disclosure_id,
        i.about as named_places
    from {{ ref('stg_listed_items') }} as i
    inner join {{ ref('int_current_documents') }} as d on i.document_id = d.document_id
),

asked as (
    select distinct
        said.disclosure_id,
        split_part(places.place, '/', 1) as statement_id,
        split_part(places.place, '/', 2) as row_name
    from said, unnest(said.named_places) as places (place)
    where split_part(places.place, '/', 2) like '@%'
),

parts as (
    select
        a.disclosure_id,
        a.statement_id,
        a.row_name,
        part.number,
        part.number = len(string_split(a.row_name, '>')) as is_last,
        split_part(string_split(ltrim(a.row_name, '@'), '>')[part.number], ':', 1)::integer as digits,
        {{ plain_code_name("regexp_replace(string_split(ltrim(a.row_name, '@'), '>')[part.number], '^[0-9]:', '')") }}
            as name
    from asked as a, unnest(range(1, len(string_split(a.row_name, '>')) + 1)) as part (number)
),

codes as (
    select distinct
        disclosure_id,
        statement_id,
        row_key,
        {{ plain_code_name('row_label') }} as name
    from {{ ref('int_line_items') }}
    where regexp_full_match(row_key, '[0-9]{3}|[0-9]{5}|[0-9]{7}')
    union
    -- A row without figures has no printed amount that would tell its name: the code list's.
    select distinct
        s.disclosure_id,
        s.statement_id,
        e.code as row_key,
        {{ plain_code_name('e.name_zh') }} as name
    from {{ ref('int_statements') }} as s, unnest(s.printed_rows) as r (code)
    inner join {{ ref('economic_codes') }} as e
        on
            r.code = e.code
            and s.fiscal_year between coalesce(e.valid_from, 0) and coalesce(e.valid_to, 9999)
    where s.statement_id like '%basic%'
),

candidates as (
    select
        p.disclosure_id,
        p.statement_id,
        p.row_name,
        c.row_key
    from parts as p
    inner join codes as c
        on p.disclosure_id = c.disclosure_id and p.statement_id = c.statement_id and p.name = c.name
    where p.is_last and p.digits in (0, length(c.row_key))
),

-- A candidate above which other names are printed than the text says is none. Texts call a section a
-- class at times: the name counts, at whatever level it stands.
contradicted as (
    select
        k.disclosure_id,
        k.statement_id,
        k.row_name,
        k.row_key
    from candidates as k
    inner join parts as p
        on
            k.disclosure_id = p.disclosure_id
            and k.statement_id = p.statement_id
            and k.row_name = p.row_name
            and not p.is_last
    inner join codes as above
        on
            k.disclosure_id = above.disclosure_id
            and k.statement_id = above.statement_id
            and above.row_key = left(k.row_key, length(above.row_key))
            and k.row_key <> above.row_key
    group by k.disclosure_id, k.statement_id, k.row_name, k.row_key, p.number, p.digits
    having bool_or(p.digits = length(above.row_key)) and not bool_or(p.name = above.name)
)

select
    k.disclosure_id,
    k.statement_id,
    k.row_name,
    any_value(k.row_key) as row_key
from candidates as k
anti join contradicted as x
    on
        k.disclosure_id = x.disclosure_id
        and k.statement_id = x.statement_id
        and k.row_name = x.row_name
        and k.row_key = x.row_key
group by k.disclosure_id, k.statement_id, k.row_name
having count(distinct k.row_key) = 1
