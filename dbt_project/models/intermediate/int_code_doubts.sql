-- Codes that documents print and the code list does not know in that year, names that a code had in
-- other years only, and codes printed with the name of another code. The list of items (项) is not
-- complete: only classes and sections are held against it, and economic codes, of which the list is whole.
with named as (
    select
        disclosure_id,
        document_id,
        row_kind,
        row_key as code,
        code_level,
        fiscal_year,
        row_label,
        {{ normalised_name("regexp_replace(row_label, '^[一二三四五六七八九十]+、', '')") }} as name_printed,
        {{ plain_code_name('row_label') }} as name_plain,
        statement_id,
        statement_number,
        row_number,
        page,
        cell_id
    from {{ ref('int_line_items') }}
    where code_level > 0
),

printed as (
    select
        document_id,
        row_kind,
        code,
        code_level,
        fiscal_year,
        row_label,
        name_printed,
        name_plain,
        statement_id,
        page,
        cell_id
    from named
    qualify row_number() over (
        partition by document_id, row_kind, code
        order by statement_number, row_number, cell_id
    ) = 1
),

names as (
    -- Each name that a code bears in a statement, once.
    select *
    from named
    where name_printed <> ''
    qualify row_number() over (
        partition by document_id, statement_number, row_kind, code, name_printed
        order by row_number, cell_id
    ) = 1
),

listed as (
    select
        row_kind,
        code,
        name_zh,
        {{ normalised_name('name_zh') }} as name_normalised,
        {{ plain_code_name('name_zh') }} as name_plain,
        valid_from,
        coalesce(valid_to, 9999) as valid_to,
        is_from_known,
        coalesce(is_to_known, true) as is_to_known
    from {{ ref('int_code_list') }}
),

known as (
    -- What a name is the name of: by the list, and by what the disclosure prints.
    select
        null::varchar as disclosure_id,
        row_kind,
        code,
        name_normalised as name
    from listed
    union
    select
        disclosure_id,
        row_kind,
        code,
        name_printed as name
    from names
),

misnamed as (
    -- A name is another code's only where the code bears its own elsewhere in the disclosure, where
    -- neither name is a part of the other (abridged, or cut by a page), and where the list does not
    -- give the code this name in any year.
    select
        n.*,
        own.row_label as name_expected,
        other.code as other_code
    from names as n
    inner join names as own
        on
            n.disclosure_id = own.disclosure_id
            and n.row_kind = own.row_kind
            and n.code = own.code
            and n.name_printed <> own.name_printed
            and not contains(n.name_printed, own.name_printed)
            and not contains(own.name_printed, n.name_printed)
    inner join known as other
        on
            n.row_kind = other.row_kind
            and n.name_printed = other.name
            and n.code <> other.code
            and coalesce(other.disclosure_id, n.disclosure_id) = n.disclosure_id
    where
        not exists (
            select 1 from listed as l
            where l.row_kind = n.row_kind and l.code = n.code and l.name_normalised = n.name_printed
        )
        -- The name borne elsewhere is the code's own: the list says so, or no other code has it.
        and (
            exists (
                select 1 from listed as l
                where l.row_kind = n.row_kind and l.code = n.code and l.name_normalised = own.name_printed
            )
            or not exists (
                select 1 from known as k
                where
                    k.row_kind = n.row_kind
                    and k.name = own.name_printed
                    and k.code <> n.code
                    and coalesce(k.disclosure_id, n.disclosure_id) = n.disclosure_id
            )
        )
    qualify row_number() over (
        partition by n.document_id, n.statement_number, n.row_kind, n.code, n.name_printed
        order by
            -- The neighbour's name is meant rather than one far away in the list.
            left(other.code, length(n.code) - 2) = left(n.code, length(n.code) - 2) desc,
            other.code,
            own.name_printed asc,
            own.statement_number asc
    ) = 1
),

doubted as (
    select
        p.*,
        'unknown_code' as finding_kind,
        null::varchar as name_expected,
        null::varchar as other_code
    from printed as p
    where
        (p.row_kind = 'economic' or p.code_level < 3)
        -- Before that the lists are not whole.
        and p.fiscal_year >= {{ var('code_lists_whole_from') }}
        and not exists (
            select 1 from listed as l
            where
                l.row_kind = p.row_kind
                and l.code = p.code
                -- A row whose first or last year is not known may reach further than it says.
                and (p.fiscal_year >= l.valid_from or not l.is_from_known)
                and (p.fiscal_year <= l.valid_to or not l.is_to_known)
        )
    union all by name
    -- In whichever statement; the first that does.
    select
        p.document_id,
        p.row_kind,
        p.code,
        p.code_level,
        p.fiscal_year,
        p.row_label,
        p.name_printed,
        p.name_plain,
        p.statement_id,
        p.page,
        p.cell_id,
        'name_of_other_year' as finding_kind,
        own.name_zh as name_expected,
        null::varchar as other_code
    from names as p
    inner join listed as own
        on
            p.row_kind = own.row_kind
            and p.code = own.code
            and p.fiscal_year between own.valid_from and own.valid_to
    inner join listed as other
        on
            p.row_kind = other.row_kind
            and p.code = other.code
            and p.fiscal_year not between other.valid_from and other.valid_to
            and p.name_plain = other.name_plain
    where
        p.fiscal_year >= {{ var('code_lists_whole_from') }}
        -- 教育 and 教育支出 are one name.
        and p.name_plain <> own.name_plain
        -- Where the year of the change is not known, neither name is wrong near it.
        and case
            when other.valid_to < own.valid_from then other.is_to_known and own.is_from_known
            else other.is_from_known and own.is_to_known
        end
    qualify
        row_number() over (
            partition by p.document_id, p.row_kind, p.code
            order by p.statement_number, p.row_number, p.cell_id, other.valid_from
        ) = 1
    union all by name
    select
        m.* exclude (disclosure_id, statement_number, row_number),
        'code_name_differs' as finding_kind
    from misnamed as m
)

select
    document_id,
    row_kind,
    code,
    code_level,
    fiscal_year,
    row_label,
    name_printed,
    statement_id,
    page,
    cell_id,
    finding_kind,
    name_expected,
    other_code
from doubted
