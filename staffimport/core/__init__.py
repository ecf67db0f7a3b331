"""The planning core: snapshot → people → placements → matches → plan.

Pure: no Django, no network, no clock. The same input always gives the same plan.
"""
