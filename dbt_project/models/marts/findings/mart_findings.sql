-- What an overseer should look at, in a sentence with its evidence, and the question to put to the department.
-- A finding is a question to the department, not a verdict on it.
with all_findings as (
    select * from {{ ref('int_findings_of_contradictions') }}
    union all by name
    select * from {{ ref('int_findings_of_identities') }}
    union all by name
    select * from {{ ref('int_findings_of_claims') }}
    union all by name
    select * from {{ ref('int_findings_of_stated_sums') }}
    union all by name
    select * from {{ ref('int_findings_of_listed_items') }}
    union all by name
    select * from {{ ref('int_findings_of_performance') }}
    union all by name
    select * exclude (sentence, x0, top, x1, bottom) from {{ ref('int_findings_of_narrative') }}
    union all by name
    select * from {{ ref('int_findings_of_codes') }}
    union all by name
    select * from {{ ref('int_findings_of_documents') }}
    union all by name
    select * from {{ ref('int_findings_of_missing_statements') }}
    union all by name
    select * from {{ ref('int_findings_of_units') }}
),

-- Each cause once: its symptoms stand in mart_finding_symptoms.
findings as (
    select all_findings.*
    from all_findings
    anti join {{ ref('int_finding_causes') }} as causes
        on
            all_findings.document_id = causes.document_id
            and all_findings.finding_kind = causes.finding_kind
            and all_findings.identity_id is not distinct from causes.identity_id
            and all_findings.identity_key = causes.identity_key
),

-- The figure that is the likeliest to be wrong, where one is likelier than all others.
suspects as (
    select
        s.contradiction_id,
        s.is_finding,
        c.symptoms[1].disclosure_id as disclosure_id,
        c.symptoms[1].identity_id as identity_id,
        c.symptoms[1].identity_key as identity_key,
        s.n_symptoms,
        case when s.n_tied = 1 then s.cell_id end as suspect_cell_id,
        case when s.n_tied = 1 then s.low_yuan end as suspect_low_yuan,
        case when s.n_tied = 1 then s.high_yuan end as suspect_high_yuan
    from {{ ref('int_contradiction_sentences') }} as s
    inner join {{ ref('int_contradictions') }} as c on s.contradiction_id = c.contradiction_id
),

symptoms as (
    select
        contradiction_id,
        count(*) as n_symptoms
    from {{ ref('int_finding_causes') }}
    group by contradiction_id
),

-- Pages that are pictures, whose figures were recognised: what does not add up there may be our reading.
recognised_pages as (
    select distinct
        document_id,
        page
    from {{ ref('int_line_items') }}
    where reading_quality in ('ocr', 'doubtful', 'repaired')
),

-- Figures that the facts hold otherwise than they were read: the identities proved it, or a reviewer's row says so.
put_right as (
    select
        cell_id,
        '第' || page || '页' || amount_printed || unit || '原识别为' || amount_as_read as told_zh,
        amount_printed || ' ' || unit || ' on page ' || page || ' was recognised as ' || amount_as_read as told_en,
        false as by_reviewer
    from {{ ref('fct_repairs') }}
    union
    select
        cell_id,
        '第' || page || '页' || amount_printed || unit
        || coalesce('原读作' || nullif(amount_as_read, ''), '原未读出') as told_zh,
        amount_printed || ' ' || unit || ' on page ' || page
        || coalesce(' was read as ' || nullif(amount_as_read, ''), ' was not read') as told_en,
        true as by_reviewer
    from {{ ref('int_line_items') }}
    where reading_quality = 'corrected'
),

cells_of_findings as (
    select
        finding_kind,
        document_id,
        identity_id,
        identity_key,
        unnest(list_append(coalesce(operand_cell_ids, []), cell_id)) as cell_id
    from findings
),

said_of_cells as (
    select distinct
        cells_of_findings.*,
        put_right.told_zh,
        put_right.told_en,
        put_right.by_reviewer
    from cells_of_findings
    inner join put_right on cells_of_findings.cell_id = put_right.cell_id
),

corrected as (
    select
        finding_kind,
        document_id,
        identity_id,
        identity_key,
        string_agg(told_zh, '，' order by cell_id) filter (where not by_reviewer) as repaired_zh,
        string_agg(told_en, ', ' order by cell_id) filter (where not by_reviewer) as repaired_en,
        string_agg(told_zh, '，' order by cell_id) filter (where by_reviewer) as reviewed_zh,
        string_agg(told_en, ', ' order by cell_id) filter (where by_reviewer) as reviewed_en
    from said_of_cells
    group by all
),

told as (
    select
        findings.* exclude (sentence_zh, sentence_en),
        recognised_pages.page is not null as is_read_by_ocr,
        findings.sentence_zh || case
            when recognised_pages.page is not null then '（该页是扫描件，数字由图像识别得出，请先对照原件核对读数。）'
            else ''
        end || coalesce('（' || corrected.repaired_zh || '，已按勾稽关系更正。）', '')
        || coalesce('（' || corrected.reviewed_zh || '，已由人工对照原件更正。）', '') as sentence_zh,
        findings.sentence_en || case
            when recognised_pages.page is not null
                then ' (The page is a scan: its figures were recognised in a picture. Check the reading first.)'
            else ''
        end || coalesce(' (' || corrected.repaired_en || ' and repaired by the identities.)', '')
        || coalesce(' (' || corrected.reviewed_en || ' and corrected by a reviewer.)', '') as sentence_en
    from findings
    left join recognised_pages
        on findings.document_id = recognised_pages.document_id and findings.page = recognised_pages.page
    left join corrected
        on
            findings.finding_kind = corrected.finding_kind
            and findings.document_id = corrected.document_id
            and findings.identity_id is not distinct from corrected.identity_id
            and findings.identity_key is not distinct from corrected.identity_key
)

select
    left(sha256(concat_ws('|', f.finding_kind, d.disclosure_id, f.document_id, f.identity_id, f.identity_key)), 16)
        as finding_id,
    f.finding_kind,
    f.severity,
    d.disclosure_id,
    f.document_id,
    o.published_name,
    d.department_id,
    p.department_name,
    d.region_code,
    r.region_name,
    d.fiscal_year,
    d.document_kind,
    f.statement_id,
    s.name_zh as statement_name_zh,
    s.name_en as statement_name_en,
    f.identity_id,
    f.identity_key,
    f.sentence_zh,
    '贵单位公开的' || d.fiscal_year || case d.document_kind when 'budget' then '年预算' else '年度决算' end || '中，'
    || f.sentence_zh || coalesce(q.question_zh, k.question_zh) as question_zh,
    f.sentence_en,
    'In your ' || case d.document_kind when 'budget' then 'budget' else 'final accounts' end || ' for '
    || d.fiscal_year || ': ' || f.sentence_en || ' ' || coalesce(q.question_en, k.question_en) as question_en,
    f.expected_yuan,
    f.reported_yuan,
    f.difference_yuan,
    f.page,
    f.cell_id,
    f.operand_cell_ids,
    u.suspect_cell_id,
    u.suspect_low_yuan,
    u.suspect_high_yuan,
    coalesce(m.n_symptoms + case when f.identity_id is null then 0 else 1 end, 1)::integer as n_symptoms,
    f.is_read_by_ocr
from told as f
inner join {{ ref('int_current_documents') }} as d on f.document_id = d.document_id
inner join {{ ref('int_documents') }} as o on f.document_id = o.document_id
inner join {{ ref('dim_department') }} as p on d.department_id = p.department_id
inner join {{ ref('dim_region') }} as r on d.region_code = r.region_code
left join {{ ref('stg_statement_forms') }} as s on f.statement_id = s.statement_id
left join {{ ref('finding_questions') }} as q
    on f.finding_kind = q.finding_kind and nullif(f.question_about, '') = q.question_about
left join {{ ref('finding_questions') }} as k on f.finding_kind = k.finding_kind and k.question_about is null
left join suspects as u
    on
        -- A contradiction by its own name, or the one identity that it is: equalities, so that DuckDB joins by hash.
        f.identity_key = case when u.is_finding then u.contradiction_id else u.identity_key end
        and coalesce(f.identity_id, '') = case when u.is_finding then '' else u.identity_id end
        and case when f.identity_id is null then '' else d.disclosure_id end
        = case when u.is_finding then '' else u.disclosure_id end
left join symptoms as m on u.contradiction_id = m.contradiction_id
order by
    case f.severity when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end,
    d.region_code,
    p.department_name,
    d.fiscal_year,
    d.document_kind,
    f.page nulls last,
    f.document_id,
    finding_id
