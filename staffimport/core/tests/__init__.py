"""Tests of the planning core: values in, a plan out, no database."""
