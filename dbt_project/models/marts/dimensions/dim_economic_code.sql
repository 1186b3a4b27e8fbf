-- The codes of both economic classifications with the years of each of their names, and codes that only
-- documents print.
{{ code_dimension(
    'economic', code='economic_code', target='gfsm_code', rule='gfsm_rule', leading=['classification']
) }}
