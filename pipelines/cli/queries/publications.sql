-- What should be published by now: on time, late, incomplete, missing (publication_status), as of which day?
-- $department = %: name of the department, with % for anything
-- $status = %: on_time, late, published, incomplete, missing or not_yet_due
select
    p.department_name,
    p.region_code,
    p.fiscal_year,
    p.document_kind,
    p.publication_status,
    p.due_on,
    p.due_basis,
    p.first_published_at,
    p.days_late,
    p.as_of_date
from mart_publication as p
where p.department_name like $department and p.publication_status like $status
order by p.region_code, p.department_name, p.fiscal_year, p.document_kind
