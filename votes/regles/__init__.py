"""Counting rules: pure functions over integers and fractions, without Django, that anybody can run again.

One module a rule. Each has a frozen dataclass `Parametres`, whose fields are all that the published rule says, and
`compter(election, parametres) -> Depouillement`. `catalogue.REGLES` names them.
"""
