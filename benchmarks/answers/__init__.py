"""Question sets whose right answers are known from the records, and who answers them how well."""
