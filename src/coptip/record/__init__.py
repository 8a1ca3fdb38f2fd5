"""The record: what a participant did, as the events the browser kept; its summary, save and restore."""

from coptip.record.log import Log, RecordError, Work, empty_log, load
from coptip.record.summary import Line, summarise

__all__ = ["Line", "Log", "RecordError", "Work", "empty_log", "load", "summarise"]
