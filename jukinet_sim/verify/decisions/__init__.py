"""Claims that the procedures behind the verbs of experiments decide rightly as often as they say."""
