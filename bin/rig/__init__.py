"""The rig: what stands around the product on a developer's machine, for a bare Python with nothing installed."""
