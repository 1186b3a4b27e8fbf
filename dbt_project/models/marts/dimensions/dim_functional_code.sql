-- The codes of the list with the years of each of their names, and codes that only documents print.
{{ code_dimension('functional', code='functional_code', target='cofog_group', rule='cofog_rule') }}
