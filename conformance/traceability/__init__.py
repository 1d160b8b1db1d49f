"""From what was found out about S3 to the clauses, and back.

The TOML files beside this one list, once each, the rules that were found in AWS's documentation, in
recordings of its answers, and in reports about them:

``confidence``
    how sure the rule is; ``partly`` where one half of it is less sure.
``says``
    the rule in a few words of our own.
``visible``
    whether requests to one account at one endpoint of Amazon S3, as few as a run sends, can show
    it. Not so what takes a second account, days of waiting, or a load that no suite should make.
``not_a_clause`` and ``reason``
    why no clause and no allowance carries it. They stand only where none does.

Which clauses carry a rule is not listed here: the clauses name their rules.
"""
