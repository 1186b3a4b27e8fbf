-- Rows that each statement prints, with or without amounts, and the row each is printed under.
-- `row_class` says what an identity may range over: 'class' (3 digits), 'code' (deeper and cannot
-- have codes under it), 'parent' (5 digits of a functional code), 'total', 'line' (named in the
-- catalogue), 'heading' (a free row with rows under it). `printed_row` numbers the rows, `name_number` and
-- `parent_number` what they and the rows above them are called.
with printed as (
    select
        printed_statement,
        unnest(printed_rows) as row_key,
        1 as repetition
    from {{ ref('int_identity_statements') }}
),

with_amounts as (
    select distinct
        printed_statement,
        row_key,
        repetition
    from {{ ref('int_identity_items') }}
),

seen as (
    select * from printed
    union
    select * from with_amounts
),

named as (
    select distinct
        printed_statement,
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
        printed_statement,
        row_key
    from named
),

-- The longest proper prefix that is printed: every prefix is tried, so that a statement that skips
-- a level (classes and items without sections) still adds up.
prefixes as (
    select
        named.printed_statement,
        named.row_key,
        left(named.row_key, 3) as prefix
    from named
    where named.is_code and length(named.row_key) > 3
    union
    select
        named.printed_statement,
        named.row_key,
        left(named.row_key, 5) as prefix
    from named
    where named.is_code and length(named.row_key) > 5
    union
    select
        named.printed_statement,
        named.row_key,
        array_to_string(list_slice(string_split(named.row_key, '/'), 1, depth), '/') as prefix
    from named, unnest(range(1, len(string_split(named.row_key, '/')))) as levels (depth)
    where named.is_path
),

ancestors as (
    select
        prefixes.printed_statement,
        prefixes.row_key,
        arg_max(prefixes.prefix, length(prefixes.prefix)) as ancestor
    from prefixes
    inner join keys
        on prefixes.printed_statement = keys.printed_statement and prefixes.prefix = keys.row_key
    group by prefixes.printed_statement, prefixes.row_key
),

headings as (
    select distinct
        printed_statement,
        ancestor
    from ancestors
),

classed as (
    select
        named.printed_statement,
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
        on named.printed_statement = ancestors.printed_statement and named.row_key = ancestors.row_key
    left join headings
        on named.printed_statement = headings.printed_statement and named.row_key = headings.ancestor
),

called as (
    select row_name from classed
    union
    select parent_name as row_name from classed
    where parent_name is not null
),

names as (
    select
        row_name,
        row_number() over (order by row_name) as name_number
    from called
)

select
    classed.*,
    names.name_number,
    parents.name_number as parent_number,
    row_number() over () as printed_row
from classed
inner join names on classed.row_name = names.row_name
left join names as parents on classed.parent_name = parents.row_name
