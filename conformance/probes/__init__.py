"""How capabilities are found out, one file for each topic; they are found by themselves."""
