"""The rig: what stands around the product on a developer's machine, written for a bare Python with nothing installed."""
