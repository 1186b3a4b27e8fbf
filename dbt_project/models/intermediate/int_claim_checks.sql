-- Every claim of the narrative with what it was held against and the verdict.
--
-- An amount is held against the printed figure it names (`about`: of several forms the first that the
-- disclosure prints, in whichever of its documents): by intervals, each figure standing for half a unit
-- of its last printed digit either way; a cell printed blank is nothing, without width, and contradicts
-- only where both its row and its column hold figures on that side of the statement. A percentage is
-- held against the two figures it follows from. The text may give them otherwise than the statement
-- does, and then the amount is the finding and not the percentage too: a percentage is wrong only where
-- neither the text's figures nor the statement's explain it. `cut_off`: the figures give the percentage
-- printed if its further digits are cut off instead of rounded. A figure of another document, and a change since
-- last year, are held against that document where it is there and prints the figure. A part of a printed figure
-- (机关运行经费 of 公用经费) is violated where it is more than that, and else not evaluable.
with claims as (
    select
        d.disclosure_id,
        c.*
    from {{ ref('stg_claims') }} as c
    inner join {{ ref('int_current_documents') }} as d on c.document_id = d.document_id
),

comparable as (
    -- What is larger is no department's money (the narrative may tell the country's), and its products
    -- would be too long for a decimal.
    select * from claims
    where abs(claimed_value) < 10000000000000 and claimed_precision < 10000000000000
),

first_place as (
    -- A figure before a blank; of several, the first place of the form's.
    select * from {{ ref('int_claim_places') }}
    qualify dense_rank() over (
        partition by document_id, claim_number, side
        order by has_figure desc, could_hold_figure desc, place_number asc
    ) = 1
),

held as (
    -- A statement that is printed twice (for the department and for a unit) answers with the nearer one.
    select
        f.*,
        c.claimed_value::decimal(18, 4) as claimed_yuan,
        (c.claimed_value - f.amount_yuan)::decimal(18, 4) as difference,
        ((c.claimed_precision + f.precision_yuan) / 2)::decimal(18, 4) as tolerance
    from first_place as f
    inner join comparable as c on f.document_id = c.document_id and f.claim_number = c.claim_number
    where f.side = 'own'
    qualify row_number() over (
        partition by f.document_id, f.claim_number
        order by abs(c.claimed_value - f.amount_yuan), f.page, f.cell_id
    ) = 1
),

amount_checks as (
    select
        document_id,
        claim_number,
        place as about,
        statement_id,
        column_id,
        amount_yuan as compared_value,
        difference,
        case
            when difference = 0 then 'exact'
            when abs(difference) <= tolerance then 'rounding'
            when n_statements > 1 or not (has_figure or could_hold_figure) then 'not_evaluable'
            else 'violated'
        end as verdict,
        page as compared_page,
        cell_id
    from held
),

-- The figures a percentage may follow from: as the text gives them, and as the statement does.
figures as (
    select
        document_id,
        claim_number,
        claimed_value::decimal(18, 4) as amount,
        value_printed as amount_printed,
        (claimed_precision / 2)::decimal(18, 4) as width,
        null::varchar as place,
        null::integer as page,
        null::varchar as cell_id
    from comparable
    where claim_unit = 'yuan'
    union all
    select
        document_id,
        claim_number,
        amount_yuan as amount,
        {{ amount_in_unit('amount_yuan', 'unit', 'precision_yuan') }} || unit as amount_printed,
        (precision_yuan / 2)::decimal(18, 4) as width,
        place,
        page,
        cell_id
    from held
),

denominators as (
    select
        c.document_id,
        c.claim_number,
        f.amount,
        f.amount_printed,
        f.width,
        f.place,
        f.page,
        f.cell_id
    from comparable as c
    inner join figures as f on c.document_id = f.document_id and c.denominator_claim = f.claim_number
    union all
    select
        document_id,
        claim_number,
        amount_yuan as amount,
        {{ amount_in_unit('amount_yuan', 'unit', 'precision_yuan') }} || unit as amount_printed,
        (precision_yuan / 2)::decimal(18, 4) as width,
        place,
        page,
        cell_id
    from {{ ref('int_claim_places') }}
    where side = 'denominator'
),

pairs as (
    select
        c.document_id,
        c.claim_number,
        c.claimed_value::decimal(19, 6) as percent,
        -- Shares of one total are made to sum to 100 by a last digit of one of them.
        (c.claimed_precision / case when c.claim_kind = 'share' then 1 else 2 end)::decimal(19, 6) as percent_width,
        (c.claimed_precision / 2)::decimal(19, 6) as half_digit,
        c.claimed_precision::decimal(19, 6) as digit,
        n.place as numerator_place,
        d.place,
        d.page,
        d.cell_id,
        -- How the percentage is worked out, in the figures as printed.
        case
            when c.relation = 'increase' and c.direction = 'decrease'
                then '(' || d.amount_printed || '−' || n.amount_printed || ')÷' || d.amount_printed
            when c.relation = 'increase'
                then '(' || n.amount_printed || '−' || d.amount_printed || ')÷' || d.amount_printed
            when c.relation = 'growth' and nc.direction = 'decrease'
                then n.amount_printed || '÷(' || d.amount_printed || '+' || n.amount_printed || ')'
            when c.relation = 'growth'
                then n.amount_printed || '÷(' || d.amount_printed || '−' || n.amount_printed || ')'
            else n.amount_printed || '÷' || d.amount_printed
        end as calculation,
        case
            when c.relation = 'increase' and c.direction = 'decrease' then d.amount - n.amount
            when c.relation = 'increase' then n.amount - d.amount
            else n.amount
        end::decimal(18, 4) as numerator,
        (n.width + case when c.relation = 'increase' then d.width else 0 end)::decimal(18, 4) as numerator_width,
        -- What a change was measured from is what it has become without it.
        case
            when c.relation = 'growth' and nc.direction = 'decrease' then d.amount + n.amount
            when c.relation = 'growth' then d.amount - n.amount
            else d.amount
        end::decimal(18, 4) as denominator,
        (d.width + case when c.relation = 'growth' then n.width else 0 end)::decimal(18, 4) as denominator_width,
        c.relation = 'ratio' and d.amount = 0 and n.amount > 0 and c.claimed_value > 0 as is_of_nothing,
        c.relation = 'growth'
        and nc.direction <> c.direction
        and n.amount <> 0
        and c.claimed_value <> 0 as words_disagree
    from comparable as c
    inner join figures as n on c.document_id = n.document_id and c.numerator_claim = n.claim_number
    inner join comparable as nc on c.document_id = nc.document_id and c.numerator_claim = nc.claim_number
    inner join denominators as d on c.document_id = d.document_id and c.claim_number = d.claim_number
    where c.relation <> ''
),

-- Percent p of numerator a and denominator b, each with its width: compared as products, so that
-- money stays decimal.
judged as (
    select
        pairs.*,
        case
            -- Nothing has a percentage of none. (What grows from nothing is said to grow by 100 %.)
            when pairs.is_of_nothing then 'violated'
            when pairs.denominator - pairs.denominator_width <= 0 then 'not_evaluable'
            when pairs.words_disagree then 'violated'
            when
                abs({{ hundredfold('numerator') }} - pairs.percent * pairs.denominator)
                <= pairs.half_digit * pairs.denominator
                then 'exact'
            when
                {{ hundredfold('(numerator - numerator_width)') }}
                <= (pairs.percent + pairs.percent_width) * (pairs.denominator + pairs.denominator_width)
                and {{ hundredfold('(numerator + numerator_width)') }}
                >= (pairs.percent - pairs.percent_width) * (pairs.denominator - pairs.denominator_width)
                then 'rounding'
            when
                pairs.percent >= 0
                and {{ hundredfold('(numerator - numerator_width)') }}
                < (pairs.percent + pairs.digit) * (pairs.denominator + pairs.denominator_width)
                and {{ hundredfold('(numerator + numerator_width)') }}
                >= pairs.percent * (pairs.denominator - pairs.denominator_width)
                then 'cut_off'
            else 'violated'
        end as verdict,
        ({{ hundredfold('pairs.numerator') }} / nullif(pairs.denominator, 0))::decimal(28, 6) as compared_value
    from pairs
),

ratio_checks as (
    select
        document_id,
        claim_number,
        place as about,
        null::varchar as statement_id,
        null::varchar as column_id,
        compared_value::decimal(28, 6) as compared_value,
        (percent - compared_value)::decimal(28, 6) as difference,
        verdict,
        words_disagree,
        page as compared_page,
        cell_id,
        calculation
    from judged
    -- What explains the percentage answers for it; where nothing does, the text's own figures accuse it.
    qualify row_number() over (
        partition by document_id, claim_number
        order by
            case verdict
                when 'exact' then 1 when 'rounding' then 2 when 'cut_off' then 3 when 'not_evaluable' then 4 else 5
            end,
            place is not null,
            numerator_place is not null,
            abs(percent - compared_value),
            cell_id
    ) = 1
),

-- What the other document makes of a figure: the figure itself, or what the amount of the text (or of its
-- statement) has changed by since then, told in the direction of the claim.
since_then as (
    select
        c.document_id,
        c.claim_number,
        f.place,
        f.statement_id,
        f.column_id,
        f.page,
        f.cell_id,
        c.claimed_value::decimal(18, 4) as claimed_yuan,
        case
            when c.relation = 'change' and c.direction = 'decrease' then f.amount_yuan - n.amount
            when c.relation = 'change' then n.amount - f.amount_yuan
            else f.amount_yuan
        end::decimal(18, 4) as expected_yuan,
        (
            (c.claimed_precision + f.precision_yuan) / 2
            + case when c.relation = 'change' then n.width else 0 end
        )::decimal(18, 4) as tolerance
    from first_place as f
    inner join comparable as c on f.document_id = c.document_id and f.claim_number = c.claim_number
    left join figures as n
        -- A condition on the left side alone would keep DuckDB from joining by hash: pairs of all claims.
        on
            c.document_id = n.document_id
            and case when c.relation = 'change' then c.numerator_claim end = n.claim_number
    where f.side = 'other' and f.has_figure and (c.relation <> 'change' or n.claim_number is not null)
),

other_checks as (
    select
        document_id,
        claim_number,
        place as about,
        statement_id,
        column_id,
        expected_yuan as compared_value,
        claimed_yuan - expected_yuan as difference,
        case
            when claimed_yuan = expected_yuan then 'exact'
            when abs(claimed_yuan - expected_yuan) <= tolerance then 'rounding'
            else 'violated'
        end as verdict,
        page as compared_page,
        cell_id
    from since_then
    qualify row_number() over (
        partition by document_id, claim_number
        order by abs(claimed_yuan - expected_yuan), page, cell_id
    ) = 1
),

-- A part that is more than the whole, where the part has no place of its own.
bound_checks as (
    select
        c.document_id,
        c.claim_number,
        p.place as about,
        p.statement_id,
        p.column_id,
        p.amount_yuan as compared_value,
        (c.claimed_value - p.amount_yuan)::decimal(18, 4) as difference,
        p.page,
        p.cell_id
    from comparable as c
    inner join {{ ref('int_claim_places') }} as p
        on c.document_id = p.document_id and c.claim_number = p.claim_number
    anti join held on c.document_id = held.document_id and c.claim_number = held.claim_number
    where
        c.relation = 'at_most'
        and p.side = 'denominator'
        and p.has_figure
        and p.n_statements = 1
        and c.claimed_value - p.amount_yuan > (c.claimed_precision + p.precision_yuan) / 2
),

checks as (
    select
        'statement' as compared_with,
        document_id,
        claim_number,
        about,
        statement_id,
        column_id,
        compared_value::decimal(28, 6) as compared_value,
        difference::decimal(28, 6) as difference,
        'violated' as verdict,
        false as words_disagree,
        page as compared_page,
        cell_id,
        null::varchar as calculation
    from bound_checks
    union all
    select
        'statement' as compared_with,
        document_id,
        claim_number,
        about,
        statement_id,
        column_id,
        compared_value::decimal(28, 6) as compared_value,
        difference::decimal(28, 6) as difference,
        verdict,
        false as words_disagree,
        compared_page,
        cell_id,
        null::varchar as calculation
    from amount_checks
    union all
    select
        'figures' as compared_with,
        document_id,
        claim_number,
        about,
        statement_id,
        column_id,
        compared_value,
        difference,
        verdict,
        words_disagree,
        compared_page,
        cell_id,
        calculation
    from ratio_checks
    union all
    select
        'other_document' as compared_with,
        document_id,
        claim_number,
        about,
        statement_id,
        column_id,
        compared_value::decimal(28, 6) as compared_value,
        difference::decimal(28, 6) as difference,
        verdict,
        false as words_disagree,
        compared_page,
        cell_id,
        null::varchar as calculation
    from other_checks
)

select
    c.disclosure_id,
    c.document_id,
    c.claim_number,
    case
        when k.compared_with is not null then k.compared_with
        when c.other_kind is not null then 'other_document'
        when c.relation not in ('', 'at_most') then 'figures'
        when c.about <> '' then 'statement'
    end as compared_with,
    -- A row that is only named, and was not found in the statement, is no place.
    coalesce(k.about, case when c.about not like '%/@%' then nullif(c.about, '') end) as about,
    k.statement_id,
    k.column_id,
    case when k.verdict <> 'not_evaluable' then k.compared_value end as compared_value,
    case when k.verdict <> 'not_evaluable' then k.difference end as difference,
    coalesce(k.verdict, 'not_evaluable') as verdict,
    coalesce(k.words_disagree, false) as words_disagree,
    k.compared_page,
    k.cell_id,
    k.calculation
from claims as c
left join checks as k on c.document_id = k.document_id and c.claim_number = k.claim_number
