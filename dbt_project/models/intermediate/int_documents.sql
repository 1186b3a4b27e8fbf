-- Every file that was read or tried: whose it is, which disclosure it belongs to, and whether it counts.
--
-- The register's name of the department wins over the one printed. A unit that publishes under its
-- department's own name, beside the department's document, is told apart by 本级 ("at its own level").
-- A disclosure may be several files that complete each other (text and tables; a statement apart) or
-- several versions of one. Files are versions of each other when one names the other as superseded, or
-- when both print the same statement (projects have a form each and may fill many files); files without
-- statements are the text. Of the readable versions that still lie in the raw folder, one is current: the
-- one published last, then fetched last, then last by path; one that another names as superseded never is,
-- and comes before that other in the order of versions whatever their dates say.
with recursive documents as (
    select
        d.*,
        coalesce(nullif(trim(d.department_registered), ''), trim(d.department_name)) as department_published
    from {{ ref('stg_documents') }} as d
),

inventory as (
    select
        document_id,
        min(source_path) as source_path
    from {{ ref('stg_raw_inventory') }}
    group by document_id
),

statement_counts as (
    select
        document_id,
        count(*) as n_statements
    from {{ ref('stg_statements') }}
    group by document_id
),

named as (
    select
        d.* replace (coalesce(i.source_path, d.source_path) as source_path),
        coalesce(i.document_id is not null, false) as is_in_raw,
        coalesce(s.n_statements, 0) as n_statements,
        {{ normalised_name("coalesce(n.current_name, d.department_published)") }} as name_normalised
    from documents as d
    left join inventory as i on d.document_id = i.document_id
    left join statement_counts as s on d.document_id = s.document_id
    left join {{ ref('department_names') }} as n
        on
            d.region_code = n.region_code
            and {{ normalised_name("d.department_published") }} = {{ normalised_name("n.other_name") }}
            -- A predecessor or a unit is another body.
            and n.relation in ('earlier', 'short')
),

shared_names as (
    -- Names under which a department and a unit both published for the same year and kind.
    select
        region_code,
        name_normalised
    from named
    where document_level in ('department', 'unit')
    group by region_code, name_normalised, fiscal_year, document_kind
    having count(distinct document_level) = 2
),

keyed as (
    select
        n.*,
        case
            when
                n.document_level = 'unit'
                and not n.name_normalised like '%(本级)'
                and exists (
                    select 1 from shared_names as s
                    where s.region_code = n.region_code and s.name_normalised = n.name_normalised
                )
                then n.name_normalised || '(本级)'
            else n.name_normalised
        end as department_name_normalised
    from named as n
),

identified as (
    select
        k.*,
        case
            when k.department_name_normalised <> '' and k.document_level <> 'form'
                then {{ department_key("k.region_code", "k.department_name_normalised") }}
        end as department_id,
        case
            when k.part = '' and k.n_statements = 0 and k.outcome <> 'set_aside' then 'text'
            else k.part
        end as document_part
    from keyed as k
),

disclosed as (
    select
        *,
        case
            when department_id is not null and fiscal_year is not null and document_kind is not null
                then department_id || '-' || fiscal_year || '-' || document_kind
        end as disclosure_id
    from identified
),

printed_once as (
    -- What a disclosure prints once, so that two files with it are versions of each other.
    select distinct
        d.disclosure_id,
        d.document_id,
        case
            when d.n_statements = 0 then 'part ' || d.document_part
            when coalesce(f.fact_table, '') <> 'fct_project_target' then s.statement_id
        end as thing
    from disclosed as d
    left join {{ ref('stg_statements') }} as s on d.document_id = s.document_id
    left join {{ ref('stg_statement_forms') }} as f on s.statement_id = f.statement_id
    where d.disclosure_id is not null
),

version_pairs as (
    select
        a.document_id,
        b.document_id as other_id
    from printed_once as a
    inner join printed_once as b on a.disclosure_id = b.disclosure_id and a.thing = b.thing
    union
    select
        d.document_id,
        earlier.document_id as other_id
    from disclosed as d
    inner join disclosed as earlier
        on d.supersedes_document_id = earlier.document_id and d.disclosure_id = earlier.disclosure_id
    union
    select
        earlier.document_id,
        d.document_id as other_id
    from disclosed as d
    inner join disclosed as earlier
        on d.supersedes_document_id = earlier.document_id and d.disclosure_id = earlier.disclosure_id
),

versions_of as (
    select
        document_id,
        other_id
    from version_pairs
    union
    select
        v.document_id,
        p.other_id
    from versions_of as v
    inner join version_pairs as p on v.other_id = p.document_id
),

version_groups as (
    select
        document_id,
        least(document_id, min(other_id)) as version_group
    from versions_of
    group by document_id
),

lineage as (
    -- A version counts as published no earlier than the one it supersedes.
    select
        d.document_id,
        d.published_at as published_order,
        d.fetched_at as fetched_order,
        0 as generation
    from disclosed as d
    where
        not exists (
            select 1
            from disclosed as earlier
            where earlier.document_id = d.supersedes_document_id and earlier.disclosure_id = d.disclosure_id
        )
    union all
    select
        d.document_id,
        greatest(d.published_at, l.published_order) as published_order,
        greatest(d.fetched_at, l.fetched_order) as fetched_order,
        l.generation + 1 as generation
    from lineage as l
    inner join disclosed as earlier on l.document_id = earlier.document_id
    inner join disclosed as d
        on earlier.document_id = d.supersedes_document_id and earlier.disclosure_id = d.disclosure_id
),

candidates as (
    select
        d.*,
        coalesce(g.version_group, d.document_id) as version_group,
        d.disclosure_id is not null
        and d.is_in_raw
        and d.outcome <> 'set_aside'
        and not exists (
            select 1
            from disclosed as later
            where
                later.supersedes_document_id = d.document_id
                and later.disclosure_id = d.disclosure_id
                and later.is_in_raw
                and later.outcome <> 'set_aside'
        ) as may_be_current,
        row_number() over (
            partition by d.disclosure_id, coalesce(g.version_group, d.document_id)
            -- Two that supersede each other (a file put back as it was) have no lineage.
            order by
                coalesce(l.published_order, d.published_at) nulls first,
                coalesce(l.fetched_order, d.fetched_at) nulls first,
                l.generation nulls first,
                d.is_in_raw,
                d.source_path,
                d.document_id
        ) as version_number
    from disclosed as d
    left join lineage as l on d.document_id = l.document_id
    left join version_groups as g on d.document_id = g.document_id
),

ranked as (
    select
        *,
        may_be_current and row_number() over (
            partition by disclosure_id, version_group
            order by may_be_current desc, version_number desc
        ) = 1 as is_current,
        bool_or(may_be_current) over (partition by disclosure_id, version_group) as has_current
    from candidates
)

select
    document_id,
    sha256,
    source_path,
    published_name,
    department_id,
    disclosure_id,
    department_published,
    department_name_normalised,
    department_name as department_printed,
    document_level,
    region_code,
    fiscal_year,
    document_kind,
    document_part,
    title,
    page_count,
    producer,
    is_scanned,
    is_synthetic,
    published_at,
    fetched_at,
    obtained_from,
    outcome,
    outcome_reason,
    outcome_message,
    extractor_version,
    supersedes_document_id,
    is_in_raw,
    n_statements,
    case when disclosure_id is not null then version_group end as version_group,
    case when disclosure_id is not null then version_number::integer end as version_number,
    is_current,
    case
        when outcome = 'set_aside' then 'set_aside'
        when document_level = 'form' then 'blank_form'
        when disclosure_id is null then 'not_identified'
        when is_current then 'current'
        when has_current then 'superseded'
        else 'withdrawn'
    end as document_status
from ranked
