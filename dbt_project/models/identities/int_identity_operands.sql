-- What each term of each identity asked amounts to, for every key it ranges over: one row per
-- disclosure x identity x occurrence x key x term. `state`: 'printed' (at least one figure),
-- 'blank' (the place is printed and empty, or the statement says that there is nothing: zero
-- without width), 'missing' (row, column or statement not there) or 'unread' (a sum over rows or
-- columns one of which was not understood).
with asked as (
    select * from {{ ref('int_identity_asked') }}
),

identities as (
    select
        identity_id,
        ranges_over
    from {{ source('identities', 'identities') }}
),

places as (
    select * from {{ ref('int_identity_places') }}
),

figures as (
    select
        places.asked_number,
        places.identity_id,
        places.disclosure_id,
        places.occurrence,
        places.term_number,
        places.gives_keys,
        places.key_row,
        case when places.is_by_column then amounts.column_id else '' end as key_column,
        places.weight * amounts.amount_yuan as amount_yuan,
        abs(places.weight) * amounts.precision_yuan as width_yuan,
        amounts.page,
        amounts.cell_id
    from places
    inner join {{ ref('int_identity_amounts') }} as amounts
        on
            places.statement_key = amounts.statement_key
            and places.row_name = amounts.row_name
            and (places.column_id is null or places.column_id = amounts.column_id)
),

sums as (
    select
        asked_number,
        key_row,
        key_column,
        sum(amount_yuan) as amount_yuan,
        sum(width_yuan) as width_yuan,
        sum(cast(width_yuan * width_yuan as decimal(38, 8))) as squared_width,
        count(*) as figures,
        min(page) as page,
        list(cell_id order by cell_id) as cell_ids
    from figures
    group by asked_number, key_row, key_column
),

keys as (
    select distinct
        identity_id,
        disclosure_id,
        occurrence,
        key_row,
        key_column
    from figures
    where gives_keys
    union
    select distinct
        asked.identity_id,
        asked.disclosure_id,
        asked.occurrence,
        '' as key_row,
        '' as key_column
    from asked
    inner join identities on asked.identity_id = identities.identity_id
    where identities.ranges_over = 'once'
),

expected as (
    select
        asked.*,
        keys.key_row,
        keys.key_column
    from asked
    inner join keys
        on
            asked.identity_id = keys.identity_id
            and asked.disclosure_id = keys.disclosure_id
            and asked.occurrence = keys.occurrence
),

row_places as (
    select
        asked_number,
        key_row,
        bool_or(has_column) as has_place
    from places
    group by asked_number, key_row
),

term_traits as (
    select
        identity_id,
        term_number,
        bool_or(row_rule in ('children', 'classes')) or count(distinct row_key) > 1 as is_sum_of_rows,
        count(distinct column_id) > 1 as is_sum_of_columns,
        bool_or(absent_is_nothing) as absent_is_nothing,
        list(distinct column_id) filter (where column_id is not null) as column_ids
    from {{ source('identities', 'identity_terms') }}
    group by identity_id, term_number
)

select
    expected.identity_id,
    expected.disclosure_id,
    expected.region_code,
    expected.fiscal_year,
    expected.document_kind,
    expected.occurrence,
    expected.key_row,
    expected.key_column,
    expected.term_number,
    expected.statement_id,
    expected.document_id,
    expected.first_page,
    coalesce(sums.amount_yuan, 0) as amount_yuan,
    coalesce(sums.width_yuan, 0) as width_yuan,
    coalesce(sums.squared_width, 0) as squared_width,
    coalesce(sums.figures, 0) as figures,
    sums.page,
    coalesce(sums.cell_ids, []) as cell_ids,
    case
        when expected.statement_key is null then 'missing'
        when
            (term_traits.is_sum_of_rows and expected.has_unread_rows)
            or (term_traits.is_sum_of_columns and expected.has_unread_columns)
            then 'unread'
        when sums.figures > 0 then 'printed'
        when expected.is_stated_empty then 'blank'
        -- A place that seems empty may be where an amount stands that was not understood.
        when row_places.has_place and (expected.has_unread_rows or expected.has_unread_columns) then 'unread'
        when
            row_places.has_place
            and (expected.key_column = '' or list_contains(expected.printed_columns, expected.key_column))
            then 'blank'
        when
            term_traits.absent_is_nothing
            and not expected.has_unread_rows
            and (
                list_has_any(expected.printed_columns, term_traits.column_ids)
                or list_contains(expected.printed_columns, expected.key_column)
            )
            then 'blank'
        else 'missing'
    end as state
from expected
inner join term_traits
    on expected.identity_id = term_traits.identity_id and expected.term_number = term_traits.term_number
left join sums
    on
        expected.asked_number = sums.asked_number
        and expected.key_row = sums.key_row
        and expected.key_column = sums.key_column
left join row_places
    on expected.asked_number = row_places.asked_number and expected.key_row = row_places.key_row
