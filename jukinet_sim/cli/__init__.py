"""The command line: arguments in, one function called, an exit code out. One small file per verb."""
