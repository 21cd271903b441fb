"""Tests of the framings stage."""
