"""The words of the report, a module a language, named by its code (BCP 47)."""
