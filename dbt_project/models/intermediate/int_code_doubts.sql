-- Codes that documents print and the code list does not know in that year, and names that a code had
-- in other years only. The list of items (项) is not complete: only classes and sections are held
-- against it, and economic codes, of which the list is whole.
with printed as (
    select
        document_id,
        row_kind,
        row_key as code,
        code_level,
        fiscal_year,
        row_label,
        {{ normalised_name("regexp_replace(row_label, '^[一二三四五六七八九十]+、', '')") }} as name_printed,
        statement_id,
        page,
        cell_id
    from {{ ref('int_line_items') }}
    where code_level > 0
    qualify row_number() over (
        partition by document_id, row_kind, row_key
        order by statement_number, row_number, cell_id
    ) = 1
),

listed as (
    select
        'functional' as row_kind,
        code,
        name_zh,
        {{ normalised_name('name_zh') }} as name_normalised,
        valid_from,
        coalesce(valid_to, 9999) as valid_to
    from {{ ref('functional_codes') }}
    union all
    select
        'economic' as row_kind,
        code,
        name_zh,
        {{ normalised_name('name_zh') }} as name_normalised,
        valid_from,
        coalesce(valid_to, 9999) as valid_to
    from {{ ref('economic_codes') }}
),

first_year as (
    select min(valid_from) as fiscal_year from listed
)

select
    p.*,
    'unknown_code' as finding_kind,
    null::varchar as name_expected,
    null::integer as other_valid_from,
    null::integer as other_valid_to
from printed as p
where
    (p.row_kind = 'economic' or p.code_level < 3)
    and not exists (
        select 1 from listed as l
        where
            l.row_kind = p.row_kind
            and l.code = p.code
            and p.fiscal_year between l.valid_from and l.valid_to
    )
    and p.fiscal_year >= (select y.fiscal_year from first_year as y)
union all
select
    p.*,
    'name_of_other_year' as finding_kind,
    own.name_zh as name_expected,
    other.valid_from as other_valid_from,
    nullif(other.valid_to, 9999) as other_valid_to
from printed as p
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
        and p.name_printed = other.name_normalised
where p.name_printed <> own.name_normalised
