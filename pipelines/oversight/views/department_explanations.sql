select
    fiscal_year,
    document_kind,
    document_id,
    page,
    min(claim_id) as claim_id,
    min(section) as section,
    sentence,
    bool_or(reason is not null) as gives_reason,
    sentence similar to '.*(收入|支出|收支|收、支).*' as is_of_totals
from fct_claims
where department_id = $department_id and claim_kind in ('change', 'growth')
group by fiscal_year, document_kind, document_id, page, sentence
order by fiscal_year desc, document_kind, is_of_totals desc, document_id, page, claim_id
