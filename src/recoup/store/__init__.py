"""Store: the database under the book, and the only importer of the ORM.

In: changes of steps. Out: rows, history, messages to deliver, the log as storage that audits and proofs read.
Always true: rows, leaves and messages are one transaction; acknowledged after the commit is on disk, never before; two
processes cannot fork the log; the same code runs on SQLite and PostgreSQL.
"""

from recoup.store.door import CaseStore, open_case, open_database
from recoup.store.target import NotDurable, Target

__all__ = ["CaseStore", "NotDurable", "Target", "open_case", "open_database"]
