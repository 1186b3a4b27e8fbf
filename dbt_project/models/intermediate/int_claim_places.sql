-- The printed figures that claims of the narrative name: where the figure of an amount (side `own`), the
-- total of a share (side `denominator`), and a figure of another document of the department (side `other`:
-- last year's, or the year's budget), is printed or would be. One row per claim, side and place; a
-- statement printed twice gives a place twice. A cell printed blank is nothing, without width; it could hold a
-- figure only where both its row and its column hold figures on that side of the statement.
with comparable as (
    -- What is larger is no department's money (the narrative may tell the country's), and its products
    -- would be too long for a decimal.
    select
        d.disclosure_id,
        d.department_id,
        c.*
    from {{ ref('stg_claims') }} as c
    inner join {{ ref('int_current_documents') }} as d on c.document_id = d.document_id
    where abs(c.claimed_value) < 10000000000000 and c.claimed_precision < 10000000000000
),

disclosures as (
    select distinct
        disclosure_id,
        department_id,
        document_kind,
        fiscal_year
    from {{ ref('int_current_documents') }}
),

wanted as (
    -- Where the figure of an amount, and where the total of a share, may be printed.
    select
        disclosure_id,
        document_id,
        claim_number,
        'own' as side,
        list_concat([about], about_alternatives) as places
    from comparable
    where claim_unit = 'yuan' and about <> ''
    union all
    select
        disclosure_id,
        document_id,
        claim_number,
        'denominator' as side,
        denominator_about as places
    from comparable
    where len(denominator_about) > 0
    union all
    select
        o.disclosure_id,
        c.document_id,
        c.claim_number,
        'other' as side,
        c.other_about as places
    from comparable as c
    inner join disclosures as o
        on
            c.department_id = o.department_id
            and c.other_kind = o.document_kind
            and c.other_fiscal_year = o.fiscal_year
),

all_places as (
    select
        wanted.disclosure_id,
        wanted.document_id,
        wanted.claim_number,
        wanted.side,
        choices.number as place_number,
        wanted.places[choices.number] as place
    from wanted, unnest(range(1, len(wanted.places) + 1)) as choices (number)
),

places as (
    select
        a.disclosure_id,
        a.document_id,
        a.claim_number,
        a.side,
        a.place_number,
        case when n.row_key is null then a.place else replace(a.place, n.row_name, n.row_key) end as place
    from all_places as a
    left join {{ ref('int_named_rows') }} as n
        on
            a.disclosure_id = n.disclosure_id
            and split_part(a.place, '/', 1) = n.statement_id
            and split_part(a.place, '/', 2) = n.row_name
    where n.row_key is not null or split_part(a.place, '/', 2) not like '@%'
),

amounts as (
    select
        document_id,
        statement_number,
        row_key,
        column_id,
        count(*) as n_printed,
        any_value(amount_yuan) as amount_yuan,
        any_value(precision_yuan) as precision_yuan,
        any_value(unit) as unit,
        any_value(page) as page,
        any_value(cell_id) as cell_id
    from {{ ref('int_line_items') }}
    group by document_id, statement_number, row_key, column_id
),

-- Rows and columns that cross in a cell that could hold a figure: those of two sides do not.
rows_with_figures as (
    select distinct
        document_id,
        statement_number,
        statement_id,
        side,
        row_key
    from {{ ref('int_line_items') }}
),

columns_with_figures as (
    select distinct
        document_id,
        statement_number,
        side,
        column_id
    from {{ ref('int_line_items') }}
),

places_named as (
    select distinct
        split_part(place, '/', 1) as statement_id,
        split_part(place, '/', 2) as row_key,
        split_part(place, '/', 3) as column_id
    from places
),

crossings as (
    select distinct
        r.document_id,
        r.statement_number,
        r.row_key,
        c.column_id
    from rows_with_figures as r
    inner join places_named as p on r.statement_id = p.statement_id and r.row_key = p.row_key
    inner join columns_with_figures as c
        on
            r.document_id = c.document_id
            and r.statement_number = c.statement_number
            and r.side = c.side
            and p.column_id = c.column_id
)

select
    p.document_id,
    p.claim_number,
    p.side,
    p.place_number,
    p.place,
    coalesce(a.amount_yuan, 0)::decimal(18, 2) as amount_yuan,
    coalesce(a.precision_yuan, 0)::decimal(18, 4) as precision_yuan,
    coalesce(a.page, s.first_page) as page,
    coalesce(a.unit, s.unit) as unit,
    a.cell_id,
    s.statement_id,
    split_part(p.place, '/', 3) as column_id,
    a.cell_id is not null as has_figure,
    x.row_key is not null as could_hold_figure,
    count(*) over (partition by p.document_id, p.claim_number, p.side, p.place_number) as n_statements
from places as p
inner join {{ ref('int_statements') }} as s
    on
        p.disclosure_id = s.disclosure_id
        and split_part(p.place, '/', 1) = s.statement_id
        and list_contains(s.printed_rows, split_part(p.place, '/', 2))
        and list_contains(s.printed_columns, split_part(p.place, '/', 3))
left join amounts as a
    on
        s.document_id = a.document_id
        and s.statement_number = a.statement_number
        and split_part(p.place, '/', 2) = a.row_key
        and split_part(p.place, '/', 3) = a.column_id
left join crossings as x
    on
        s.document_id = x.document_id
        and s.statement_number = x.statement_number
        and split_part(p.place, '/', 2) = x.row_key
        and split_part(p.place, '/', 3) = x.column_id
where
    a.n_printed = 1
    -- What seems blank is undecided where a row or column with amounts was not understood.
    or (
        a.n_printed is null
        and not s.is_stated_empty
        and not list_contains(s.printed_rows, '?')
        and not list_contains(s.printed_columns, '?')
    )
