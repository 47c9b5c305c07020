"""Thousands of broken scenarios and lists, each of which must end in a result, a refusal or a limit."""
