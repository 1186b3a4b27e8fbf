-- Rows that each statement prints, with or without amounts, and the row each is printed under.
-- `row_class` says what an identity may range over: 'class' (3 digits), 'code' (deeper and cannot
-- have codes under it), 'parent' (5 digits of a functional code), 'total', 'line' (named in the
-- catalogue), 'heading' (a free row with rows under it).
with printed as (
    select
        statement_key,
        unnest(printed_rows) as row_key,
        1 as repetition
    from {{ ref('int_identity_statements') }}
),

with_amounts as (
    select
        document_id || '-' || statement_number as statement_key,
        row_key,
        -- A code printed again is a row of its own. What stands in one line by its meaning may be
        -- printed one below the other: the funds of a project, “三公” with a row for each kind.
        case
            when row_kind in ('line', 'project')
                then row_number() over (
                    partition by document_id, statement_number, row_key, column_id
                    order by row_number
                )
            else dense_rank() over (
                partition by document_id, statement_number, row_key
                order by row_number
            )
        end as repetition
    from {{ ref('int_line_items') }}
),

seen as (
    select * from printed
    union
    select * from with_amounts
),

named as (
    select distinct
        statement_key,
        row_key,
        repetition,
        row_key || case when repetition > 1 then '#' || repetition else '' end as row_name,
        regexp_full_match(row_key, '[0-9]{3}([0-9]{2}){0,2}') as is_code,
        contains(row_key, '/') as is_path
    from seen
    where row_key <> '?'
),

keys as (
    select distinct
        statement_key,
        row_key
    from named
),

-- The longest proper prefix that is printed: every prefix is tried, so that a statement that skips
-- a level (classes and items without sections) still adds up.
prefixes as (
    select
        named.statement_key,
        named.row_key,
        left(named.row_key, 3) as prefix
    from named
    where named.is_code and length(named.row_key) > 3
    union
    select
        named.statement_key,
        named.row_key,
        left(named.row_key, 5) as prefix
    from named
    where named.is_code and length(named.row_key) > 5
    union
    select
        named.statement_key,
        named.row_key,
        array_to_string(list_slice(string_split(named.row_key, '/'), 1, depth), '/') as prefix
    from named, unnest(range(1, len(string_split(named.row_key, '/')))) as levels (depth)
    where named.is_path
),

ancestors as (
    select
        prefixes.statement_key,
        prefixes.row_key,
        arg_max(prefixes.prefix, length(prefixes.prefix)) as ancestor
    from prefixes
    inner join keys
        on prefixes.statement_key = keys.statement_key and prefixes.prefix = keys.row_key
    group by prefixes.statement_key, prefixes.row_key
),

headings as (
    select distinct
        statement_key,
        ancestor
    from ancestors
)

select
    named.statement_key,
    named.row_key,
    named.row_name,
    named.repetition,
    case
        when not named.is_code and regexp_full_match(named.row_key, '[a-z0-9_]+') then null
        else coalesce(ancestors.ancestor, 'total')
    end as parent_name,
    case
        when named.row_key = 'total' then 'total'
        when named.is_code and length(named.row_key) = 3 then 'class'
        when named.is_code and length(named.row_key) = 5 and named.row_key like '2%' then 'parent'
        when named.is_code then 'code'
        when headings.ancestor is not null then 'heading'
        else 'line'
    end as row_class
from named
left join ancestors
    on named.statement_key = ancestors.statement_key and named.row_key = ancestors.row_key
left join headings
    on named.statement_key = headings.statement_key and named.row_key = headings.ancestor
