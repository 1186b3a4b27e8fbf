-- Codes and names that documents print and the code lists do not have for that year: rows proposed for the
-- lists, with the documents that show them. Nothing of it is taken as known: a person adds a row to the seed.
--
-- `new_code`: the lists do not have the code in any year. `other_year`: they have it, but not in these years.
-- `other_name`: they have the code in these years under another name; of small variants (brackets, cut off,
-- 支出 left out) `name_likeness` is near 1. What is a finding (a name of another code) is no proposal.
with printed as (
    select
        i.row_kind,
        i.row_key as code,
        i.code_level,
        i.fiscal_year,
        i.document_id,
        i.row_label,
        {{ plain_code_name('i.row_label') }} as name_plain
    from {{ ref('int_line_items') }} as i
    where i.code_level > 0
    group by all
),

listed as (
    select
        row_kind,
        code,
        name_zh,
        {{ plain_code_name('name_zh') }} as name_plain,
        valid_from,
        coalesce(valid_to, 9999) as valid_to
    from {{ ref('int_code_list') }}
),

codes as (
    select distinct
        row_kind,
        code
    from listed
),

judged as (
    select
        p.*,
        own.name_zh as name_in_list,
        own.name_plain as plain_in_list,
        case
            when own.code is not null then 'other_name'
            when any_year.code is not null then 'other_year'
            else 'new_code'
        end as proposal_kind
    from printed as p
    left join listed as own
        on
            p.row_kind = own.row_kind
            and p.code = own.code
            and p.fiscal_year between own.valid_from and own.valid_to
    left join codes as any_year
        on p.row_kind = any_year.row_kind and p.code = any_year.code
    where own.code is null or (p.name_plain <> own.name_plain and p.name_plain <> '')
),

kept as (
    select j.*
    from judged as j
    where
        not exists (
            select 1
            from {{ ref('int_code_doubts') }} as d
            where
                j.document_id = d.document_id
                and j.row_kind = d.row_kind
                and j.code = d.code
                and j.row_label = d.row_label
                and d.finding_kind <> 'unknown_code'
        )
)

select
    row_kind || '/' || code || '/' || proposal_kind || '/' || left(md5(name_plain), 8) as proposal_id,
    row_kind as code_kind,
    code,
    code_level,
    {{ parent_code('code') }} as parent_code,
    proposal_kind,
    min(row_label) as name_printed,
    max(name_in_list) as name_in_list,
    max(round(jaro_winkler_similarity(name_plain, plain_in_list), 3))::decimal(4, 3) as name_likeness,
    min(fiscal_year)::integer as first_seen_year,
    max(fiscal_year)::integer as last_seen_year,
    count(distinct document_id)::integer as n_documents,
    list(distinct document_id order by document_id) as document_ids
from kept
group by row_kind, code, code_level, proposal_kind, name_plain
