"""What is done with a kept runner: imported, analysed, assessed beside the runs before, deleted."""
