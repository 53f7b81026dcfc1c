"""The spine: one event log, and consumers that each do their duty to an event once.

An action calls `events.record` inside its transaction. That writes the event and one duty for each consumer of its
kind, and rings a bell after commit. A worker claims a duty by a conditional update with a lease, does it, and marks it
done in the transaction of its effect. What no bell announced is found by `tasks.sweep`.
"""
