"""The sample corpora and a generator of streams with planted truth."""
