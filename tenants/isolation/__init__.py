"""Keeps districts apart: scope, database backend, routing, provisioning, migration over all of them."""
