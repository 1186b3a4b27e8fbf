-- Who plans to buy what through government procurement (政府采购)?
-- $item = %: name of the thing bought, with % for anything
select
    d.department_name,
    p.fiscal_year,
    p.item_path,
    p.amount_yuan,
    p.page
from fct_procurement as p
inner join dim_department as d on p.department_id = d.department_id
where p.item_path like $item and p.is_leaf
order by p.amount_yuan desc, d.department_name, p.fiscal_year, p.item_path
