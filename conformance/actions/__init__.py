"""The actions that sequences are made of, one file for each topic; they are found by themselves."""
